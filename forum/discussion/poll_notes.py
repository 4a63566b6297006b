"""What the page and the sheet of a topic tell of its polls, which stand on a higher floor."""

from dataclasses import dataclass
from datetime import datetime

from forum.discussion.notes import NoteBoard


@dataclass(frozen=True, slots=True)
class PollNote:
    """The public facts of a poll: what it asks, how one answers, and until when."""

    poll_id: int
    question: str
    closes_at: datetime
    is_open: bool
    how: str
    options: tuple[str, ...]


POLL_NOTES: NoteBoard[PollNote] = NoteBoard()
