"""What the pages of a thread show, gathered in a fixed number of queries whatever its length."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any, NamedTuple

from markupsafe import Markup

from forum.discussion import policy, queries
from forum.discussion.author_labels import author_label
from forum.discussion.editing import editable_by
from forum.discussion.forms import PostForm
from forum.discussion.heads import QuestionRow, ReadSoFar, ThreadHead
from forum.discussion.models import Thread
from forum.discussion.new_posts import marked, new_below, new_to
from forum.discussion.outcome_notes import OutcomeNote, find_outcome_note, with_advice
from forum.discussion.panel_notes import PANEL_NOTES, PanelNote
from forum.discussion.pictures import ShownPicture, shown_pictures
from forum.discussion.poll_notes import POLL_NOTES, PollNote
from forum.discussion.queries import ORDERS, PageChoice, PostRow
from forum.discussion.rules import (
    PAGE_SIZE,
    REPLIES_SHOWN,
    Phase,
    PostSource,
    PostState,
    page_of,
)
from forum.discussion.timeline import phase_steps
from forum.kernel.actor import Actor
from forum.settings.queries import SiteNames
from forum.texts.catalogue import say
from forum.texts.language import spoken
from forum.web.languages import dutch
from forum.web.links import address, slug
from forum.web.templating import current_site, macro
from forum.web.times import show_moment

POSTS_KEPT, PAGES_KEPT, FORMS_KEPT = 200, 40, 20
"""How much HTML each process keeps, by value: some two megabytes."""
NOBODY_HERE = 0
"""Stands for a member of whom there is nothing on the page."""


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
    pictures: tuple[ShownPicture, ...]
    is_placeholder: bool
    placeholder_text: str
    placeholder_words: str
    own_decisions_href: str
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
    keep_href: str
    is_kept: bool
    edit_href: str
    withdraw_href: str
    flag_href: str
    hide_href: str
    permalink: str


class ShownPost(NamedTuple):
    """All that the HTML of a post follows from: the post as it stands, and what its reader may do with it."""

    row: PostRow
    language: str
    role_label: str
    question_label: str
    can_react: bool
    can_reply: bool
    can_keep: bool
    can_flag: bool
    can_moderate: bool
    can_withdraw: bool
    can_edit: bool
    is_hidden_own: bool


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and what that allows in this thread now."""

    actor: Actor
    phase: Phase
    minutes: frozenset[int] = frozenset()
    """Opening posts that bring points of minutes: in the phase of the panel only they can be answered."""
    editable: frozenset[int] = frozenset()
    """Posts of the actor that are not too old to change."""


class Block(NamedTuple):
    """An opening post with the first replies under it."""

    root: PostRow
    html: Markup
    hidden_replies: int
    new_replies: int


def thread_path(topic_id: int, title: str, **query: Any) -> str:
    """Return the address of a thread."""
    return address("discussion.show_thread", topic_id=topic_id, slug=slug(title), **query)


def count_pages(roots: int) -> int:
    """Return how many pages the opening posts fill; an empty thread has one."""
    return max(1, ceil(roots / PAGE_SIZE))


class ShownThread(NamedTuple):
    """All that the text of a thread page follows from: what was read for this request, for whom, and when.

    `reader` has no number where nothing on the page is theirs: members whose page is the same share its HTML.
    """

    thread: ThreadHead
    language: str
    reader: Actor
    phase: Phase
    choice: PageChoice
    posts: tuple[PostRow, ...]
    new: frozenset[int]
    editable: frozenset[int]
    new_replies: tuple[tuple[int, int], ...]
    panels: tuple[PanelNote, ...]
    polls: tuple[PollNote, ...]
    outcome: OutcomeNote | None


def read_thread(
    thread: ThreadHead,
    choice: PageChoice,
    so_far: ReadSoFar | None,
    *,
    actor: Actor,
    phase: Phase,
    window: timedelta,
    at: datetime,
) -> ShownThread:
    """Read one page of a thread: the opening posts, and the first replies under them.

    Args:
        thread: what stands above them.
        choice: which page.
        so_far: how far the reader has read in it; `None` for a visitor.
        actor: the reader.
        phase: of the thread now.
        window: how long after writing a post its author may change it.
        at: now.
    """
    posts = tuple(queries.list_page(thread, choice, actor))
    new = new_to(actor, posts, so_far)
    return ShownThread(
        thread,
        spoken(),
        _reader(actor, posts),
        phase,
        choice,
        posts=posts,
        new=new,
        editable=editable_by(actor, posts, window=window, at=at),
        new_replies=new_below(actor, posts, so_far, new),
        panels=tuple(PANEL_NOTES.list_notes(thread.topic_id)) if thread.has_panels else (),
        polls=tuple(POLL_NOTES.list_notes(thread.topic_id)) if thread.has_polls else (),
        outcome=find_outcome_note(thread, [row.id for row in posts], at=at),
    )


