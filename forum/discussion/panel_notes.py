"""What the page of a thread tells of the panels on its topic, which stand on a higher floor."""

from dataclasses import dataclass
from datetime import datetime

from forum.discussion.notes import NoteBoard


@dataclass(frozen=True, slots=True)
class PanelNote:
    """The public facts of a panel: that it is there, how far it is in words, and when it meets."""

    panel_id: int
    title: str
    state: str
    meets_at: datetime


PANEL_NOTES: NoteBoard[PanelNote] = NoteBoard()
