"""Answers by e-mail become posts; mail that came back stops the mails to its address."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from forum.audit import service as audit
from forum.discussion.errors import (
    AnswerAddressUnknown,
    AnswerEmpty,
    AnswerFromElsewhere,
    AnswerHoldsDetails,
    AnswersByMailOff,
    AnswersTooFast,
    AnswerTooLong,
    PostGone,
)
from forum.discussion.models import Post
from forum.discussion.queries import get_post
from forum.discussion.rules import TEXT_LONGEST, PostSource
from forum.discussion.service import Body, Placement, write_post
from forum.discussion.telling import POST
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.mail.incoming import Incoming, IncomingKind
from forum.mail.models import UnreachableCause
from forum.mail.queries import find_sent
from forum.mail.reachability import mark_unreachable
from forum.mail.reply_text import own_words
from forum.mail.rules import says_address_is_dead
from forum.members.models import Member, MemberState
from forum.notifications.links import NOTIFICATIONS
from forum.notifications.models import Notification
from forum.notifications.queries import find_notification
from forum.notifications.service import mark_read
from forum.texts.catalogue import say_in_all
from forum.texts.private_details import list_details

ONE_EACH = timedelta(minutes=1)
FORM_KEY = "mail:"


def get_answered(recipients: Sequence[str], keys: Sequence[str], domain: str) -> Notification:
    """Return the notification that a message answers.

    Raises:
        AnswersByMailOff: there is no mail domain for answers.
        AnswerAddressUnknown: no address is one that the forum made.
    """
    if not domain:
        raise AnswersByMailOff
    for recipient in recipients:
        notification_id = NOTIFICATIONS.find_number(keys, recipient, domain)
        row = find_notification(notification_id) if notification_id else None
        if row is not None and row.about == POST:
            return row
    raise AnswerAddressUnknown


def typed_text(incoming: Incoming) -> str:
    """Return what the sender typed themselves.

    Raises:
        AnswerEmpty: nothing.
        AnswerTooLong: more than a post may hold.
        AnswerHoldsDetails: a phone number or the like.
    """
    text = own_words(incoming.text, say_in_all("reply-above")).replace("\x00", "")
    if not text:
        raise AnswerEmpty
    if len(text) > TEXT_LONGEST:
        raise AnswerTooLong
    if details := list_details(text):
        raise AnswerHoldsDetails(words=", ".join(detail.words for detail in details))
    return text


def form_key_of(incoming: Incoming) -> str:
    """Return what makes a message that the mail server hands over twice one post."""
    mark = incoming.message_id or f"{incoming.sender} {incoming.text}"
    return FORM_KEY + hashlib.sha256(mark.encode(errors="replace")).hexdigest()[:40]


def write_answer(notification: Notification, incoming: Incoming, body: Body, *, at: datetime) -> Post:
    """Add an answer by mail as a post of the member; the same message twice is one post.

    Raises:
        AnswerFromElsewhere: the sender is not the member.
        AnswersTooFast: another answer came less than a minute ago.
        Forbidden: the member is gone.
        PostGone, Suspended, ThreadNotOpen: as for any post.
    """
    member, key = notification.member, form_key_of(incoming)
    lock(member)
    if incoming.sender != (member.email or "").lower():
        raise AnswerFromElsewhere
    if member.state is not MemberState.ACTIVE:
        raise Forbidden(action="write-post")
    if (made := _find_by_key(key)) is not None:
        return made
    if _has_answered_since(member, at - ONE_EACH):
        raise AnswersTooFast
    if notification.about_id is None:
        raise PostGone
    answered = get_post(notification.about_id)
    actor = member.as_actor(at)
    place = Placement(reply_to=answered.id, source=PostSource.EMAIL, form_key=key)
    post_id = write_post(answered.thread_id, body, place, actor, at=at)
    mark_read(notification, at=at)
    audit.record(actor, "post.mailed", post_id=post_id, at=at)
    return get_post(post_id)


def _find_by_key(key: str) -> Post | None:
    return db.session.scalar(select(Post).where(Post.form_key == key))


def _has_answered_since(member: Member, since: datetime) -> bool:
    mailed = select(Post.id).where(
        Post.author_id == member.id, Post.form_key.startswith(FORM_KEY), Post.at > since
    )
    return db.session.scalar(mailed.limit(1)) is not None


def record_return(incoming: Incoming, *, at: datetime) -> bool:
    """Record that a mail of the forum came back, or was called spam; tell whether it was one of ours.

    The report must name the Message-ID of the mail, which only who got it knows: nobody can stop the mail
    of another. What came back because a mailbox is full or a server is away stops nothing.
    """
    row = find_sent(incoming.about_message_id) if incoming.about_message_id else None
    if row is None:
        return False
    lock(row)
    if incoming.kind is IncomingKind.COMPLAINT:
        mark_unreachable(row.address, UnreachableCause.COMPLAINED, at=at)
        return True
    row.last_error = f"550 {incoming.code}" if incoming.code.startswith("5") else f"450 {incoming.code}"
    if incoming.code and says_address_is_dead(row.last_error):
        mark_unreachable(row.address, UnreachableCause.BOUNCED, at=at)
    return True
