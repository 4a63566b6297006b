"""What the page of a thread tells of the panels on its topic, which stand on a higher floor."""

from datetime import datetime
from typing import NamedTuple

from forum.discussion.notes import NoteBoard


class LateMinutes(NamedTuple):
    """A meeting that is over, and when its minutes should have been sent."""

    meeting_id: int
    ended_at: datetime
    due_at: datetime


class PanelNote(NamedTuple):
    """The public facts of a panel: how far it is in words, when it meets, and whose minutes are late."""

    panel_id: int
    title: str
    state: str
    meets_at: datetime
    late: tuple[LateMinutes, ...] = ()


PANEL_NOTES: NoteBoard[PanelNote] = NoteBoard()
