"""Changing a discussion: open threads, write, edit, withdraw, react, take a stance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from forum.agenda.models import Topic
from forum.audit import service as audit
from forum.discussion import policy, queries
from forum.discussion.errors import (
    EditWindowClosed,
    OwnPost,
    PostChanged,
    PostGone,
    Suspended,
    ThreadNotOpen,
    UnknownMember,
)
from forum.discussion.fronts import period_of
from forum.discussion.models import Post, PostRevision, Question, Reaction, StanceAnswer, Thread
from forum.discussion.rules import (
    SENT_AGAIN_WITHIN,
    Phase,
    PostSource,
    PostState,
    ReactionKind,
    Stance,
    is_editable,
    is_near_duplicate,
    phase_of,
    reply_depth,
    text_key,
)
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden, NotFound
from forum.members.queries import find_tenant
from forum.texts.markdown import Rendered, render

OWN_TEXTS_COMPARED = 50


@dataclass(frozen=True, slots=True)
class Body:
    """A text and what became of it; made before the unit of work, since rendering takes time."""

    source: str
    rendered: Rendered

    @classmethod
    def of(cls, source: str) -> "Body":
        """Render a text."""
        return cls(source, render(source))


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a post goes: under a post or not, at a sub-question or not, and how it came in."""

    reply_to: int | None = None
    question_id: int | None = None
    source: PostSource = PostSource.WEB
    form_key: str | None = None


def open_threads(topics: Sequence[Topic]) -> None:
    """Make the thread of each published topic, with its sub-questions."""
    for topic in topics:
        assert topic.opens_at is not None, "an agenda is published with a period per topic"
        assert topic.closes_at is not None, "an agenda is published with a period per topic"
        text = topic.text
        thread = Thread(
            topic_id=topic.id,
            opens_at=topic.opens_at,
            closes_at=topic.closes_at,
            introduction=text.why,
            introduction_html=render(text.why).html,
            stance_question=text.stance_question,
        )
        db.session.add(thread)
        db.session.flush()
        questions = [line.strip(" -*") for line in text.subquestions.splitlines() if line.strip(" -*")]
        for position, question in enumerate(questions, start=1):
            db.session.add(Question(thread_id=topic.id, position=position, text=question[:300]))
    db.session.flush()


def write_post(thread: Thread, body: Body, place: Placement, actor: Actor, *, at: datetime) -> Post:
    """Add a post or a reply of the actor; what is sent again within some minutes gives the same post.

    Raises:
        Suspended: the actor is paused.
        ThreadNotOpen: nothing can be written in this phase.
        PostGone: the post replied to was hidden or withdrawn.
        NotFound: the post or the sub-question is not of this thread.
    """
    lock(thread)
    _check_may_write(thread, actor, at)
    assert actor.member_id is not None, "the policy lets only members through"
    return _add_post(thread, body, place, actor.member_id, None, at=at)


def enter_post(
    thread: Thread, body: Body, place: Placement, number: str, actor: Actor, *, at: datetime
) -> Post:
    """Add a post for a tenant who phoned, wrote or spoke; it counts as the tenant's.

    Raises:
        Forbidden: the actor is no moderator or delegate.
        ThreadNotOpen: nothing can be written in this phase.
        UnknownMember: no active tenant has this number.
    """
    lock(thread)
    _check_may_write(thread, actor, at)
    if not policy.can_enter_post(actor, phase_of(period_of(thread), at)):
        raise Forbidden(action="enter-post")
    tenant = find_tenant(number)
    if tenant is None:
        raise UnknownMember(number=number)
    post = _add_post(thread, body, place, tenant.id, actor.member_id, at=at)
    audit.record(actor, "post.entered", post_id=post.id, member_id=tenant.id, source=place.source, at=at)
    return post


def _add_post(
    thread: Thread, body: Body, place: Placement, author_id: int, entered_by: int | None, *, at: datetime
) -> Post:
    if place.form_key and (made := queries.find_post_by_form_key(place.form_key)):
        return made
    parent = _parent(thread, place.reply_to)
    same = queries.find_same_post(
        thread.topic_id, author_id, place.reply_to, text_key(body.source), at - SENT_AGAIN_WITHIN
    )
    if same is not None:
        return same
    root = parent and (parent if parent.root_id is None else queries.get_post(parent.root_id))
    if place.question_id and place.question_id not in {question.id for question in thread.questions}:
        raise NotFound(question_id=place.question_id)
    if root is not None:
        root.reply_count += 1
    else:
        thread.root_count += 1
    thread.post_count += 1
    post = Post(
        thread_id=thread.topic_id,
        root_id=root.id if root else None,
        parent_id=parent.id if parent else None,
        depth=reply_depth(parent.depth) if parent else 0,
        number=root.reply_count if root else thread.root_count,
        author_id=author_id,
        question_id=place.question_id,
        source=place.source,
        entered_by_id=entered_by,
        form_key=place.form_key,
        at=at,
    )
    set_text(post, body)
    db.session.add(post)
    db.session.flush()
    return post


def _parent(thread: Thread, post_id: int | None) -> Post | None:
    if post_id is None:
        return None
    parent = queries.get_post(post_id)
    if parent.thread_id != thread.topic_id:
        raise NotFound(post_id=post_id)
    if parent.state is not PostState.VISIBLE:
        raise PostGone(post_id=post_id)
    return parent


