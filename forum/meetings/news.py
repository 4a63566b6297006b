"""What attendees and organisers are told of minutes, on the forum and by the mail they chose."""

from collections.abc import Collection
from datetime import datetime

from forum.meetings.models import Minutes
from forum.notifications.rules import NotificationKind
from forum.notifications.service import notify_all
from forum.panels.models import Meeting


def concept_sent(minutes: Minutes, attendees: Collection[int], *, at: datetime) -> None:
    """Ask who was there whether the minutes are right."""
    _tell(minutes.meeting, "minutes-concept", minutes_path(minutes.meeting), attendees, at)


def locked(minutes: Minutes, attendees: Collection[int], *, at: datetime) -> None:
    """Tell who was there that the minutes are fixed, and everybody can read them."""
    _tell(minutes.meeting, "minutes-locked", minutes_path(minutes.meeting), attendees, at)


def letters_wait(minutes: Minutes, organisers: Collection[int], *, at: datetime) -> None:
    """Ask the organisers to print the fixed minutes for who was there and reads on paper."""
    path = f"/beheer/bijeenkomsten/{minutes.meeting_id}/verslag"
    _tell(minutes.meeting, "minutes-letters", path, organisers, at)


def late(meeting: Meeting, organisers: Collection[int], *, at: datetime) -> None:
    """Tell the organisers that the minutes are late."""
    _tell(meeting, "minutes-late", f"/beheer/bijeenkomsten/{meeting.id}", organisers, at)


def minutes_path(meeting: Meeting) -> str:
    """Return the address of the page of the minutes."""
    return f"/panels/{meeting.panel_id}/verslag/{meeting.id}"


def _tell(meeting: Meeting, event: str, path: str, member_ids: Collection[int], at: datetime) -> None:
    notify_all(
        member_ids,
        NotificationKind.PANEL,
        at=at,
        event=event,
        key=f"{event}:{meeting.id}",
        subject=f"panel:{meeting.panel_id}",
        title=meeting.panel.title,
        path=path,
    )
