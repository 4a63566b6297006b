"""What can go wrong with invitations."""

from http import HTTPStatus

from forum.kernel.errors import Conflict, ForumError


class LinkRefused(ForumError):
    """The link is unknown, used, expired, or of another meeting: one answer for all."""

    code = "link-refused"
    status = HTTPStatus.NOT_FOUND


class NotConfirmed(Conflict):
    """Nothing leaves before a named person of each party confirmed the list."""

    code = "not-confirmed"


class SeatsImpossible(Conflict):
    """So many people cannot be found within the quotas; the seats stay as they were."""

    code = "seats-impossible"


class AnswerClosed(Conflict):
    """The invitation asks for nothing any more: declined, withdrawn, or too late."""

    code = "answer-closed"


class NoLetters(Conflict):
    """No letter waits, or none may go out any more."""

    code = "no-letters"


class BatchPosted(Conflict):
    """Staff said that the letters of this batch are on their way."""

    code = "batch-posted"


class LetterNotThere(Conflict):
    """A letter comes back that never left, or that came back before."""

    code = "letter-not-there"


class WayClosed(Conflict):
    """Nothing reaches this person in that way."""

    code = "way-closed"
