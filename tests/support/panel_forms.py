"""Panels of other forms than the klantenpanel: a council with applications, a renovation panel."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from forum.kernel.actor import Actor, Party
from forum.kernel.database import db
from forum.members.models import Member
from forum.panels import applying, choosing, guests, rating
from forum.panels.application_queries import find_application
from forum.panels.application_rules import ApplicationSource
from forum.panels.applying import ApplicationText
from forum.panels.form_queries import get_form
from forum.panels.form_rules import FormRules, SeatGroup
from forum.panels.life_rules import GuestKind
from forum.panels.models import Panel, PanelGuest
from forum.panels.queries import get_panel
from forum.panels.result_queries import get_result
from forum.panels.rules import Area, FillingMode
from forum.panels.service import PanelPlan, create_panel
from tests.support.cast import T0, actor_of, make_tenant
from tests.support.panels import PLAN, make_moderator

OPENS, CLOSES = T0, T0 + timedelta(days=14)
WHILE_OPEN, AFTER = T0 + timedelta(days=3), CLOSES + timedelta(days=1)
GROUPS = (SeatGroup("Flat", 2), SeatGroup("Woning", 1))
TEXT = "Ik wil graag iets doen voor de buurt."


def council_rules() -> FormRules:
    """Return the rules of the klantenraad with three seats of two groups, and two criteria."""
    return replace(get_form("klantenraad").rules, seats=3, groups=GROUPS, criteria=("Motivatie", "Kennis"))


def make_panel_of(form: str, mode: FillingMode, rules: FormRules | None = None, **plan: Any) -> Panel:
    """Return a panel in preparation after a form, without a topic."""
    fields: dict[str, object] = {
        "title": f"Ons {form}",
        "mode": mode,
        "seats": 3,
        "starts_at": PLAN.starts_at,
        "ends_at": PLAN.ends_at,
        "place": PLAN.place,
        "access": "",
        "respond_by": PLAN.respond_by,
        "form_key": form,
        "rules": rules,
    }
    made = create_panel(None, PanelPlan(**{**fields, **plan}), [], make_moderator(), at=T0)
    db.session.commit()
    return get_panel(made.id)


def make_council() -> Panel:
    """Return a council in preparation for which tenants can apply."""
    return make_panel_of(
        "klantenraad", FillingMode.APPLICATION, council_rules(), applications=(OPENS, CLOSES)
    )


def make_application(
    panel: Panel, group: str = "Flat", tenant: Member | None = None, *, at: datetime = WHILE_OPEN
) -> Member:
    """Return a tenant who applied."""
    tenant = tenant or make_tenant()
    text = ApplicationText(group, TEXT, "Ik was voorzitter van een vereniging.")
    applying.apply_for_seat(panel, tenant, text, ApplicationSource.ACCOUNT, actor_of(tenant), at=at)
    db.session.commit()
    return tenant


def make_rater(panel: Panel, name: str) -> PanelGuest:
    """Return somebody of the committee; the token of the link is the name."""
    guest = guests.invite_guest(
        panel, GuestKind.COMMITTEE, name, "Woonbond", make_moderator(), token=name, at=T0
    )
    db.session.commit()
    return guest


def rate_all(panel: Panel, rater: PanelGuest, marks: dict[int, int], *, at: datetime = AFTER) -> None:
    """Let a rater give the application of each of these tenants the same mark for every criterion."""
    count = len(panel.form_rules.criteria)
    for member_id, mark in marks.items():
        application = find_application(panel.id, member_id)
        assert application is not None, "only who applied is rated"
        rating.rate(rater, application.id, [mark] * count, f"Reden van {rater.name}.", at=at)
    db.session.commit()


def make_renovation_panel(area: Area, **plan: Any) -> Panel:
    """Return a renovation panel in preparation for everybody of a complex."""
    return make_panel_of("renovatiepanel", FillingMode.EVERYONE, area=area, **plan)


def confirm(panel: Panel, *, at: datetime = AFTER) -> Panel:
    """Return the panel after its list was fixed, chosen and confirmed by both parties."""
    moderators: list[Actor] = [make_moderator(party) for party in Party]
    keys = choosing.PanelKeys("a" * 64, "b" * 64)
    choosing.commit_panel(panel, "zes cijfers", moderators[0], keys=keys, at=at)
    choosing.reveal_and_select(panel, "314159", moderators[0], at=at)
    for moderator in moderators:
        shown = get_result(panel)["audit"]["result_sha256"]
        choosing.confirm_selection(panel, shown, moderator, at=at)
    db.session.commit()
    return get_panel(panel.id)
