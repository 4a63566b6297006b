"""Steps of the demo year about what members heard: of the last weeks, and mailed already."""

from datetime import timedelta

from sqlalchemy import func, select, update

from forum.audit.models import AuditEntry
from forum.demo.sign_ins import SHOWN_VOICE
from forum.demo.year import DemoYear
from forum.discussion.following import follow
from forum.discussion.models import Post
from forum.discussion.queries import get_post, get_thread_row
from forum.discussion.rules import FollowLevel
from forum.discussion.telling import tell_of_posts, tell_of_value
from forum.kernel.clock import first_moment
from forum.kernel.database import db
from forum.mail.models import UnreachableCause
from forum.mail.reachability import mark_unreachable
from forum.members.queries import get_member
from forum.notifications.models import Notification

TOLD_DAYS, UNREAD_DAYS = 30, 5


def tell_news(year: DemoYear) -> None:
    """Tell of the posts of the last weeks; what is some days old has been read, and all has been mailed."""
    today = first_moment(year.order.today)
    recent = select(Post.id).where(Post.at > today - timedelta(days=TOLD_DAYS)).order_by(Post.at, Post.id)
    post_ids = db.session.scalars(recent).all()
    if post_ids:
        last = get_post(post_ids[-1])
        tenant = year.tenant(year.voices[SHOWN_VOICE])
        # the logbook is in the order of time
        latest = db.session.scalar(select(func.max(AuditEntry.at))) or last.at
        follow(get_thread_row(last.thread_id), FollowLevel.EVERYTHING, tenant, at=latest)
    for post_id in post_ids:
        post = get_post(post_id)
        tell_of_posts([post_id], at=post.at)
        if post.valuable_count:
            tell_of_value(post, at=post.at + timedelta(hours=5))
    somebody = get_member(year.members[year.voices[max(year.voices)]])
    mark_unreachable(somebody.email or "", UnreachableCause.BOUNCED, at=today - timedelta(days=UNREAD_DAYS))
    db.session.execute(update(Post).values(is_told=True))
    db.session.execute(update(Notification).values(mail_as=None, mailed_at=Notification.at))
    read = Notification.at < today - timedelta(days=UNREAD_DAYS)
    db.session.execute(update(Notification).where(read).values(read_at=Notification.at))
