"""What the pages of a thread show, gathered in a fixed number of queries whatever its length."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from math import ceil
from typing import Any, NamedTuple

from markupsafe import Markup

from forum.discussion import policy, queries
from forum.discussion.author_labels import author_label
from forum.discussion.models import Thread
from forum.discussion.panel_notes import PanelNote, list_panel_notes
from forum.discussion.queries import ORDERS, PostRow, QuestionRow, ThreadHead
from forum.discussion.rules import (
    PAGE_SIZE,
    REPLIES_SHOWN,
    Phase,
    PostSource,
    PostState,
    ReactionKind,
    Stance,
    page_of,
)
from forum.kernel.actor import Actor, Role
from forum.kernel.clock import local_day
from forum.settings.queries import SiteNames
from forum.texts.catalogue import say
from forum.web.links import address, slug
from forum.web.templating import current_site, macro
from forum.web.times import show_day, show_moment

POSTS_KEPT, TOPICS_KEPT = 200, 20
"""How much HTML each process keeps, by value: some ten pages of posts, a megabyte."""


@dataclass(frozen=True, slots=True)
class PostView:
    """One post as the template shows it."""

    id: int
    depth: int
    author_name: str
    initial: str
    role_label: str
    is_staff: bool
    moment: str
    iso: str
    html: Markup
    is_placeholder: bool
    placeholder_text: str
    question_label: str
    source_label: str
    reply_to_name: str
    reply_to_href: str
    edited: bool
    history_href: str
    valuable_count: int
    agree_count: int
    valuable_pressed: bool
    agree_pressed: bool
    can_react: bool
    react_href: str
    reply_href: str
    edit_href: str
    withdraw_href: str
    permalink: str


class ShownPost(NamedTuple):
    """All that the HTML of a post follows from: the post as it stands, and what its reader may do with it."""

    row: PostRow
    role_label: str
    question_label: str
    can_react: bool
    can_reply: bool
    is_own: bool
    valuable_pressed: bool
    agree_pressed: bool


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and what that allows in this thread now."""

    actor: Actor
    phase: Phase
    reactions: frozenset[tuple[int, ReactionKind]]


class Block(NamedTuple):
    """An opening post with the first replies under it."""

    root: PostRow
    html: Markup
    hidden_replies: int


def thread_path(topic_id: int, title: str, **query: Any) -> str:
    """Return the address of a thread."""
    return address("discussion.show_thread", topic_id=topic_id, slug=slug(title), **query)


def count_pages(roots: int) -> int:
    """Return how many pages the opening posts fill; an empty thread has one."""
    return max(1, ceil(roots / PAGE_SIZE))


class ShownTopic(NamedTuple):
    """All that the head of a thread page follows from."""

    thread: ThreadHead
    site: SiteNames
    phase: Phase
    stances: tuple[tuple[str, int], ...]
    own_stance: str
    may_take_stance: bool


class ShownThread(NamedTuple):
    """All that a page of a thread follows from: what was read for this request, who looks, and when."""

    thread: ThreadHead
    site: SiteNames
    actor: Actor
    phase: Phase
    order: str
    page: int
    questions: tuple[QuestionRow, ...]
    posts: tuple[PostRow, ...]
    reactions: frozenset[tuple[int, ReactionKind]]
    stances: tuple[tuple[str, int], ...]
    own_stance: str
    panels: tuple[PanelNote, ...]


def read_thread(thread: ThreadHead, order: str, page: int, *, actor: Actor, phase: Phase) -> ShownThread:
    """Read one page of a thread: the opening posts, and the first replies under them."""
    topic_id = thread.topic_id
    roots = queries.list_roots(thread, order, page)
    posts = (*roots, *queries.list_first_replies(topic_id, [row.id for row in roots if row.reply_count]))
    stances = queries.count_stances(topic_id) if thread.stance_question else {}
    return ShownThread(
        thread,
        current_site(),
        actor,
        phase,
        order,
        page,
        questions=tuple(queries.list_questions(topic_id)),
        posts=posts,
        reactions=_reactions(actor, posts),
        stances=tuple((stance.value, stances.get(stance, 0)) for stance in Stance) if stances else (),
        own_stance=(queries.current_stance(topic_id, actor.member_id) or "") if actor.member_id else "",
        panels=tuple(list_panel_notes(topic_id)),
    )


