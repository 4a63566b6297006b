"""Who may see cases of statutory advice and take steps in them: delegates of both parties, nobody else."""

from datetime import date

from forum.advice.rules import OPEN_STATES, CaseKind, CaseState, Clock, StepKind, possible_steps
from forum.kernel.actor import Actor, Role


def can_see_cases(actor: Actor) -> bool:
    """Tell whether an actor may see the cases: a delegate of either party."""
    return actor.acts_for_party(Role.DELEGATE)


def can_start_case(actor: Actor, kind: CaseKind) -> bool:
    """Tell whether an actor may ask for advice (the landlord) or give it unasked (the tenants)."""
    return can_see_cases(actor) and actor.party is kind.starter


def can_change_documents(actor: Actor, state: CaseState) -> bool:
    """Tell whether an actor may put documents with a case and take their own away: while it is open."""
    return can_see_cases(actor) and state in OPEN_STATES


def steps_of(actor: Actor, clock: Clock, today: date) -> frozenset[StepKind]:
    """Return the steps that an actor may take now."""
    if not can_see_cases(actor) or actor.party is None:
        return frozenset()
    return possible_steps(clock, actor.party, today)
