"""What the pages of a thread and of a panel tell of minutes that are late."""

from collections.abc import Sequence

from forum.discussion.panel_notes import LateMinutes, PanelNote
from forum.kernel.clock import now
from forum.meetings.lateness import list_late_of_panel, list_late_of_topic
from forum.meetings.rules import due_at
from forum.meetings.terms import due_days
from forum.panels import thread_notes


def panel_notes(topic_id: int) -> Sequence[PanelNote]:
    """Return the public facts of the panels on a topic, oldest first."""
    notes = thread_notes.panel_notes(topic_id)
    if not notes:
        return notes
    late, days = list_late_of_topic(topic_id, at=now()), due_days()
    return [
        note._replace(
            late=tuple(
                LateMinutes(meeting_id, ends_at, due_at(ends_at, days))
                for panel_id, meeting_id, ends_at in late
                if panel_id == note.panel_id
            )
        )
        for note in notes
    ]


def late_meetings(panel_id: int) -> Sequence[int]:
    """Return the numbers of the meetings of a panel whose minutes are late, the oldest first."""
    return list_late_of_panel(panel_id, at=now())
