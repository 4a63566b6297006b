"""What can go wrong anywhere: a code, an HTTP status and the details a text may need."""

from http import HTTPStatus


class ForumError(Exception):
    """A refusal that a person can be told about; `code` names its text in the catalogue."""

    code = "forum-error"
    status = HTTPStatus.BAD_REQUEST

    def __init__(self, **details: object) -> None:
        """Keep the details that the text of this refusal may quote."""
        super().__init__(self.code, details)
        self.details = details


class NotFound(ForumError):
    """It does not exist, or this person may not know that it does."""

    code = "not-found"
    status = HTTPStatus.NOT_FOUND


class Forbidden(ForumError):
    """The person is known, and may not do this."""

    code = "forbidden"
    status = HTTPStatus.FORBIDDEN


class SignInNeeded(ForumError):
    """Nobody is signed in (any more), and this needs somebody who is."""

    code = "sign-in-needed"
    status = HTTPStatus.UNAUTHORIZED


class Conflict(ForumError):
    """Somebody else was first, or it was done before."""

    code = "conflict"
    status = HTTPStatus.CONFLICT


class TooMany(ForumError):
    """A limit was reached; waiting helps."""

    code = "too-many"
    status = HTTPStatus.TOO_MANY_REQUESTS
