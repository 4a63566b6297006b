"""Who may do what around meetings. A coordinator may for the panel they run, and knows of no other."""

from forum.invitations.policy import can_enter_answers, can_see_answers
from forum.kernel.actor import Actor
from forum.meetings.rules import MinutesState


def can_see_attendance(actor: Actor, coordinator_id: int | None) -> bool:
    """Tell whether an actor may see who was there: the staff of the panel, nobody else."""
    return can_see_answers(actor, coordinator_id)


def can_run_meeting(actor: Actor, coordinator_id: int | None) -> bool:
    """Tell whether an actor plans meetings, says who was there and writes the minutes: an organiser."""
    return can_enter_answers(actor, coordinator_id)


def can_read_documents(actor: Actor, coordinator_id: int | None, *, is_on_panel: bool) -> bool:
    """Tell whether an actor may read the documents of a meeting."""
    return is_on_panel or can_see_answers(actor, coordinator_id)


def can_read_minutes(
    actor: Actor, coordinator_id: int | None, state: MinutesState, *, was_there: bool
) -> bool:
    """Tell whether an actor may read minutes: everybody locked ones, who was there a concept."""
    if state is MinutesState.LOCKED or can_see_answers(actor, coordinator_id):
        return True
    return state is MinutesState.CONCEPT and was_there


def can_answer_minutes(actor: Actor, member_id: int, coordinator_id: int | None, *, was_there: bool) -> bool:
    """Tell whether an actor may say whether points are right: who was there, or an organiser for them.

    Args:
        actor: who acts.
        member_id: whose answer it is.
        coordinator_id: of who runs the panel, if anybody.
        was_there: whether the member was at the meeting.
    """
    return was_there and (actor.member_id == member_id or can_run_meeting(actor, coordinator_id))
