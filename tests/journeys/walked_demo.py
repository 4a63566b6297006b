"""A served demo year with something to see on every page, and somebody of each role to see it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from forum.accounts.models import ActivationChannel, ActivationCode
from forum.accounts.rules import token_hash
from forum.agenda import service as agenda
from forum.agenda.models import Agenda
from forum.discussion import service as discussion
from forum.discussion.models import Post, Thread
from forum.discussion.queries import get_thread
from forum.invitations.models import Invitation
from forum.invitations.rules import InvitationState, Rsvp
from forum.invitations.service import new_link
from forum.kernel.actor import SYSTEM, Actor, Party
from forum.kernel.clock import local_day, now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from forum.panels.choosing import PanelKeys, commit_panel
from forum.panels.models import Panel
from forum.panels.panel_page import proposed_quotas
from forum.panels.rules import Category, FillingMode, PanelState
from forum.panels.service import PanelPlan, create_panel
from forum.web.links import slug
from tests.journeys.served import ServedForum
from tests.support.cast import topic_text

DRAFT_YEAR = 2000
"""Its agenda is not published; the demo year has only agendas that are. The front page shows the latest."""

WORDS = "Bij ons in de flat is het al jaren zo, en dat moet dit jaar echt anders."


@dataclass(frozen=True)
class WalkedDemo:
    """A served demo year; `names` fills the addresses of example pages, `emails` says who has which role."""

    forum: ServedForum
    names: Mapping[str, str]
    emails: Mapping[str, str]
    password: str


def prepare_demo(forum: ServedForum) -> WalkedDemo:
    """Add to a demo year what it lacks: drafts, a post of today, an open invitation, links by mail."""
    told = json.loads(forum.command("demo", "--show", "--json").stdout)
    people = {f"{row['role']}-{row['party']}" if row["party"] else row["role"]: row for row in told}
    with forum.inside(), unit_of_work():
        at = now()
        cast = {key: _member(row["email"]) for key, row in people.items()}
        names = {
            **_draft_agenda(cast, at),
            **_debates(cast["tenant"], at),
            **_panels(cast["moderator-tenants"].as_actor(at), at),
            **_invitation(cast["tenant"], at),
            "activation": _activation_link(cast["tenant"], at),
        }
    emails = {key: row["email"] for key, row in people.items()}
    return WalkedDemo(forum, names, emails, told[0]["password"])


def _member(email: str) -> Member:
    return db.session.query(Member).filter_by(email=email).one()


def _draft_agenda(cast: Mapping[str, Member], at: datetime) -> dict[str, str]:
    """Put a topic in each state on an agenda that is not published."""
    tenants, landlord = (cast[f"delegate-{party}"].as_actor(at) for party in Party)
    draft = agenda.start_agenda(DRAFT_YEAR, 5, SYSTEM, at=at)
    idea = agenda.suggest_topic(
        draft, "Een bankje", "Dan kan ik uitrusten.", cast["tenant"].as_actor(at), at=at
    )
    proposed = agenda.propose_topic(draft, topic_text("De lift"), tenants, at=at)
    edited = agenda.propose_topic(draft, topic_text("De trap"), landlord, at=at)
    changed = topic_text("De trap en de hal", why="De trap is glad.\nDe hal is donker.")
    agenda.edit_topic(edited, edited.version, changed, tenants, reason="Ook de hal.", at=at)
    agreed, apart = (
        agenda.propose_topic(draft, topic_text(title), tenants, at=at) for title in ("De tuin", "De huur")
    )
    for party in (tenants, landlord):
        agenda.approve_topic(agreed, agreed.version, party, at=at)
        agenda.rate_topic(proposed, 4, 3, party, at=at)
        agenda.give_view(apart, "Dit is wat wij ervan vinden.", party, at=at)
    published = db.session.query(Agenda).filter(Agenda.published_at.is_not(None)).order_by(Agenda.year.desc())
    closed = next(topic for topic in published[0].topics if topic.state.value in ("declined", "postponed"))
    topics = {"idea": idea, "proposed": proposed, "edited": edited, "agreed": agreed, "apart": apart}
    numbers = {name: str(topic.id) for name, topic in topics.items()}
    years = {"draft": DRAFT_YEAR, "year": published[0].year, "next_year": local_day(at).year + 1}
    return {**numbers, "closed": str(closed.id), **{name: str(year) for name, year in years.items()}}


def _debates(tenant: Member, at: datetime) -> dict[str, str]:
    """Write a post of today and one that was changed, in a debate that is open, as the tenant."""
    threads = db.session.query(Thread)
    open_one = threads.filter(Thread.opens_at < at, Thread.closes_at > at).order_by(Thread.topic_id)[0]
    asking = threads.filter(Thread.opens_at < at, Thread.closes_at > at).order_by(Thread.topic_id)[1]
    over = threads.filter(Thread.closes_at < at, Thread.stance_question != "").order_by(Thread.topic_id)[0]
    imported = threads.filter(Thread.attribution != "")[0]
    actor, place = tenant.as_actor(at), discussion.Placement()
    own = discussion.write_post(open_one, discussion.Body.of(WORDS), place, actor, at=at)
    edited = discussion.write_post(open_one, discussion.Body.of(WORDS + " Graag."), place, actor, at=at)
    changed = discussion.Body.of("# Een kop\n\n> Wat een ander zei\n\n- een\n- twee\n\n`code`")
    discussion.edit_post(edited, edited.version, changed, actor, window=timedelta(hours=1), at=at)
    parent = db.session.query(Post).filter(Post.reply_count > 3).order_by(Post.id)[0]
    found = {"open": open_one, "asking": asking, "over": over, "imported": imported}
    return {
        **{name: str(thread.topic_id) for name, thread in found.items()},
        **{f"{name}_slug": slug(thread.topic.title) for name, thread in found.items()},
        "own_post": str(own.id),
        "edited_post": str(edited.id),
        "parent": str(parent.id),
    }


def _panels(moderator: Actor, at: datetime) -> dict[str, str]:
    """Plan two panels on a debate that is over, and fix the candidates of one of them."""
    held = _panel_in(PanelState.HELD)
    assert held.topic_id is not None
    thread = get_thread(held.topic_id)
    meets = at + timedelta(days=40)
    plans = [
        PanelPlan(
            title=title,
            mode=FillingMode.QUOTA_TOP,
            seats=6,
            starts_at=meets,
            ends_at=meets + timedelta(hours=2),
            place="Buurthuis De Linde",
            access="Er is een lift.",
            respond_by=at + timedelta(days=20),
        )
        for title in ("Panel in voorbereiding", "Panel dat vastligt")
    ]
    quotas = proposed_quotas(6, [Category.AGE, Category.DISTRICT], at.year)
    draft, committed = (create_panel(thread, plan, quotas, moderator, at=at) for plan in plans)
    commit_panel(committed, "zes cijfers van de vergadering", moderator, keys=PanelKeys.fresh(), at=at)
    proposed, confirmed = _panel_in(PanelState.PROPOSED), _panel_in(PanelState.CONFIRMED)
    found = {
        "draft": draft,
        "committed": committed,
        "proposed": proposed,
        "confirmed": confirmed,
        "held": held,
    }
    return {f"{state}_panel": str(panel.id) for state, panel in found.items()}


def _panel_in(state: PanelState) -> Panel:
    return db.session.query(Panel).filter_by(state=state)[0]


def _invitation(tenant: Member, at: datetime) -> dict[str, str]:
    """Let the tenant have an invitation to the confirmed panel without an answer, with a secret link."""
    panel_id = _panel_in(PanelState.CONFIRMED).id
    mine = db.session.query(Invitation).filter_by(panel_id=panel_id, member_id=tenant.id).one_or_none()
    invitation = mine or Invitation(panel_id=panel_id, member_id=tenant.id, pseudonym="K-0001", invited_at=at)
    invitation.state, invitation.rsvp = InvitationState.OPEN, Rsvp.NEEDS_ACTION
    invitation.respond_by, invitation.answered_at = at + timedelta(days=5), None
    db.session.add(invitation)
    db.session.flush()
    return {"invitation": str(invitation.id), "link": new_link(invitation, at=at)}


def _activation_link(tenant: Member, at: datetime) -> str:
    """Make a link by mail with which the tenant may choose a password."""
    code = "w" * 40
    times = {"made_at": at, "expires_at": at + timedelta(days=1)}
    way = {"channel": ActivationChannel.EMAIL, "email": tenant.email}
    db.session.add(ActivationCode(member_id=tenant.id, code_hash=token_hash(code), **way, **times))
    return code
