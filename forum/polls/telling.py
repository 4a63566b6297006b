"""Telling members of polls: that one is open, and that its result is there."""

from datetime import datetime

from forum.discussion.follow_queries import list_followers, without_muted
from forum.discussion.telling import subject_of
from forum.kernel.database import lock
from forum.members.queries import count_tenants
from forum.notifications.rules import NotificationKind
from forum.notifications.service import notify_all
from forum.polls.models import Poll
from forum.polls.queries import list_voters

OPENED, RESULT = "poll-opened", "poll-result"


def tell_of_poll(poll: Poll, *, at: datetime) -> None:
    """Tell who follows the thread of a poll that opened, and of one that is over who answered it as well.

    When it is over, how many could have voted is kept too: tenants come and go later. Twice changes nothing.
    """
    lock(poll)
    followers = set(list_followers(poll.thread_id)) - {poll.member_id}
    if poll.is_open(at):
        if not poll.is_told:
            _tell(poll, followers, OPENED, at)
        poll.is_told = True
    elif not poll.is_result_told:
        poll.closed_at = poll.closed_at or min(poll.closes_at, poll.thread.closed_at or poll.closes_at)
        poll.tenant_count = count_tenants()
        _tell(poll, followers | set(without_muted(poll.thread_id, list_voters(poll.id))), RESULT, at)
        poll.is_told = poll.is_result_told = True


def _tell(poll: Poll, member_ids: set[int], event: str, at: datetime) -> None:
    notify_all(
        member_ids,
        NotificationKind.FOLLOWED,
        at=at,
        event=event,
        key=f"{event}:{poll.id}",
        subject=subject_of(poll.thread_id),
        title=poll.thread.topic.title,
        text=poll.question,
        path=f"/peilingen/{poll.id}",
    )
