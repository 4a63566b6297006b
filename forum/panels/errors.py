"""What can go wrong in a selection."""

from http import HTTPStatus

from forum.kernel.errors import Conflict, ForumError, NotFound

LONGEST_SHOWN = 300


class InvalidRequest(ForumError):
    """A request that contradicts itself or does not have the agreed form."""

    code = "selection-invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, field: str, reason: str) -> None:
        """Name the field of the request and say what is wrong with it."""
        self.field, self.reason = _on_one_line(field), _on_one_line(reason)
        super().__init__(field=self.field, reason=self.reason)

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


def _on_one_line(text: str) -> str:
    """Return a text that quotes what somebody sent, short and without what breaks lines or encodings."""
    shown = "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in text)
    return shown if len(shown) <= LONGEST_SHOWN else shown[:LONGEST_SHOWN] + "…"


class SolverFailed(ForumError):
    """The solver gave no answer, or one that does not hold in whole numbers."""

    code = "selection-solver-failed"
    status = HTTPStatus.INTERNAL_SERVER_ERROR


class UnknownCandidate(NotFound):
    """An explanation was asked for somebody who is no candidate."""

    code = "selection-unknown-candidate"


class InvalidDossier(ForumError):
    """A dossier that does not have the agreed form."""

    code = "selection-invalid-dossier"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, reason: str) -> None:
        """Say what is wrong, and in which entry."""
        super().__init__(reason=reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class DebateNotOver(Conflict):
    """The scores of a topic are fixed when its debate is over; a panel cannot be selected before."""

    code = "debate-not-over"


class NoCandidates(Conflict):
    """Nobody took part in the topic, so there is nobody to choose from."""

    code = "no-candidates"


class WrongPanelState(Conflict):
    """The panel is not in the state this step needs; somebody else may have taken it already."""

    code = "wrong-panel-state"


class PublicValueNeeded(ForumError):
    """The seed waits for the public value that was announced when the list was fixed."""

    code = "public-value-needed"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class PublicValueTooEarly(Conflict):
    """The lottery whose numbers make the seed was not drawn yet."""

    code = "public-value-too-early"


class AlreadyConfirmed(Conflict):
    """The actor's party confirmed this list before."""

    code = "already-confirmed"


class ListChanged(Conflict):
    """The list that was confirmed is not the list that stands now."""

    code = "list-changed"


class ChangeImpossible(Conflict):
    """With this person off or on the list no panel keeps the quotas; the list stays as it was."""

    code = "change-impossible"


class TooManyTrials(Conflict):
    """There were as many trial runs as a panel may have."""

    code = "too-many-trials"


class QuotasRefused(ForumError):
    """The quotas contradict themselves: least above most, or too many categories."""

    code = "quotas-refused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class FormRulesRefused(ForumError):
    """A participation form that contradicts itself, or holds what a form cannot hold."""

    code = "form-rules-refused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, rule: str) -> None:
        """Name the rule that is wrong."""
        super().__init__(rule=rule)
        self.rule = rule


class FormChanged(Conflict):
    """Somebody else changed the form meanwhile."""

    code = "form-changed"


class TopicNeeded(ForumError):
    """A panel that is filled on activity needs a topic to be active on."""

    code = "topic-needed"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NoCoordinator(ForumError):
    """Who would run the panel is no coordinator, or not any more."""

    code = "no-coordinator"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class MeetingNotOver(Conflict):
    """A panel has met only when its meeting has ended."""

    code = "meeting-not-over"


class ViewsMissing(ForumError):
    """A point cannot close without what was agreed, or else what each party thinks."""

    code = "views-missing"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class SurveyClosed(Conflict):
    """Members cannot look back on the panel: it goes on, asks nothing, or it is too late."""

    code = "survey-closed"


class NotOnPanel(ForumError):
    """Only who was chosen for a panel looks back on it."""

    code = "not-on-panel"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class GuestRefused(Conflict):
    """This panel has no committee, or its list is fixed already."""

    code = "guest-refused"


class ApplicationsClosed(Conflict):
    """Tenants cannot apply now, or take an application back any more."""

    code = "applications-closed"


class UnknownGroup(ForumError):
    """No seats are kept for this group."""

    code = "unknown-group"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class RatingsNotOpen(Conflict):
    """The committee rates when applications are over, until the list is fixed."""

    code = "ratings-not-open"


class MarksRefused(ForumError):
    """A rating without a mark for each criterion."""

    code = "marks-refused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class RatingsMissing(Conflict):
    """The list cannot be fixed before each rater rated each application."""

    code = "ratings-missing"