def _reader(actor: Actor, posts: Sequence[PostRow]) -> Actor:
    if actor.member_id is None or any(row.author_id == actor.member_id for row in posts):
        return actor
    return replace(actor, member_id=NOBODY_HERE)


class ThreadHtml(NamedTuple):
    """The HTML of a page of a thread, without the forms: what it is about, and its posts."""

    about: Markup
    posts: Markup


@lru_cache(maxsize=PAGES_KEPT)
def thread_html(shown: ShownThread) -> ThreadHtml:
    """Return the HTML of a page of a thread; it is kept like that of a post."""
    thread, choice = shown.thread, shown.choice
    pages = count_pages((choice.question or thread).root_count)

    def page_path(page: int) -> str:
        return choice_path(thread, choice._replace(page=page)) if 1 <= page <= pages else ""

    about = macro("discussion/thread_part.html", "about")(
        shown,
        steps=phase_steps(thread, shown.phase),
        introduction=Markup(thread.introduction_html),  # noqa: S704 - sanitised when it was written
        summary=Markup(thread.summary.html if thread.summary else ""),  # noqa: S704 - sanitised as well
        may_take_stance=bool(thread.stance_question) and policy.can_give_stance(shown.reader, shown.phase),
        may_follow=policy.can_follow(shown.reader),
    )
    posts = macro("discussion/thread_part.html", "posts")(
        shown,
        may_write=policy.can_write_post(shown.reader, shown.phase),
        blocks=_blocks(shown),
        filters=_filters(thread, choice),
        sort_hrefs={key: choice_path(thread, choice._replace(order=key, page=1)) for key in ORDERS},
        previous_href=page_path(choice.page - 1),
        next_href=page_path(choice.page + 1),
        pages=pages,
    )
    return ThreadHtml(about, posts)


def _filters(thread: ThreadHead, choice: PageChoice) -> Sequence[tuple[str, int, str, bool]]:
    """Return the label, the number of posts and the address of each filter, and whether it is chosen."""
    return [
        (
            dutch(question.text) if question else say("all-posts"),
            (question or thread).post_count,
            choice_path(thread, choice._replace(question=question, page=1)),
            question == choice.question,
        )
        for question in (None, *thread.questions)
    ]


def choice_path(thread: ThreadHead, choice: PageChoice) -> str:
    """Return the address of a page in the order and of the sub-question that were chosen."""
    question = {"vraag": choice.question.id} if choice.question else {}
    page = {"pagina": choice.page} if choice.page > 1 else {}
    return thread_path(thread.topic_id, thread.title, **question, sorteer=choice.order, **page)


@lru_cache(maxsize=FORMS_KEPT)
def writing_html(topic_id: int, questions: tuple[QuestionRow, ...], chosen: int | None, _in: str) -> Markup:
    """Return the fields to write a new post with, still empty; kept like the HTML of a post.

    Args:
        topic_id: where the post goes.
        questions: without their counts, since those change with every post.
        chosen: the sub-question that the post is about, unless its writer says otherwise.
    """
    form = PostForm(formdata=None, question=chosen)
    return macro("discussion/thread_part.html", "writing")(form, topic_id, questions)


def _blocks(shown: ShownThread) -> Sequence[Block]:
    viewer = Viewer(shown.reader, shown.phase, editable=shown.editable)
    roots = [row for row in shown.posts if row.root_id is None]
    under: dict[int, list[Markup]] = {row.id: [] for row in roots}
    posts = _posts_html(shown.posts, shown.thread.questions, viewer, shown.thread.site)
    for row, html in zip(shown.posts, posts, strict=True):
        under[row.root_id or row.id].append(with_advice(row, marked(row, html, shown.new), shown.outcome))
    new = dict(shown.new_replies)
    return [
        Block(row, Markup().join(under[row.id]), max(0, row.reply_count - REPLIES_SHOWN), new.get(row.id, 0))
        for row in roots
    ]


def posts_html(
    rows: Sequence[PostRow],
    questions: Sequence[QuestionRow],
    *,
    actor: Actor,
    phase: Phase,
    new: Collection[int] = (),
    minutes: frozenset[int] = frozenset(),
    editable: frozenset[int] = frozenset(),
) -> Sequence[Markup]:
    """Return posts as an actor sees them now, in the order of the rows, those that are `new` with a mark.

    `minutes` are opening posts that bring points of minutes and are not among the rows, `editable` the posts
    that the actor may still change.
    """
    posts = _posts_html(rows, questions, Viewer(actor, phase, minutes, editable), current_site())
    return [marked(row, html, new) for row, html in zip(rows, posts, strict=True)]


