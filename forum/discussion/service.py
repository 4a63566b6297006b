"""Changing a discussion: open threads, write, edit, withdraw, react, take a stance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

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
)
from forum.discussion.fronts import period_of
from forum.discussion.mentions import record_mentions
from forum.discussion.models import Post, PostRevision, Question, Reaction, StanceAnswer, Thread
from forum.discussion.pictures import ChosenPicture, put_with_post
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
from forum.discussion.telling import tell_of_mentions, tell_of_value
from forum.discussion.visits import count_own_post
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden, NotFound
from forum.texts.markdown import Rendered, render
from forum.texts.mentions import Person, mark_mentions

OWN_TEXTS_COMPARED = 50


@dataclass(frozen=True, slots=True)
class Body:
    """A text and what became of it; made before the unit of work, since rendering takes time."""

    source: str
    rendered: Rendered
    mentioned: frozenset[int] = frozenset()

    @classmethod
    def of(cls, source: str, people: Iterable[Person] = ()) -> "Body":
        """Render a text that may mention some people."""
        rendered = render(source)
        marked = mark_mentions(rendered.html, people)
        return cls(source, replace(rendered, html=marked.html), marked.member_ids)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a post goes: under a post or not, at a sub-question or not; how it came in, and its pictures."""

    reply_to: int | None = None
    question_id: int | None = None
    source: PostSource = PostSource.WEB
    form_key: str | None = None
    pictures: tuple[ChosenPicture, ...] = ()


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
        PictureGone: a picture is not there any more.
    """
    lock(thread)
    check_may_write(thread, actor, at, reply_to=place.reply_to)
    assert actor.member_id is not None, "the policy lets only members through"
    return add_post(thread, body, place, actor.member_id, None, at=at)


def add_post(
    thread: Thread, body: Body, place: Placement, author_id: int, entered_by: int | None, *, at: datetime
) -> Post:
    """Add a post of an author to a locked thread; who may do so was asked before.

    What is sent again within some minutes gives the same post.
    """
    made = queries.find_sent_before(
        place.form_key,
        thread.topic_id,
        author_id,
        parent_id=place.reply_to,
        key=text_key(body.source),
        since=at - SENT_AGAIN_WITHIN,
    )
    if made is not None:
        return made
    parent = _parent(thread, place.reply_to)
    root = parent and (parent if parent.root_id is None else queries.get_post(parent.root_id))
    question = _question(thread, root.question_id if root else place.question_id)
    own_question = None if root else question
    post = Post(
        thread_id=thread.topic_id,
        root_id=root.id if root else None,
        parent_id=parent.id if parent else None,
        depth=reply_depth(parent.depth) if parent else 0,
        number=(root.reply_count if root else thread.root_count) + 1,
        author_id=author_id,
        question_id=own_question.id if own_question else None,
        question_number=own_question.root_count + 1 if own_question else None,
        source=place.source,
        entered_by_id=entered_by,
        form_key=place.form_key,
        author_stance=queries.shown_stance(thread.topic_id, author_id),
        at=at,
    )
    set_text(post, body)
    db.session.add(post)
    _count_post(thread, question, root)
    db.session.flush()
    if body.mentioned:
        tell_of_mentions(post, record_mentions(post, body.mentioned), at=at)
    if place.pictures:
        put_with_post(post, place.pictures)
    count_own_post(thread, post)
    return post


def _question(thread: Thread, question_id: int | None) -> Question | None:
    if question_id is None:
        return None
    for question in thread.questions:
        if question.id == question_id:
            return question
    raise NotFound(question_id=question_id)


def _count_post(thread: Thread, question: Question | None, root: Post | None) -> None:
    for counted in (thread, question):
        if counted is not None:
            counted.post_count += 1
            counted.root_count += root is None
    if root is not None:
        root.reply_count += 1


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


def check_may_write(thread: Thread, actor: Actor, at: datetime, *, reply_to: int | None = None) -> Phase:
    """Return the phase of a thread in which an actor may write, or reply to a post of it.

    Raises:
        Suspended: the actor is paused.
        ThreadNotOpen: nothing can be written in this phase.
        Forbidden: the actor is a visitor.
    """
    if actor.suspended:
        raise Suspended
    phase = phase_of(period_of(thread), at)
    is_below_minutes = phase is Phase.PANEL and queries.is_about_minutes(_parent(thread, reply_to))
    if phase not in policy.WRITING_PHASES and not is_below_minutes:
        raise ThreadNotOpen
    if not policy.can_reply(actor, phase, is_below_minutes=is_below_minutes):
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
    tell_of_mentions(post, record_mentions(post, body.mentioned), at=at)
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
    is_first = reaction is None
    if reaction is None:
        reaction = Reaction(thread_id=post.thread_id, post_id=post.id, member_id=actor.member_id, kind=kind)
        db.session.add(reaction)
    reaction.at, reaction.withdrawn_at = at, None
    _count_reaction(post, kind, 1)
    if is_first and kind is ReactionKind.VALUABLE:  # taking it back and giving it again is no news
        tell_of_value(post, at=at)


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
    phase = check_may_write(post.thread, actor, at)
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


def take_stance(
    thread: Thread, stance: Stance, actor: Actor, *, at: datetime, is_findable: bool = False
) -> StanceAnswer:
    """Record what a tenant answers to the stance question; the first answer is kept beside the last.

    With `is_findable` others may find the posts of this tenant by the first answer; without, no longer.

    Raises:
        ThreadNotOpen: the debate has not begun or is over.
        Forbidden: the actor is no tenant.
    """
    lock(thread)
    phase = check_may_write(thread, actor, at)
    if not policy.can_give_stance(actor, phase) or actor.member_id is None:
        raise Forbidden(action="take-stance")
    answer = record_stance(thread, stance, actor.member_id, at)
    if answer.is_findable is not is_findable:
        answer.is_findable = is_findable
        db.session.execute(
            update(Post)
            .where(Post.author_id == answer.member_id, Post.thread_id == thread.topic_id)
            .values(author_stance=answer.first if is_findable else None)
        )
    return answer


def record_stance(thread: Thread, stance: Stance, member_id: int, at: datetime) -> StanceAnswer:
    """Store a stance in a locked thread, and count it; the first answer is kept beside the last."""
    answer = queries.find_stance(thread.topic_id, member_id)
    if answer is None:
        answer = StanceAnswer(thread_id=thread.topic_id, member_id=member_id, first=stance, first_at=at)
        answer.current, answer.is_findable = stance, False
        db.session.add(answer)
        _count_stance(thread, stance, 1)
    elif answer.current is not stance:
        _count_stance(thread, answer.current, -1)
        _count_stance(thread, stance, 1)
        answer.current, answer.changed_at = stance, at
    return answer


def _count_stance(thread: Thread, stance: Stance, change: int) -> None:
    name = f"{stance.value}_count"
    setattr(thread, name, getattr(thread, name) + change)


def tell_of_panels(thread: Thread) -> None:
    """Remember that there is a panel on the topic, so that its page asks for the panels."""
    thread.has_panels = True