def thread_values(shown: ShownThread) -> dict[str, Any]:
    """Return what the template of a thread shows; it follows from `shown` alone."""
    thread, actor, phase = shown.thread, shown.actor, shown.phase
    pages = count_pages(thread.root_count)

    def page_path(page: int) -> str:
        if not 1 <= page <= pages:
            return ""
        return thread_path(thread.topic_id, thread.title, sorteer=shown.order, pagina=page)

    return {
        "thread": thread,
        "topic": topic_html(_shown_topic(shown)),
        "panels": shown.panels,
        "questions": shown.questions,
        "blocks": _blocks(shown),
        "order": shown.order,
        "sort_hrefs": {key: thread_path(thread.topic_id, thread.title, sorteer=key) for key in ORDERS},
        "previous_href": page_path(shown.page - 1),
        "next_href": page_path(shown.page + 1),
        "page": shown.page,
        "pages": pages,
        "may_write": policy.can_write_post(actor, phase),
        "may_enter": policy.can_enter_post(actor, phase),
        "may_make_panel": actor.has_role(Role.MODERATOR),
    }


def _shown_topic(shown: ShownThread) -> ShownTopic:
    may_take_stance = bool(shown.thread.stance_question) and policy.can_give_stance(shown.actor, shown.phase)
    return ShownTopic(shown.thread, shown.site, shown.phase, shown.stances, shown.own_stance, may_take_stance)


def _blocks(shown: ShownThread) -> Sequence[Block]:
    viewer = Viewer(shown.actor, shown.phase, shown.reactions)
    roots = [row for row in shown.posts if row.root_id is None]
    under: dict[int, list[Markup]] = {row.id: [] for row in roots}
    for row, html in zip(
        shown.posts, _posts_html(shown.posts, shown.questions, viewer, shown.site), strict=True
    ):
        under[row.root_id or row.id].append(html)
    return [
        Block(row, Markup().join(under[row.id]), max(0, row.reply_count - REPLIES_SHOWN)) for row in roots
    ]


def posts_html(
    rows: Sequence[PostRow], questions: Sequence[QuestionRow], *, actor: Actor, phase: Phase
) -> Sequence[Markup]:
    """Return posts as an actor sees them now, in the order of the rows."""
    viewer = Viewer(actor, phase, _reactions(actor, rows))
    return _posts_html(rows, questions, viewer, current_site())


def _reactions(actor: Actor, rows: Sequence[PostRow]) -> frozenset[tuple[int, ReactionKind]]:
    if actor.member_id is None:
        return frozenset()
    return frozenset(queries.reactions_of(actor.member_id, [row.id for row in rows]))


def _posts_html(
    rows: Sequence[PostRow], questions: Sequence[QuestionRow], viewer: Viewer, site: SiteNames
) -> Sequence[Markup]:
    labels = {question.id: question.text for question in questions}
    return [post_html(_shown(row, viewer, site, labels.get(row.question_id or 0, ""))) for row in rows]


def _shown(row: PostRow, viewer: Viewer, site: SiteNames, question_label: str) -> ShownPost:
    is_visible = row.state is PostState.VISIBLE
    actor, phase = viewer.actor, viewer.phase
    grant = (row.author_role, row.author_party) if row.author_role else None
    return ShownPost(
        row,
        author_label(grant, row.source, site),
        question_label,
        can_react=is_visible and policy.can_react(actor, phase, row.author_id),
        can_reply=is_visible and policy.can_write_post(actor, phase),
        is_own=is_visible and policy.can_change_post(actor, row.author_id),
        valuable_pressed=(row.id, ReactionKind.VALUABLE) in viewer.reactions,
        agree_pressed=(row.id, ReactionKind.AGREE) in viewer.reactions,
    )


