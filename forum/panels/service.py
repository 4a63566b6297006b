"""Making a panel: its plan, its meeting, its quotas. How the members are chosen is in `choosing.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from forum.audit import service as audit
from forum.discussion.models import Thread
from forum.discussion.queries import get_thread
from forum.discussion.service import tell_of_panels
from forum.kernel.actor import Actor, Role
from forum.kernel.clock import local_day
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.members.queries import list_with_role
from forum.panels import policy
from forum.panels.areas import count_tenants
from forum.panels.burden_rules import RestRules
from forum.panels.calendars import new_uid
from forum.panels.errors import MeetingNotOver, NoCoordinator, QuotasRefused, TopicNeeded, WrongPanelState
from forum.panels.form_queries import get_form
from forum.panels.form_rules import GROUP, FormRules, last_day_of
from forum.panels.models import Meeting, Panel, Quota
from forum.panels.panel_forms import id_of_form
from forum.panels.queries import find_renewal, proposed_quotas
from forum.panels.rules import (
    ACTIVITY_MODES,
    EVERYWHERE,
    QUOTA_CATEGORIES_MOST,
    Area,
    Category,
    FillingMode,
    PanelState,
    QuotaRows,
    needs_new_quotas,
)
from forum.panels.shipped_forms import TOPIC_PANEL


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """What a moderator decides about a panel before its members are chosen.

    A panel for everybody takes its seats from `area`; `seats` counts for the other ones only. `extra` people
    more are asked because not everybody who says yes comes. `rules` are those of the form with what may be
    changed changed; without any, as the form has them. Applications are
    taken in the period `applications`, if at all.
    """

    title: str
    mode: FillingMode
    seats: int
    starts_at: datetime
    ends_at: datetime
    place: str
    access: str
    respond_by: datetime
    area: Area = EVERYWHERE
    coordinator_id: int | None = None
    form_key: str = TOPIC_PANEL
    rules: FormRules | None = None
    ends_on: date | None = None
    applications: tuple[datetime, datetime] | None = None
    extra: int = 0

    @property
    def asked(self) -> int:
        """Return for how many people there is a seat."""
        return self.seats + self.extra


def create_panel(
    thread: Thread | None, plan: PanelPlan, quotas: QuotaRows, actor: Actor, *, at: datetime
) -> Panel:
    """Make a panel after its form, on a topic or without one, with its meeting and quotas.

    Raises:
        Forbidden: the actor is no moderator.
        TopicNeeded: it is filled on activity, and there is no topic.
        NoCoordinator: who would run it is no coordinator.
        QuotasRefused: the quotas contradict themselves.
    """
    if not policy.can_prepare_panel(actor) or actor.member_id is None:
        raise Forbidden(action="prepare-panel")
    if thread is None and plan.mode in ACTIVITY_MODES:
        raise TopicNeeded
    _check_quotas(quotas)

    topic_id, form = thread.topic_id if thread else None, get_form(plan.form_key)
    rules = plan.rules or form.rules
    panel = Panel(form_id=id_of_form(form), topic_id=topic_id, made_by_id=actor.member_id, made_at=at)
    _keep_plan(panel, plan, rules)
    panel.meetings.append(_first_meeting(plan))
    _add_quotas(panel, [*quotas, *((GROUP, group.name, 0, group.seats) for group in rules.groups)])
    db.session.add(panel)
    if thread:
        tell_of_panels(thread)
    db.session.flush()
    kept = _audited(panel)
    audit.record(
        actor, "panel.created", panel_id=panel.id, topic_id=topic_id, form=plan.form_key, **kept, at=at
    )
    return panel


def _first_meeting(plan: PanelPlan) -> Meeting:
    return Meeting(
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        access=plan.access,
        uid=new_uid(),
    )


def _keep_plan(panel: Panel, plan: PanelPlan, rules: FormRules) -> None:
    """Give the panel what the plan says about it and about who is in it."""
    if plan.coordinator_id is not None and not _is_coordinator(plan.coordinator_id):
        raise NoCoordinator(member_id=plan.coordinator_id)
    panel.title, panel.mode, panel.seats, panel.extra_seats = plan.title, plan.mode, plan.asked, plan.extra
    panel.rules, panel.min_score_cp = rules.as_document(), 100 * rules.min_points
    panel.ends_on = last_day_of(rules, plan.ends_on, local_day(plan.starts_at))
    panel.applications_from, panel.applications_until = plan.applications or (None, None)
    panel.respond_by, panel.coordinator_id = plan.respond_by, plan.coordinator_id
    area = plan.area if plan.mode is FillingMode.EVERYONE else EVERYWHERE
    panel.complex_id, panel.district_id = area.complex_id, area.district_id
    if plan.mode is FillingMode.EVERYONE:
        panel.seats, panel.extra_seats = max(1, count_tenants(area)), 0


def _is_coordinator(member_id: int | None) -> bool:
    return member_id in {member.id for member in list_with_role(Role.COORDINATOR)}


def _audited(panel: Panel) -> dict[str, object]:
    """Return what the logbook keeps of a plan."""
    return {
        "seats": panel.seats,
        "extra_seats": panel.extra_seats,
        "area": panel.area.key,
        "coordinator_id": panel.coordinator_id,
    }


def renew_panel(
    panel: Panel, seats: int, quotas: QuotaRows, why: str, actor: Actor, *, at: datetime
) -> Panel:
    """Make a panel like one that was not possible, with other seats or quotas; once for each panel.

    The reason goes into the dossier of the new panel; the old dossier stays as it is.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the panel was possible, or nobody tried.
        QuotasRefused: the quotas contradict themselves.
    """
    lock_to_prepare(panel, actor, PanelState.INFEASIBLE)
    renewed = find_renewal(panel)
    if renewed is not None:
        return renewed
    meeting, extra = panel.first_meeting, min(panel.extra_seats, seats - 1)
    plan = PanelPlan(
        title=panel.title,
        mode=panel.mode,
        seats=seats - extra,
        extra=extra,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        access=meeting.access,
        respond_by=panel.respond_by,
        area=panel.area,
        coordinator_id=panel.coordinator_id if _is_coordinator(panel.coordinator_id) else None,
        form_key=panel.form.key,
        rules=panel.form_rules,
        ends_on=panel.ends_on,
    )
    thread = get_thread(panel.topic_id) if panel.topic_id else None
    renewed = create_panel(thread, plan, quotas, actor, at=at)
    renewed.form_id, renewed.renewed_from_id, renewed.changed_because = panel.form_id, panel.id, why
    _keep_rest(renewed, panel.rest)
    audit.record(actor, "panel.renewed", panel_id=renewed.id, renewed_from=panel.id, why=why, at=at)
    return renewed


def change_plan(panel: Panel, plan: PanelPlan, actor: Actor, *, at: datetime) -> Sequence[Category] | None:
    """Change a panel whose list of candidates is not fixed yet; quotas that do not fit it are proposed anew.

    Returns:
        The categories of the new quotas, maybe none; `None` when the quotas stand as they were.

    Raises:
        Forbidden: the actor is no moderator.
        NoCoordinator: who would run it is no coordinator.
        WrongPanelState: the list is fixed.
    """
    lock_to_prepare(panel, actor, PanelState.DRAFT)
    seats_before = panel.seats
    _keep_plan(panel, plan, plan.rules or panel.form_rules)
    meeting = panel.first_meeting
    meeting.starts_at, meeting.ends_at = plan.starts_at, plan.ends_at
    meeting.place, meeting.access = plan.place, plan.access
    meeting.sequence += 1
    audit.record(actor, "panel.changed", panel_id=panel.id, **_audited(panel), at=at)
    mixed_before, categories = panel.mixed_categories, panel.form_rules.categories
    if not needs_new_quotas((seats_before, panel.seats), (mixed_before, categories)):
        return None
    change_quotas(panel, proposed_quotas(panel.seats, categories, panel.area, at=at), actor, at=at)
    return categories


def change_quotas(panel: Panel, quotas: QuotaRows, actor: Actor, *, at: datetime) -> Panel:
    """Replace the quotas of a panel whose list of candidates is not fixed yet.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the list is fixed.
        QuotasRefused: the quotas contradict themselves.
    """
    lock_to_prepare(panel, actor, PanelState.DRAFT)
    _check_quotas(quotas)
    panel.quotas.clear()
    db.session.flush()
    _add_quotas(panel, quotas)
    audit.record(actor, "panel.quotas_changed", panel_id=panel.id, rows=len(quotas), at=at)
    return panel


def change_rest(panel: Panel, rest: RestRules, actor: Actor, *, at: datetime) -> Panel:
    """Change who rests, for a panel whose list of candidates is not fixed yet.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the list is fixed.
    """
    lock_to_prepare(panel, actor, PanelState.DRAFT)
    _keep_rest(panel, rest)
    audit.record(actor, "panel.rest_changed", panel_id=panel.id, **rest.as_document(), at=at)
    return panel


def _keep_rest(panel: Panel, rest: RestRules) -> None:
    panel.rest_months, panel.hours_most = rest.months_after_panel, rest.hours_most
    panel.invitations_most = rest.invitations_most


def _check_quotas(quotas: QuotaRows) -> None:
    if len({category for category, *_ in quotas}) > QUOTA_CATEGORIES_MOST:
        raise QuotasRefused(most=QUOTA_CATEGORIES_MOST)
    if any(least > most for _, _, least, most in quotas):
        raise QuotasRefused(most=QUOTA_CATEGORIES_MOST)


def _add_quotas(panel: Panel, quotas: QuotaRows) -> None:
    panel.quotas.extend(
        Quota(category=category, value=value, least=least, most=most)
        for category, value, least, most in quotas
    )


def mark_held(panel: Panel, actor: Actor, *, at: datetime) -> Panel:
    """Record that the panel met; nobody is invited or reminded for it any more.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the panel was not confirmed, or goes on after its meeting.
        MeetingNotOver: the meeting has not ended.
    """
    lock_to_prepare(panel, actor, PanelState.CONFIRMED)
    if panel.form_rules.lives_on:
        raise WrongPanelState(panel_id=panel.id, state=panel.state)
    if at < panel.last_meeting.ends_at:
        raise MeetingNotOver(ends_at=panel.last_meeting.ends_at)
    panel.state = PanelState.HELD
    audit.record(actor, "panel.held", panel_id=panel.id, at=at)
    return panel


def lock_to_prepare(panel: Panel, actor: Actor, *states: PanelState) -> None:
    """Lock a panel for a step of its moderator.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the panel is not in one of these states; somebody may have been first.
    """
    lock(panel)
    if not policy.can_prepare_panel(actor):
        raise Forbidden(action="prepare-panel", panel_id=panel.id)
    if panel.state not in states:
        raise WrongPanelState(panel_id=panel.id, state=panel.state)
