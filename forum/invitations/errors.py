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


class AnswerClosed(Conflict):
    """The invitation asks for nothing any more: declined, withdrawn, or too late."""

    code = "answer-closed"
