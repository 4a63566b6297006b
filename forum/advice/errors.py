"""What can go wrong around a case of statutory advice."""

from http import HTTPStatus

from forum.kernel.errors import Conflict, ForumError


class CaseChanged(Conflict):
    """Somebody took a step after the page was shown."""

    code = "statutory-advice-changed"


class StepNotPossible(Conflict):
    """The case does not wait for this, or not from this party."""

    code = "statutory-advice-step-not-possible"


class TooManyDocuments(Conflict):
    """The case has as many documents as it may have (`most`)."""

    code = "statutory-advice-too-many-documents"


class TextNeeded(ForumError):
    """A step that says nothing without words has none."""

    code = "statutory-advice-text-needed"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class DayNotPossible(ForumError):
    """The day is to come, or lies before the case."""

    code = "statutory-advice-day-not-possible"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooEarly(ForumError):
    """The plan could not be carried out on this day yet; `day` is the first on which it can."""

    code = "statutory-advice-too-early"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class PeriodTooShort(ForumError):
    """The landlord gives fewer days than the law (`least`)."""

    code = "statutory-advice-period-too-short"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