def set_text(post: Post, body: Body) -> None:
    """Give a post its text, and what follows from it: length, key, and whether it was said before.

    The author, the thread and, once the post is stored, its id must be known.
    """
    key = text_key(body.source)
    own = queries.list_own_texts(post.thread_id, post.author_id, but=post.id, most=OWN_TEXTS_COMPARED)
    post.text = body.source
    post.html = body.rendered.html
    post.renderer = body.rendered.renderer
    post.counted_chars = body.rendered.counted_chars
    post.text_key = key
    post.is_duplicate = queries.has_text(post.thread_id, key, but=post.id) or is_near_duplicate(
        body.source, own
    )


def _check_may_write(thread: Thread, actor: Actor, at: datetime) -> Phase:
    if actor.suspended:
        raise Suspended
    phase = phase_of(period_of(thread), at)
    if phase not in policy.WRITING_PHASES:
        raise ThreadNotOpen
    if not policy.can_write_post(actor, phase):
        raise Forbidden(action="write-post")
    return phase


def edit_post(
    post: Post, shown_version: int, body: Body, actor: Actor, *, window: timedelta, at: datetime
) -> Post:
    """Change the text of a post within the window; what stood before stays readable.

    Raises:
        NotFound: the actor did not write it.
        PostGone: it was hidden or withdrawn.
        EditWindowClosed: it is too old to change.
        PostChanged: it was changed in another window since it was shown.
    """
    _lock_own(post, actor)
    if not is_editable(post.at, at, window):
        raise EditWindowClosed
    if shown_version != post.version:
        raise PostChanged
    if body.source == post.text:
        return post
    db.session.add(
        PostRevision(
            post_id=post.id,
            version=post.version,
            text=post.text,
            html=post.html,
            at=post.edited_at or post.at,
        )
    )
    post.version += 1
    post.edited_at = at
    set_text(post, body)
    audit.record(actor, "post.edited", post_id=post.id, version=post.version, at=at)
    return post


def withdraw_post(post: Post, actor: Actor, *, at: datetime) -> Post:
    """Withdraw a post of the actor: a placeholder and the replies stay. Twice changes nothing.

    Raises:
        NotFound: the actor did not write it.
        PostGone: it was hidden.
    """
    lock(post)
    if post.state is PostState.DELETED and policy.can_change_post(actor, post.author_id):
        return post
    _lock_own(post, actor)
    post.state = PostState.DELETED
    audit.record(actor, "post.withdrawn", post_id=post.id, at=at)
    return post


def _lock_own(post: Post, actor: Actor) -> None:
    lock(post)
    if not policy.can_change_post(actor, post.author_id):
        raise NotFound(post_id=post.id)
    if post.state is not PostState.VISIBLE:
        raise PostGone(post_id=post.id)


def add_reaction(post: Post, kind: ReactionKind, actor: Actor, *, at: datetime) -> None:
    """Value a post or agree with it; twice changes nothing.

    Raises:
        Suspended: the actor is paused.
        ThreadNotOpen: the debate has not begun or is over.
        PostGone: the post was hidden or withdrawn.
        OwnPost: the actor wrote it.
    """
    reaction = _lock_for_reaction(post, kind, actor, at)
    if reaction is not None and reaction.withdrawn_at is None:
        return
    if reaction is None:
        reaction = Reaction(thread_id=post.thread_id, post_id=post.id, member_id=actor.member_id, kind=kind)
        db.session.add(reaction)
    reaction.at, reaction.withdrawn_at = at, None
    _count_reaction(post, kind, 1)


def remove_reaction(post: Post, kind: ReactionKind, actor: Actor, *, at: datetime) -> None:
    """Take a reaction back; twice changes nothing.

    Raises:
        Suspended: the actor is paused.
        ThreadNotOpen: the debate has not begun or is over.
        PostGone: the post was hidden or withdrawn.
        OwnPost: the actor wrote it.
    """
    reaction = _lock_for_reaction(post, kind, actor, at)
    if reaction is None or reaction.withdrawn_at is not None:
        return
    reaction.withdrawn_at = at
    _count_reaction(post, kind, -1)


def _lock_for_reaction(post: Post, kind: ReactionKind, actor: Actor, at: datetime) -> Reaction | None:
    lock(post)
    phase = _check_may_write(post.thread, actor, at)
    if post.state is not PostState.VISIBLE:
        raise PostGone(post_id=post.id)
    if not policy.can_react(actor, phase, post.author_id):
        raise OwnPost
    return db.session.scalar(
        select(Reaction).where(
            Reaction.post_id == post.id, Reaction.member_id == actor.member_id, Reaction.kind == kind
        )
    )


def _count_reaction(post: Post, kind: ReactionKind, change: int) -> None:
    if kind is ReactionKind.VALUABLE:
        post.valuable_count += change
    else:
        post.agree_count += change


def take_stance(thread: Thread, stance: Stance, actor: Actor, *, at: datetime) -> StanceAnswer:
    """Record what a tenant answers to the stance question; the first answer is kept beside the last.

    Raises:
        ThreadNotOpen: the debate has not begun or is over.
        Forbidden: the actor is no tenant.
    """
    lock(thread)
    phase = _check_may_write(thread, actor, at)
    if not policy.can_give_stance(actor, phase) or actor.member_id is None:
        raise Forbidden(action="take-stance")
    answer = queries.find_stance(thread.topic_id, actor.member_id)
    if answer is None:
        answer = StanceAnswer(thread_id=thread.topic_id, member_id=actor.member_id, first=stance, first_at=at)
        answer.current = stance
        db.session.add(answer)
    elif answer.current is not stance:
        answer.current, answer.changed_at = stance, at
    return answer
