"""Which meetings of a panel have late minutes; a higher floor knows those, and registers here."""

from forum.discussion.notes import NoteBoard

LATE_MINUTES: NoteBoard[int] = NoteBoard()
"""By panel, the numbers of those meetings."""
