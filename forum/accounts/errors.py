"""What can go wrong when somebody signs in or activates."""

from http import HTTPStatus

from forum.kernel.errors import ForumError, TooMany


class SignInRefused(ForumError):
    """Wrong name or wrong password; which of the two is never said."""

    code = "sign-in-refused"


class TooManyAttempts(TooMany):
    """Too many failed attempts for this name or from this address."""

    code = "too-many-attempts"


class CodeRefused(ForumError):
    """The code is unknown, used, expired, or not for this postcode: one answer for all."""

    code = "code-refused"
    status = HTTPStatus.NOT_FOUND


class CurrentPasswordWrong(ForumError):
    """The password somebody has now was not typed right."""

    code = "current-password-wrong"


class PasswordRefused(ForumError):
    """The password is too short, too long or too common; `fault` is the key of the sentence."""

    code = "password-refused"
