"""Who may do what with topics and the agenda."""

from forum.agenda.rules import LEFT_STATES, OPEN_STATES, SHELVED_STATES, AgendaState, TopicState
from forum.kernel.actor import Actor, Role


def _is_delegate(actor: Actor) -> bool:
    return actor.acts_for_party(Role.DELEGATE)


def can_propose_topic(actor: Actor) -> bool:
    """Tell whether an actor may propose a topic for a party."""
    return _is_delegate(actor)


def can_suggest_topic(actor: Actor) -> bool:
    """Tell whether an actor may suggest a topic for the parties to adopt."""
    return actor.is_signed_in and not actor.suspended


def can_adopt_topic(actor: Actor, state: TopicState) -> bool:
    """Tell whether an actor may make a tenant's suggestion a proposal of their party."""
    return _is_delegate(actor) and state is TopicState.SUGGESTED


def can_act_for_party(actor: Actor) -> bool:
    """Tell whether an actor may act for a party on topics at all; the state of the topic decides the rest."""
    return _is_delegate(actor)


def can_edit_topic(actor: Actor, state: TopicState) -> bool:
    """Tell whether an actor may write the next version of a topic."""
    return _is_delegate(actor) and state in (TopicState.PROPOSED, TopicState.AGREED)


def can_approve_topic(actor: Actor, state: TopicState) -> bool:
    """Tell whether an actor may give their party's approval; an agreed topic gets a clearer refusal later."""
    return _is_delegate(actor) and state in (TopicState.PROPOSED, TopicState.AGREED)


def can_decide_topic(actor: Actor, state: TopicState) -> bool:
    """Tell whether an actor may decline or postpone a topic, or rate it."""
    return _is_delegate(actor) and state in OPEN_STATES


def can_give_view(actor: Actor, state: TopicState) -> bool:
    """Tell whether an actor may write their party's view on a text the parties do not agree on."""
    return _is_delegate(actor) and state is TopicState.PROPOSED


def can_set_period(actor: Actor, state: TopicState) -> bool:
    """Tell whether an actor may say from when to when a topic is debated."""
    return _is_delegate(actor) and state is TopicState.AGREED


def can_resume_topic(actor: Actor, state: TopicState) -> bool:
    """Tell whether an actor may put a declined or postponed topic back on the table."""
    return _is_delegate(actor) and state in SHELVED_STATES


def can_carry_topic(actor: Actor, state: TopicState, agenda_state: AgendaState) -> bool:
    """Tell whether an actor may put what a published agenda left on a later one."""
    return _is_delegate(actor) and agenda_state is AgendaState.PUBLISHED and state in LEFT_STATES


def can_sign_agenda(actor: Actor) -> bool:
    """Tell whether an actor may sign and publish the agenda."""
    return _is_delegate(actor)


def can_start_agenda(actor: Actor) -> bool:
    """Tell whether an actor may start the agenda of a year: a delegate of either party."""
    return actor.is_system or _is_delegate(actor)


def can_see_topic(actor: Actor, *, is_public: bool, suggested_by_id: int | None) -> bool:
    """Tell whether an actor may see a topic: staff see all, a tenant what is public and their own ideas."""
    if is_public or actor.is_staff:
        return True
    return actor.is_signed_in and actor.member_id == suggested_by_id
