"""Polls for tests."""

from datetime import datetime, timedelta
from typing import Any

from forum.discussion.models import Thread
from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.members.models import Member
from forum.polls.models import Poll
from forum.polls.queries import get_poll
from forum.polls.rules import PollKind
from forum.polls.service import Answer, PollText, cast_ballot, make_poll
from tests.support.cast import T0, actor_of, make_staff

DAY = timedelta(days=1)


def poll_text(at: datetime = T0, **changes: Any) -> PollText:
    """Return a complete text of a poll that is open for a week."""
    fields: dict[str, Any] = {
        "question": "Wat moet er het eerst gebeuren?",
        "options": ("De lift", "Het trappenhuis", "De tuin", "De bellen"),
        "kind": PollKind.SINGLE,
        "most_choices": 2,
        "closes_at": at + 7 * DAY,
        "is_result_after_closing": True,
    }
    return PollText(**(fields | changes))


def open_poll(thread: Thread, at: datetime = T0, **changes: Any) -> Poll:
    """Return a poll that a moderator of the tenant organisation made."""
    moderator = actor_of(make_staff(Role.MODERATOR, Party.TENANTS))
    poll = make_poll(thread, poll_text(at, **changes), moderator, at=at)
    db.session.commit()
    return get_poll(poll.id)


def vote(poll: Poll, member: Member, *choices: int, at: datetime = T0) -> None:
    """Let a tenant vote."""
    cast_ballot(get_poll(poll.id), Answer(choices, poll.version), actor_of(member), at=at)
    db.session.commit()
