"""What members get by mail of their notifications. What it says is looked up when it leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from forum.kernel.clock import now
from forum.mail import outbox
from forum.mail.checks import register_check
from forum.mail.contents import register_content
from forum.mail.errors import Deferred
from forum.mail.queries import find_unreachable
from forum.members.models import Member
from forum.notifications.links import NOTIFICATIONS, unsubscribe_token
from forum.notifications.models import Notification
from forum.notifications.queries import get_choices, list_by_ids
from forum.notifications.rules import FOR_THE_SUSPENDED, MAILED_MOST, WRITTEN_BY_OTHERS, Frequency
from forum.notifications.shown import Shown, group_by_subject, show
from forum.settings.config import Settings
from forum.texts.catalogue import say

AT_ONCE = "notifications/at_once"
DIGEST = "notifications/digest"


def told_at_once(notification: Notification, *, at: datetime) -> None:
    """Tell a member of one thing."""
    outbox.queue(
        key=f"notification:{notification.id}:{notification.at.isoformat()}",
        to=notification.member,
        template=AT_ONCE,
        at=at,
        details={"ids": [notification.id], "how": Frequency.AT_ONCE},
    )


def told_together(
    member: Member, waiting: Sequence[tuple[int, datetime]], how: Frequency, *, at: datetime
) -> None:
    """Tell a member of all that is new since the last time.

    Args:
        member: whom.
        waiting: number and moment of each notification, the newest first; that one is in the key.
        how: daily or weekly.
        at: the moment.
    """
    newest_id, newest_at = waiting[0]
    outbox.queue(
        key=f"digest:{how}:{member.id}:{newest_id}:{newest_at.isoformat()}",
        to=member,
        template=DIGEST,
        at=at,
        details={
            "ids": [notification_id for notification_id, _at in waiting[:MAILED_MOST]],
            "how": how,
            "more": max(0, len(waiting) - MAILED_MOST),
        },
    )


def is_reachable(member: Member) -> bool:
    """Tell whether mail to the address of a member arrives, as far as is known."""
    return bool(member.email) and find_unreachable(member.email or "") is None


def secret_keys(settings: Settings) -> Sequence[str]:
    """Return the keys that sign links, the newest last."""
    return [*reversed(settings.secret_key_fallbacks), settings.secret_key]


def _still_new(details: Mapping[str, Any], member: Member) -> Sequence[Shown]:
    """Return what a message has to tell now: what was read, is gone or no longer wanted is left out."""
    choices, is_paused = get_choices(member.id), member.is_suspended(now())
    rows = [
        row
        for row in list_by_ids(details["ids"])
        if row.read_at is None
        and choices[row.kind] is not Frequency.NEVER
        and (row.kind in FOR_THE_SUSPENDED or not is_paused)
    ]
    return [item for item in show(rows) if not item.is_gone]


def _is_wanted(details: Mapping[str, Any], member: Member) -> bool:
    return is_reachable(member) and bool(_still_new(details, member))


def _content(details: Mapping[str, Any], member: Member) -> Mapping[str, Any]:
    """Return what the templates show.

    Raises:
        Deferred: all was read since the check; the next attempt drops the message.
    """
    items = _still_new(details, member)
    if not items:
        raise Deferred("nothing is new any more")
    settings: Settings = current_app.config["SETTINGS"]
    how, keys = Frequency(details["how"]), secret_keys(settings)
    content: dict[str, Any] = {
        "items": items,
        "groups": group_by_subject(items),
        "because": say(f"sent-{how}"),
        "unsubscribe_path": f"/attenderingen/afmelden/{unsubscribe_token(keys, member.id, how)}",
    }
    if how is Frequency.AT_ONCE and settings.mail_reply_domain and _can_be_answered(items[0]):
        content["reply_to"] = NOTIFICATIONS.make(keys, items[0].id, settings.mail_reply_domain)
    return content


def _can_be_answered(item: Shown) -> bool:
    return item.accepts_reply and item.kind in WRITTEN_BY_OTHERS


for template in (AT_ONCE, DIGEST):
    register_check(template, _is_wanted)
    register_content(template, _content)
