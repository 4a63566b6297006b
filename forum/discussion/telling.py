"""Telling members of what happens in a thread: an answer to them, a new post, who values theirs, a phase."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import defer, joinedload

from forum.discussion import policy
from forum.discussion.follow_queries import list_followers_of_each, list_involved, without_muted
from forum.discussion.fronts import period_of
from forum.discussion.mentions import mentioned_in_each
from forum.discussion.models import Post, Thread
from forum.discussion.queries import is_about_minutes
from forum.discussion.rules import TOLD_WITHIN, Phase, PostSource, PostState, phase_of
from forum.kernel.actor import Actor
from forum.kernel.clock import now
from forum.kernel.database import db, lock
from forum.notifications.abouts import About, Line, register_about
from forum.notifications.models import Notification
from forum.notifications.rules import NotificationKind
from forum.notifications.service import mark_seen, mark_seen_up_to, notify_all, notify_valued
from forum.texts.markdown_words import PageWords, own_lines

POST = "post"


def tell_of_posts(post_ids: Collection[int], *, at: datetime) -> None:
    """Tell who each new post answers and who follows its thread, each of them once.

    Nobody hears of their own post, nor of one that was hidden, withdrawn or imported before its turn came;
    who is mentioned in it was told so. Posts that were told of before, or by another process, are left out.
    """
    posts = [post for post in _claim(post_ids) if _is_news(post, at)]
    mentioned = mentioned_in_each([post.id for post in posts])
    followers = list_followers_of_each({post.thread_id for post in posts})
    for post in posts:
        heard = {post.author_id, *mentioned.get(post.id, ())}
        answered = {post.parent.author_id} - heard if post.parent else set()
        others = set(followers.get(post.thread_id, ())) - answered - heard
        if answered or others:
            news = _about(post, f"post:{post.id}")
            notify_all(without_muted(post.thread_id, answered), NotificationKind.REPLY, at=at, **news)
            notify_all(others, NotificationKind.FOLLOWED, at=at, **news)


def _claim(post_ids: Collection[int]) -> Sequence[Post]:
    """Return those of some posts that nobody was told of yet, which from now on are told of."""
    posts = db.session.scalars(
        select(Post)
        .where(Post.id.in_(post_ids), Post.is_told.is_(False))
        .order_by(Post.id)
        .options(joinedload(Post.parent).load_only(Post.author_id), defer(Post.text), defer(Post.html))
        .with_for_update(of=Post, key_share=True)
    ).all()
    if posts:
        mine = Post.id.in_([post.id for post in posts])
        db.session.execute(update(Post).where(mine).values(is_told=True))
    return posts


def _is_news(post: Post, at: datetime) -> bool:
    return post.state is PostState.VISIBLE and at - post.at <= TOLD_WITHIN


def tell_of_mentions(post: Post, member_ids: Collection[int], *, at: datetime) -> None:
    """Tell those who are mentioned in a post now, and were not before."""
    if member_ids:
        told = without_muted(post.thread_id, member_ids)
        notify_all(told, NotificationKind.MENTION, at=at, **_about(post, f"mention:{post.id}"))


def tell_of_value(post: Post, *, at: datetime) -> None:
    """Tell the author that one more member finds their post valuable."""
    if post.source is PostSource.IMPORT:
        return
    for author_id in without_muted(post.thread_id, [post.author_id]):
        notify_valued(author_id, count=post.valuable_count, at=at, **_about(post, f"valued:{post.id}"))


def subject_of(thread_id: int) -> str:
    """Return what brings the news of a thread together."""
    return f"thread:{thread_id}"


def _about(post: Post, key: str) -> dict[str, Any]:
    """Return what a notification says of a post."""
    return {
        "key": key,
        "subject": subject_of(post.thread_id),
        "title": post.thread.topic.title,
        "path": f"/berichten/{post.id}",
        "about": POST,
        "about_id": post.id,
    }


def note_posts_read(post_ids: Collection[int], actor: Actor, *, at: datetime) -> None:
    """Record that a member read posts in their thread: they need not be told of them any more."""
    mark_seen(actor.member_id or 0, POST, post_ids, at=at)


def note_thread_read(thread: Thread, newest: int, actor: Actor, *, at: datetime) -> None:
    """Record that a member read all posts of a thread up to one."""
    mark_seen_up_to(actor.member_id or 0, POST, newest, subject_of(thread.topic_id), at=at)


def tell_of_phase(thread: Thread, *, at: datetime) -> None:
    """Tell who is involved in a thread that it came in another phase."""
    lock(thread)
    before, phase = thread.told_phase, phase_of(period_of(thread), at)
    if phase is before:
        return
    thread.told_phase = phase
    if before is None or phase is Phase.PLANNED:
        return
    if phase is Phase.ANSWER and thread.has_recommendations:
        return  # who answers them tells of it, with more to say
    notify_all(
        list_involved(thread.topic_id),
        NotificationKind.PHASE,
        at=at,
        event=phase.value,
        key=f"phase:{thread.topic_id}:{phase}",
        subject=subject_of(thread.topic_id),
        title=thread.topic.title,
        path=f"/onderwerpen/{thread.topic_id}",
    )


def pass_over_old_posts(*, at: datetime) -> None:
    """Let posts be that are no news any more, such as those from before the forum told of posts."""
    db.session.execute(
        update(Post).where(Post.is_told.is_(False), Post.at < at - TOLD_WITHIN).values(is_told=True)
    )


def list_untold_posts(most: int) -> Sequence[int]:
    """Return posts that nobody was told of yet, the oldest first."""
    return db.session.scalars(
        select(Post.id).where(Post.is_told.is_(False)).order_by(Post.id).limit(most)
    ).all()


def list_threads_in_other_phase(at: datetime) -> Collection[int]:
    """Return threads whose phase is not the one that members were told of."""
    rows = db.session.scalars(
        select(Thread).where(or_(Thread.told_phase.is_(None), Thread.told_phase != Phase.CLOSED))
    )
    return [row.topic_id for row in rows if phase_of(period_of(row), at) is not row.told_phase]


def _posts(told: Sequence[Notification]) -> Mapping[int, About]:
    """Return posts that everybody may read now; one can be answered while its thread is open."""
    rows = db.session.scalars(
        select(Post)
        .where(Post.id.in_({row.about_id for row in told}), Post.state == PostState.VISIBLE)
        .options(joinedload(Post.author), joinedload(Post.thread), joinedload(Post.root))
    )
    at = now()
    posts = {
        post.id: About(
            [Line(own_lines(PageWords.read(post.html).text()))],
            by=post.author.display_name,
            accepts_reply=_accepts_reply(post, at),
        )
        for post in rows
    }
    return {row.id: posts[row.about_id] for row in told if row.about_id in posts}


def _accepts_reply(post: Post, at: datetime) -> bool:
    phase = phase_of(period_of(post.thread), at)
    return phase in policy.WRITING_PHASES or (phase is Phase.PANEL and is_about_minutes(post))


register_about(POST, _posts)
