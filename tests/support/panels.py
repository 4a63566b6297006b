"""A topic whose debate is over, with tenants who took part, ready for a panel."""

from datetime import timedelta

from forum.discussion import reacting
from forum.discussion.models import Thread
from forum.discussion.queries import get_thread
from forum.discussion.rules import ReactionKind
from forum.invitations.models import Invitation
from forum.invitations.queries import list_invitations
from forum.invitations.service import invite_panel
from forum.kernel.actor import Actor, Party, Role
from forum.kernel.database import db
from forum.members.models import Member
from forum.panels import choosing
from forum.panels.models import Panel
from forum.panels.queries import get_panel
from forum.panels.result_queries import find_result
from forum.panels.rules import FillingMode
from forum.panels.service import PanelPlan, create_panel
from tests.support.cast import (
    T0,
    actor_of,
    make_complex,
    make_household,
    make_post,
    make_staff,
    make_tenant,
    make_thread,
)
from tests.support.kept import made_once

OVER = T0 + timedelta(days=50)
"""A week after the debate of `make_debate` ended."""

MEETING = OVER + timedelta(days=30)
PLAN = PanelPlan(
    title="Panel over de lift",
    mode=FillingMode.QUOTA_TOP,
    seats=4,
    starts_at=MEETING,
    ends_at=MEETING + timedelta(hours=2),
    place="Buurthuis De Linde",
    access="Er is een lift en een ringleiding.",
    respond_by=OVER + timedelta(days=14),
)
QUOTAS = [("district", "Haven", 2, 3), ("district", "Noord", 1, 3)]


def make_debate(people: int = 12) -> tuple[Thread, list[Member]]:
    """Return a thread in which tenants of two districts wrote and valued each other, the first ones most."""
    topic_id, tenant_ids = made_once(f"a debate of {people}", lambda: _hold_debate(people))
    return get_thread(topic_id), [db.session.get_one(Member, tenant_id) for tenant_id in tenant_ids]


def _hold_debate(people: int) -> tuple[int, list[int]]:
    thread = make_thread()
    places = [make_complex("De Kade", "Haven"), make_complex("De Berg", "Noord")]
    tenants = [
        make_tenant(
            f"Huurder {place:02}", household=make_household(places[place % 2]), birth_year=1950 + 3 * place
        )
        for place in range(people)
    ]
    for place, tenant in enumerate(tenants):
        for day in range(1, 4 + (people - place) % 7):
            make_post(thread, tenant, at=T0 + timedelta(days=day, minutes=place))
    first_posts = [make_post(thread, tenant, at=T0 + timedelta(days=20)) for tenant in tenants]
    for place, post in enumerate(first_posts):
        for other in tenants[place + 1 : place + 4]:
            reacting.add_reaction(
                post, ReactionKind.VALUABLE, actor_of(other), at=T0 + timedelta(days=21, minutes=other.id)
            )
    db.session.commit()
    return thread.topic_id, [tenant.id for tenant in tenants]


def make_moderator(party: Party = Party.TENANTS) -> Actor:
    """Return a moderator as rules see them."""
    return actor_of(make_staff(Role.MODERATOR, party))


def make_panel(
    thread: Thread, *, seats: int = 4, mode: FillingMode = FillingMode.QUOTA_TOP, quotas: bool = True
) -> Panel:
    """Return a panel in preparation."""
    plan = PanelPlan(
        PLAN.title, mode, seats, PLAN.starts_at, PLAN.ends_at, PLAN.place, PLAN.access, PLAN.respond_by
    )
    panel = create_panel(thread, plan, QUOTAS if quotas else [], make_moderator(), at=OVER)
    db.session.commit()
    return get_panel(panel.id)


def make_proposed_panel(thread: Thread, *, seats: int = 4) -> Panel:
    """Return a panel whose members were chosen and await both parties."""
    panel = make_panel(thread, seats=seats)
    choosing.commit_panel(
        panel, "zes cijfers van de vergadering", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER
    )
    choosing.reveal_and_select(panel, "314159", make_moderator(), at=OVER)
    db.session.commit()
    return get_panel(panel.id)


def make_confirmed_panel(thread: Thread, *, seats: int = 4) -> Panel:
    """Return a panel that both parties confirmed; nobody is invited yet."""
    panel = make_proposed_panel(thread, seats=seats)
    for party in Party:
        result = find_result(panel)
        assert result is not None
        choosing.confirm_selection(panel, result["audit"]["result_sha256"], make_moderator(party), at=OVER)
    db.session.commit()
    return get_panel(panel.id)


def make_invited_panel(people: int = 12) -> tuple[Panel, list[Invitation]]:
    """Return a panel of four after a debate of so many, and its invitations; nobody answered yet."""
    panel = make_confirmed_panel(make_debate(people)[0])
    invite_panel(panel, at=OVER)
    db.session.commit()
    return panel, list(list_invitations(panel))
