"""What can go wrong around meetings, attendance and minutes."""

from http import HTTPStatus

from forum.kernel.errors import Conflict, ForumError


class MeetingFixed(Conflict):
    """The meeting has begun or was cancelled, or the panel is not confirmed: its plan cannot change."""

    code = "meeting-fixed"


class AgendaChanged(Conflict):
    """Somebody else changed the agenda since it was shown."""

    code = "agenda-changed"


class TooManyDocuments(Conflict):
    """The meeting has as many documents as it may have."""

    code = "too-many-documents"


class NotMeetingDay(Conflict):
    """It cannot be said yet, or not any more in this way, who is at the meeting."""

    code = "not-meeting-day"


class DoorRefused(ForumError):
    """The code is unknown, of another day, or of a cancelled meeting: one answer for all."""

    code = "door-refused"
    status = HTTPStatus.NOT_FOUND


class NotExpected(Conflict):
    """The person is not on the list; the organiser can add them."""

    code = "not-expected"


class MinutesChanged(Conflict):
    """Somebody else changed the minutes since they were shown."""

    code = "minutes-changed"


class WrongMinutesState(Conflict):
    """The minutes are not in the state this step needs; somebody else may have taken it already."""

    code = "wrong-minutes-state"


class TopicWasClosed(Conflict):
    """Both parties closed the topic, knowing that no minutes would come."""

    code = "topic-was-closed"


class NothingToSend(Conflict):
    """A point has no text, or there is none."""

    code = "minutes-not-whole"


class NobodyWasThere(Conflict):
    """Nobody is known to have been there, so nobody can answer."""

    code = "nobody-was-there"


class WindowClosed(Conflict):
    """Attendees cannot answer any more."""

    code = "minutes-window-closed"


class PointChanged(Conflict):
    """The text of the point is another than the one that was answered."""

    code = "point-changed"


class RemarkDecided(Conflict):
    """The organiser decided on it already."""

    code = "remark-decided"


class NoMinutesLetters(Conflict):
    """Mail reaches everybody who still has to answer, or their letters are in the post."""

    code = "no-minutes-letters"


class NotLockable(Conflict):
    """The window is open and not everybody answered."""

    code = "minutes-not-lockable"
