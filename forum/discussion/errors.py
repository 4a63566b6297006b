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


class AnswersByMailOff(ForumError):
    """There is no mail domain for answers."""

    code = "mail-answers-off"


class AnswerAddressUnknown(ForumError):
    """No mail of the forum asked for an answer at this address."""

    code = "mail-address-unknown"


class AnswerFromElsewhere(ForumError):
    """An answer came from another address than that of the member."""

    code = "mail-from-elsewhere"


class AnswerEmpty(ForumError):
    """Nothing was typed above the mail that is answered."""

    code = "mail-answer-empty"


class AnswerTooLong(ForumError):
    """An answer is longer than a post may be."""

    code = "mail-answer-too-long"


class AnswerHoldsDetails(ForumError):
    """An answer holds private details (`words`); on the forum its writer would be asked first."""

    code = "mail-answer-holds-details"


class AnswersTooFast(ForumError):
    """A member sent another answer less than a minute ago; the mail server tries again later."""

    code = "mail-answers-too-fast"


class PictureRefused(ForumError):
    """A file is no picture that we take; `fault` says why: `bytes`, `pixels` or `format`."""

    code = "picture-refused"


class PictureGone(Conflict):
    """A picture waited too long for its post, or went with another."""

    code = "picture-gone"


class SummaryChanged(Conflict):
    """Somebody else changed the summary since it was shown."""

    code = "summary-changed"


class OwnPost(ForumError):
    """Nobody values their own post."""

    code = "own-post"


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
