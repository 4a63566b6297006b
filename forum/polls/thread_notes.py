"""What the page and the sheet of a topic tell of its polls."""

from collections.abc import Sequence

from forum.discussion.poll_notes import PollNote
from forum.kernel.clock import now
from forum.polls.queries import list_polls
from forum.texts.catalogue import say


def poll_notes(topic_id: int) -> Sequence[PollNote]:
    """Return the polls on a topic, oldest first."""
    at = now()
    return [
        PollNote(
            poll.id,
            poll.question,
            poll.closes_at,
            is_open=poll.is_open(at),
            how=say(f"poll-how-{poll.kind}", most=poll.most_choices),
            options=tuple(option.text for option in poll.options),
        )
        for poll in list_polls(topic_id)
    ]