@lru_cache(maxsize=POSTS_KEPT)
def post_html(shown: ShownPost) -> Markup:
    """Return the HTML of a post.

    It is kept by the whole value it follows from, read from the database for this request. So it is never
    old, and whoever may do more or less with a post has another value.
    """
    return macro("components/post.html", "post")(_view(shown))


def _view(shown: ShownPost) -> PostView:
    row = shown.row
    is_visible = row.state is PostState.VISIBLE
    here = f"/berichten/{row.id}"
    return PostView(
        id=row.id,
        depth=row.depth,
        author_name=row.author_name,
        initial=row.author_name[:1].upper(),
        role_label=shown.role_label,
        is_staff=row.author_role is not None,
        moment=show_moment(row.at),
        iso=row.at.isoformat(),
        html=Markup(row.html) if is_visible else Markup(""),  # noqa: S704 - sanitised when it was written
        is_placeholder=not is_visible,
        placeholder_text="" if is_visible else say(f"post-{row.state}"),
        question_label=shown.question_label,
        source_label="" if row.source is PostSource.WEB else say(f"source-{row.source}"),
        reply_to_name=row.reply_to_name or "",
        reply_to_href=f"/berichten/{row.parent_id}",
        edited=row.edited_at is not None,
        history_href=f"{here}/versies",
        valuable_count=row.valuable_count,
        agree_count=row.agree_count,
        valuable_pressed=shown.valuable_pressed,
        agree_pressed=shown.agree_pressed,
        can_react=shown.can_react,
        react_href=f"{here}/reactie",
        reply_href=f"{here}/antwoord" if shown.can_reply else "",
        edit_href=f"{here}/wijzigen" if shown.is_own else "",
        withdraw_href=f"{here}/intrekken" if shown.is_own else "",
        permalink=here,
    )


@lru_cache(maxsize=TOPICS_KEPT)
def topic_html(shown: ShownTopic) -> Markup:
    """Return the HTML of what a thread is about and how far it is; kept like that of a post."""
    return macro("discussion/topic_part.html", "topic")(
        shown,
        steps=phase_steps(shown.thread, shown.phase),
        introduction=Markup(shown.thread.introduction_html),  # noqa: S704 - sanitised when it was written
    )


def phase_steps(thread: ThreadHead, phase: Phase) -> Sequence[dict[str, str]]:
    """Return the timeline: each phase with its moment and whether it is done, now or next."""
    moments = {
        Phase.PLANNED: "",
        Phase.OPEN: say("from-to", last=show_day(thread.closes_at)),
        Phase.PANEL: _panel_moment(thread),
        Phase.ANSWER: show_day(thread.answering_at) if thread.answering_at else "",
        Phase.CLOSED: show_day(thread.closed_at) if thread.closed_at else "",
    }
    phases = list(Phase)
    here = phases.index(phase)
    return [
        {
            "label": say(f"phase-{step}"),
            "moment": moments[step],
            "state": "done" if place < here else "now" if place == here else "next",
        }
        for place, step in enumerate(phases)
    ]


def _panel_moment(thread: ThreadHead) -> str:
    """Return from which day a panel can meet: the one after the debate, unless all was closed by then."""
    first_day = local_day(thread.closes_at) + timedelta(days=1)
    if thread.closed_at is not None and local_day(thread.closed_at) < first_day:
        return ""
    return say("from-day", day=show_day(first_day))


def place_of(thread: Thread, root_number: int) -> str:
    """Return the address of the page, oldest first, on which an opening post stands."""
    page = page_of(root_number)
    return thread_path(thread.topic_id, thread.topic.title, **({"pagina": page} if page > 1 else {}))
