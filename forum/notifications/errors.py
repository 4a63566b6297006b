"""What can go wrong with notifications."""

from http import HTTPStatus

from forum.kernel.errors import ForumError


class UnsubscribeLinkRefused(ForumError):
    """The link in a mail is not one the forum made."""

    code = "unsubscribe-link-refused"
    status = HTTPStatus.NOT_FOUND
