"""What the pages of a thread show, gathered in a fixed number of queries whatever its length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import url_for
from markupsafe import Markup

from forum.discussion import policy, queries
from forum.discussion.models import Thread
from forum.discussion.queries import PostRow
from forum.discussion.rules import (
    PAGE_SIZE,
    REPLIES_SHOWN,
    Phase,
    PostSource,
    PostState,
    ReactionKind,
    page_of,
)
from forum.kernel.actor import Actor, Party, Role
from forum.settings.models import Site
from forum.texts.catalogue import say
from forum.web.links import slug
from forum.web.times import show_day, show_moment


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
    reply_count: int


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and what that allows in this thread now."""

    actor: Actor
    phase: Phase
    reactions: frozenset[tuple[int, ReactionKind]]


@dataclass(frozen=True, slots=True)
class Block:
    """An opening post with the first replies under it."""

    root: PostView
    replies: Sequence[PostView]
    hidden_replies: int


def thread_path(topic_id: int, title: str, **query: Any) -> str:
    """Return the address of a thread."""
    return url_for("discussion.show_thread", topic_id=topic_id, slug=slug(title), **query)


def count_pages(roots: int) -> int:
    """Return how many pages the opening posts fill; an empty thread has one."""
    return max(1, ceil(roots / PAGE_SIZE))


def thread_blocks(
    thread: Thread, order: str, page: int, *, actor: Actor, phase: Phase, site: Site
) -> Sequence[Block]:
    """Return the posts of one page, each with its first replies."""
    roots = queries.list_roots(thread, order, page)
    replies = queries.list_first_replies(thread.topic_id, [row.id for row in roots if row.reply_count])
    views = _views(thread, [*roots, *replies], actor=actor, phase=phase, site=site)
    under: dict[int, list[PostView]] = {row.id: [] for row in roots}
    for row in replies:
        under[row.root_id].append(views[row.id])
    return [Block(views[row.id], under[row.id], max(0, row.reply_count - REPLIES_SHOWN)) for row in roots]


def post_views(
    thread: Thread, rows: Sequence[PostRow], *, actor: Actor, phase: Phase, site: Site
) -> Sequence[PostView]:
    """Return rows as the template shows them, in their order."""
    views = _views(thread, rows, actor=actor, phase=phase, site=site)
    return [views[row.id] for row in rows]


def _views(
    thread: Thread, rows: Sequence[PostRow], *, actor: Actor, phase: Phase, site: Site
) -> Mapping[int, PostView]:
    staff = queries.staff_among({row.author_id for row in rows})
    parents = queries.names_of_posts({row.parent_id for row in rows if row.parent_id != row.root_id} - {None})
    questions = {question.id: question.text for question in thread.questions}
    reactions: set[tuple[int, ReactionKind]] = set()
    if actor.member_id is not None:
        reactions = queries.reactions_of(actor.member_id, [row.id for row in rows])
    viewer = Viewer(actor, phase, frozenset(reactions))
    return {
        row.id: _view(
            row,
            viewer,
            role_label=_role_label(staff.get(row.author_id), site),
            reply_to_name=parents.get(row.parent_id, ""),
            question_label=questions.get(row.question_id, ""),
        )
        for row in rows
    }


def _role_label(grant: tuple[Role, Party | None] | None, site: Site) -> str:
    if grant is None:
        return ""
    role, party = grant
    name = site.tenants_name if party is Party.TENANTS else site.landlord_name
    return say(f"role-{role}", party=name)


def _view(
    row: PostRow, viewer: Viewer, *, role_label: str, reply_to_name: str, question_label: str
) -> PostView:
    is_visible = row.state is PostState.VISIBLE
    may_write = is_visible and policy.can_write_post(viewer.actor, viewer.phase)
    is_own = is_visible and policy.can_change_post(viewer.actor, row.author_id)
    here = f"/berichten/{row.id}"
    return PostView(
        id=row.id,
        depth=row.depth,
        author_name=row.author_name,
        initial=row.author_name[:1].upper(),
        role_label=role_label,
        is_staff=bool(role_label),
        moment=show_moment(row.at),
        iso=row.at.isoformat(),
        html=Markup(row.html) if is_visible else Markup(""),  # noqa: S704 - sanitised when it was written
        is_placeholder=not is_visible,
        placeholder_text="" if is_visible else say(f"post-{row.state}"),
        question_label=question_label,
        source_label="" if row.source is PostSource.WEB else say(f"source-{row.source}"),
        reply_to_name=reply_to_name,
        reply_to_href=f"/berichten/{row.parent_id}",
        edited=row.edited_at is not None,
        history_href=f"{here}/versies",
        valuable_count=row.valuable_count,
        agree_count=row.agree_count,
        valuable_pressed=(row.id, ReactionKind.VALUABLE) in viewer.reactions,
        agree_pressed=(row.id, ReactionKind.AGREE) in viewer.reactions,
        can_react=is_visible and policy.can_react(viewer.actor, viewer.phase, row.author_id),
        react_href=f"{here}/reactie",
        reply_href=f"{here}/antwoord" if may_write else "",
        edit_href=f"{here}/wijzigen" if is_own else "",
        withdraw_href=f"{here}/intrekken" if is_own else "",
        permalink=here,
        reply_count=row.reply_count,
    )


def phase_steps(thread: Thread, phase: Phase) -> Sequence[dict[str, str]]:
    """Return the timeline: each phase with its moment and whether it is done, now or next."""
    moments = {
        Phase.PLANNED: "",
        Phase.OPEN: say("from-to", last=show_day(thread.closes_at)),
        Phase.PANEL: say("from-day", day=show_day(thread.closes_at)),
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


def place_of(thread: Thread, root_number: int) -> str:
    """Return the address of the page, oldest first, on which an opening post stands."""
    page = page_of(root_number)
    return thread_path(thread.topic_id, thread.topic.title, **({"pagina": page} if page > 1 else {}))
