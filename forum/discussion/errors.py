"""What can go wrong in a discussion."""

from collections.abc import Sequence

from forum.discussion.polis_rows import Fault
from forum.kernel.errors import Conflict, Forbidden, ForumError


class ThreadNotOpen(Conflict):
    """The period of the thread has not begun, or is over."""

    code = "thread-not-open"


class Suspended(Forbidden):
    """The member is paused."""

    code = "suspended"


class PostGone(Conflict):
    """The post was hidden or withdrawn."""

    code = "post-gone"


class EditWindowClosed(Conflict):
    """The time in which an author may change a post is over."""

    code = "edit-window-closed"


class PostChanged(Conflict):
    """The post was changed in another window since it was shown."""

    code = "post-changed"


class OwnPost(ForumError):
    """Nobody values their own post."""

    code = "own-post"


class UnknownMember(ForumError):
    """There is no active tenant with this number."""

    code = "unknown-member"


class ConsultationRefused(ForumError):
    """The files of a consultation are wrong: the first twenty faults, and how many there are."""

    code = "consultation-refused"

    def __init__(self, faults: Sequence[Fault], count: int) -> None:
        """Keep what is wrong."""
        super().__init__(faults=count)
        self.faults = faults
        self.count = count


class OtherConsultation(Conflict):
    """The thread holds a consultation from another folder; their statements cannot be told apart."""

    code = "other-consultation"
