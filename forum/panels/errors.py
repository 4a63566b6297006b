"""What can go wrong in a selection."""

from http import HTTPStatus

from forum.kernel.errors import Conflict, ForumError, NotFound


class InvalidRequest(ForumError):
    """A request that contradicts itself or does not have the agreed form."""

    code = "selection-invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, field: str, reason: str) -> None:
        """Name the field of the request and say what is wrong with it."""
        super().__init__(field=field, reason=reason)
        self.field = field
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


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


class AlreadyConfirmed(Conflict):
    """The actor's party confirmed this list before."""

    code = "already-confirmed"


class ListChanged(Conflict):
    """The list that was confirmed is not the list that stands now."""

    code = "list-changed"


class ChangeImpossible(Conflict):
    """With this person off or on the list no panel keeps the quotas; the list stays as it was."""

    code = "change-impossible"


class QuotasRefused(ForumError):
    """The quotas contradict themselves: least above most, or too many categories."""

    code = "quotas-refused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class MeetingNotOver(Conflict):
    """A panel has met only when its meeting has ended."""

    code = "meeting-not-over"