def _posts_html(
    rows: Sequence[PostRow], questions: Sequence[QuestionRow], viewer: Viewer, site: SiteNames
) -> Sequence[Markup]:
    labels = {question.id: question.text for question in questions}
    viewer = replace(viewer, minutes=viewer.minutes | {row.id for row in rows if row.is_of_minutes})
    return [post_html(_shown(row, viewer, site, labels.get(row.question_id or 0, ""))) for row in rows]


def _shown(row: PostRow, viewer: Viewer, site: SiteNames, question_label: str) -> ShownPost:
    is_visible = row.state is PostState.VISIBLE
    actor, phase = viewer.actor, viewer.phase
    grant = (row.author_role, row.author_party) if row.author_role else None
    return ShownPost(
        row,
        spoken(),
        author_label(grant, row.source, site),
        question_label,
        can_react=is_visible and policy.can_react(actor, phase, row.author_id),
        can_reply=is_visible
        and policy.can_reply(actor, phase, is_below_minutes=(row.root_id or row.id) in viewer.minutes),
        can_keep=is_visible and actor.is_signed_in,
        can_flag=is_visible and policy.can_flag_post(actor, row.author_id),
        can_moderate=is_visible and policy.can_moderate_post(actor, row.author_id),
        can_withdraw=is_visible and policy.can_change_post(actor, row.author_id),
        can_edit=is_visible and row.id in viewer.editable,
        is_hidden_own=row.state is PostState.HIDDEN and actor.member_id == row.author_id,
    )


@lru_cache(maxsize=POSTS_KEPT)
def post_html(shown: ShownPost) -> Markup:
    """Return the HTML of a post.

    It is kept by the whole value it follows from, read from the database for this request. So it is never
    old, and whoever may do more or less with a post has another value.
    """
    return macro("components/post.html", "post")(_view(shown))


def placeholder_text(row: PostRow) -> str:
    """Return what stands in the place of a post that cannot be read, with the rule that it broke."""
    if row.state is PostState.HIDDEN and row.source is PostSource.IMPORT and row.hidden_rule is None:
        return say("post-hidden-import")
    if row.state is PostState.HIDDEN and row.hidden_rule is not None:
        return say("post-hidden-by-rule", rule=say(f"house-rule-{row.hidden_rule}"))
    return "" if row.state is PostState.VISIBLE else say(f"post-{row.state}")


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
        iso=row.at.isoformat(timespec="seconds"),
        html=Markup(row.html if is_visible or shown.is_hidden_own else ""),  # noqa: S704 - sanitised when it was written
        pictures=shown_pictures(row.pictures) if is_visible or shown.is_hidden_own else (),
        is_placeholder=not is_visible,
        placeholder_text=placeholder_text(row),
        placeholder_words=(row.hidden_words or "") if row.state is PostState.HIDDEN else "",
        own_decisions_href="/mijn/besluiten" if shown.is_hidden_own else "",
        question_label=shown.question_label,
        source_label="" if row.source is PostSource.WEB else say(f"source-{row.source}"),
        reply_to_name=row.reply_to_name or "",
        reply_to_href=f"/berichten/{row.parent_id}",
        edited=row.edited_at is not None,
        history_href=f"{here}/versies",
        valuable_count=row.valuable_count,
        agree_count=row.agree_count,
        valuable_pressed=row.is_valued,
        agree_pressed=row.is_agreed_with,
        can_react=shown.can_react,
        react_href=f"{here}/reactie",
        reply_href=f"{here}/antwoord" if shown.can_reply else "",
        keep_href=f"{here}/bewaren" if shown.can_keep else "",
        is_kept=row.is_kept,
        edit_href=f"{here}/wijzigen" if shown.can_edit else "",
        withdraw_href=f"{here}/intrekken" if shown.can_withdraw else "",
        flag_href=f"{here}/melden" if shown.can_flag else "",
        hide_href=f"/beheer/meldingen/{row.id}" if shown.can_moderate else "",
        permalink=here,
    )


def place_of(thread: Thread, root_number: int) -> str:
    """Return the address of the page, oldest first, on which an opening post stands."""
    page = page_of(root_number)
    return thread_path(thread.topic_id, thread.topic.title, **({"pagina": page} if page > 1 else {}))
