"""Background work around meetings: locking minutes, telling organisers who are late, removing files."""

from datetime import datetime

from forum.jobs.registry import task
from forum.kernel.actor import SYSTEM
from forum.kernel.database import unit_of_work
from forum.mail.composing import address_of
from forum.meetings.lateness import list_late
from forum.meetings.minutes import lock_minutes, tell_late
from forum.meetings.models import MeetingDocument
from forum.meetings.news import minutes_path
from forum.meetings.queries import get_meeting, get_minutes, list_closed_windows
from forum.meetings.terms import due_days
from forum.web.documents import remove_loose

BATCH = 100
FOLDER = "meetings"


@task("meetings.lock_minutes", every_seconds=60)
def lock_answered_minutes(*, at: datetime) -> None:
    """Lock the minutes that nobody may answer any more."""
    for meeting_id in list_closed_windows(at, BATCH):
        with unit_of_work():
            minutes = get_minutes(meeting_id)
            lock_minutes(minutes, SYSTEM, address=address_of(minutes_path(minutes.meeting)), at=at)


@task("meetings.tell_late", every_seconds=3600)
def tell_late_organisers(*, at: datetime) -> None:
    """Tell organisers of minutes that should have been sent by now."""
    for meeting_id in list_late(at, BATCH):
        with unit_of_work():
            tell_late(get_meeting(meeting_id), days=due_days(), at=at)


@task("meetings.clean_documents", every_seconds=3600)
def clean_documents(*, at: datetime) -> None:
    """Remove files that no document knows."""
    remove_loose(FOLDER, MeetingDocument.key, at=at)
