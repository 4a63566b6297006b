"""What is true of topics and agendas: states, approvals, signing, the statutory list."""

from collections.abc import Collection
from enum import StrEnum

from forum.kernel.actor import Party

BOTH_PARTIES = frozenset(Party)


class AgendaState(StrEnum):
    """A year's agenda is a draft until it is published."""

    DRAFT = "draft"
    PUBLISHED = "published"


class TopicState(StrEnum):
    """How far a topic is. `BOTH_VIEWS`: no agreement, both standpoints are shown instead."""

    SUGGESTED = "suggested"
    PROPOSED = "proposed"
    AGREED = "agreed"
    PUBLISHED = "published"
    DECLINED = "declined"
    POSTPONED = "postponed"
    BOTH_VIEWS = "both_views"


class DecisionKind(StrEnum):
    """A step that needs a reason or must be remembered."""

    ADOPTED = "adopted"
    DECLINED = "declined"
    POSTPONED = "postponed"
    REPHRASED = "rephrased"
    RESUMED = "resumed"
    BOTH_VIEWS = "both_views"


class InfluenceLevel(StrEnum):
    """How much tenants can change: from knowing to deciding along."""

    INFORMED = "meeweten"
    ADVISING = "meedenken"
    WORKING = "meewerken"
    DECIDING = "meebeslissen"


class StatutorySubject(StrEnum):
    """Subjects of the Overlegwet and the Woningwet that belong to the tenant organisation."""

    RENT_POLICY = "rent_policy"
    SERVICE_COSTS = "service_costs"
    DEMOLITION = "demolition"
    PERFORMANCE_AGREEMENTS = "performance_agreements"
    ALLOCATION = "allocation"
    MERGER = "merger"
    OTHER = "other"


OPEN_STATES = frozenset({TopicState.SUGGESTED, TopicState.PROPOSED, TopicState.AGREED})
"""States in which a topic of the agenda can still change."""

LEFT_STATES = frozenset(
    {TopicState.SUGGESTED, TopicState.PROPOSED, TopicState.DECLINED, TopicState.POSTPONED}
)
"""States of a topic of a published agenda that did not make it, and may come back on a later one."""

SHELVED_STATES = frozenset({TopicState.DECLINED, TopicState.POSTPONED})
"""States of a topic that was taken off the table with a reason."""


def needs_mark(statutory: StatutorySubject | None, *, only_opinions: bool) -> bool:
    """Tell whether a text on a statutory subject lacks the mark that its thread only gathers opinions."""
    return statutory is not None and not only_opinions


def state_after_approvals(approved_by: Collection[Party]) -> TopicState:
    """Return the state of a topic given the parties that approved the text that stands now."""
    return TopicState.AGREED if set(approved_by) == BOTH_PARTIES else TopicState.PROPOSED


def can_be_published(signed_by: Collection[Party], wanted: int, agreed: int) -> bool:
    """Tell whether an agenda is signed by both parties and holds exactly the number wanted."""
    return set(signed_by) == BOTH_PARTIES and wanted == agreed


def is_public_topic(state: TopicState, agenda_state: AgendaState, party: Party | None) -> bool:
    """Tell whether everybody may read a topic.

    What was published and what both parties gave their view on; and once the agenda is published, what was
    declined or postponed, so that all can read why. An idea that no party adopted is never among them: nobody
    but its writer and the staff read it.

    Args:
        state: where the topic stands.
        agenda_state: of the year.
        party: that proposed the topic or adopted the idea.
    """
    if state in SHELVED_STATES:
        return agenda_state is AgendaState.PUBLISHED and party is not None
    return state in (TopicState.PUBLISHED, TopicState.BOTH_VIEWS)


def startable_years(this_year: int) -> tuple[int, int]:
    """Return the years whose agenda the parties can start: this one and the next."""
    return this_year, this_year + 1
