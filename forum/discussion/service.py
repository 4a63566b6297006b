"""Changing a discussion: open threads, write, edit, withdraw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, update

from forum.agenda.models import Topic
from forum.audit import service as audit
from forum.discussion import policy, queries
from forum.discussion.adding_queries import (
    LockedThread,
    find_first_with_text,
    get_known,
    list_own_texts,
    lock_thread,
)
from forum.discussion.errors import (
    EditWindowClosed,
    PostChanged,
    PostGone,
    Suspended,
    ThreadNotOpen,
)
from forum.discussion.fronts import period_of
from forum.discussion.mentions import record_mentions
from forum.discussion.models import Post, PostRevision, Question, Thread
from forum.discussion.pictures import ChosenPicture, put_with_post
from forum.discussion.rules import (
    SENT_AGAIN_WITHIN,
    Phase,
    PostSource,
    PostState,
    is_editable,
    is_near_duplicate,
    phase_of,
    reply_depth,
    text_key,
)
from forum.discussion.telling import tell_of_mentions
from forum.discussion.visits import count_own_post
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden, NotFound
from forum.kernel.writing import write, write_one
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


def write_post(topic_id: int, body: Body, place: Placement, actor: Actor, *, at: datetime) -> int:
    """Add a post or a reply of the actor, return its id; what is sent again within minutes gives the same.

    Raises:
        Suspended: the actor is paused.
        ThreadNotOpen: nothing can be written in this phase.
        PostGone: the post replied to was hidden or withdrawn.
        NotFound: there is no such thread, or the post or the sub-question is not of it.
        PictureGone: a picture is not there any more.
    """
    thread = lock_thread(topic_id)
    check_may_write(thread, actor, at, reply_to=place.reply_to)
    assert actor.member_id is not None, "the policy lets only members through"
    return add_post(thread, body, place, actor.member_id, None, at=at)


def add_post(
    thread: LockedThread,
    body: Body,
    place: Placement,
    author_id: int,
    entered_by_id: int | None,
    *,
    at: datetime,
) -> int:
    """Add a post of an author to a thread, return its id; who may do so was asked before.

    What is sent again within some minutes gives the same post. The thread is as it was locked just now: with
    each post its counts change, so it is locked anew for the next.
    """
    key = text_key(body.source)
    known = get_known(
        place.form_key,
        thread.topic_id,
        author_id,
        parent_id=place.reply_to,
        key=key,
        since=at - SENT_AGAIN_WITHIN,
    )
    if known.sent_before is not None:
        return known.sent_before
    parent = _parent(thread, place.reply_to)
    root = parent and (parent if parent.root_id is None else queries.get_post(parent.root_id))
    question = _question(thread, root.question_id if root else place.question_id)
    post_id = write_one(
        _INSERT_POST,
        thread_id=thread.topic_id,
        author_id=author_id,
        source=place.source,
        entered_by_id=entered_by_id,
        form_key=place.form_key,
        author_stance=known.author_stance,
        at=at,
        **_reply_columns(parent, root) if parent and root else _opening_columns(thread, question),
        **_text_columns(body, key),
        is_duplicate=known.first_with_text is not None or _is_like_own(body, thread.topic_id, author_id),
    )
    write(_COUNT_POST, counted_in=thread.topic_id, more_roots=int(root is None))
    _count_post(question, root)
    if body.mentioned or place.pictures:
        _put_along(queries.get_post(post_id), body, place, at)
    count_own_post(thread, post_id, author_id, is_entered=entered_by_id is not None)
    return post_id


_INSERT_POST = insert(Post)
_COUNT_POST = (
    update(Thread)
    .where(Thread.topic_id == bindparam("counted_in"))
    .values(post_count=Thread.post_count + 1, root_count=Thread.root_count + bindparam("more_roots"))
)


def _opening_columns(thread: LockedThread, question: Question | None) -> dict[str, object]:
    return {
        "number": thread.root_count + 1,
        "question_id": question.id if question else None,
        "question_number": question.root_count + 1 if question else None,
    }


def _reply_columns(parent: Post, root: Post) -> dict[str, object]:
    return {
        "root_id": root.id,
        "parent_id": parent.id,
        "depth": reply_depth(parent.depth),
        "number": root.reply_count + 1,
    }


def _put_along(post: Post, body: Body, place: Placement, at: datetime) -> None:
    if body.mentioned:
        tell_of_mentions(post, record_mentions(post, body.mentioned), at=at)
    if place.pictures:
        put_with_post(post, place.pictures)


def _question(thread: LockedThread, question_id: int | None) -> Question | None:
    question = db.session.get(Question, question_id) if question_id else None
    if question_id is not None and (question is None or question.thread_id != thread.topic_id):
        raise NotFound(question_id=question_id)
    return question


def _count_post(question: Question | None, root: Post | None) -> None:
    if question is not None:
        question.post_count += 1
        question.root_count += root is None
    if root is not None:
        root.reply_count += 1


def _parent(thread: LockedThread | Thread, post_id: int | None) -> Post | None:
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
    first = find_first_with_text(post.thread_id, key)
    is_said = first is not None and (post.id is None or first < post.id)
    for name, value in _text_columns(body, key).items():
        setattr(post, name, value)
    post.is_duplicate = is_said or _is_like_own(body, post.thread_id, post.author_id, but=post.id)


def _text_columns(body: Body, key: str) -> dict[str, object]:
    return {
        "text": body.source,
        "html": body.rendered.html,
        "renderer": body.rendered.renderer,
        "counted_chars": body.rendered.counted_chars,
        "text_key": key,
    }


def _is_like_own(body: Body, thread_id: int, author_id: int, *, but: int | None = None) -> bool:
    own = list_own_texts(thread_id, author_id, but=but, most=OWN_TEXTS_COMPARED)
    return is_near_duplicate(body.source, own)


def check_may_write(
    thread: LockedThread | Thread, actor: Actor, at: datetime, *, reply_to: int | None = None
) -> Phase:
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
    post: Post,
    shown_version: int,
    body: Body,
    actor: Actor,
    *,
    pictures: Sequence[ChosenPicture] | None = None,
    window: timedelta,
    at: datetime,
) -> Post:
    """Change a post within the window; what stood before stays readable, but for the pictures that went.

    `pictures` are those that it has from now on; `None` leaves them as they are.

    Raises:
        NotFound: the actor did not write it.
        PostGone: it was hidden or withdrawn.
        EditWindowClosed: it is too old to change.
        PostChanged: it was changed in another window since it was shown.
        PictureGone: one of the pictures is not there (any more).
    """
    _lock_own(post, actor)
    if not is_editable(post.at, at, window):
        raise EditWindowClosed
    if shown_version != post.version:
        raise PostChanged
    before = PostRevision(
        post_id=post.id,
        version=post.version,
        text=post.text,
        html=post.html,
        pictures=post.pictures,
        at=post.edited_at or post.at,
    )
    if pictures is not None:
        put_with_post(post, pictures)
    if (body.source, post.pictures) == (before.text, before.pictures):
        return post
    db.session.add(before)
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


def tell_of_panels(thread: Thread) -> None:
    """Remember that there is a panel on the topic, so that its page asks for the panels."""
    thread.has_panels = True
