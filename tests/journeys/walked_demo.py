"""A served demo year with something to see on every page, and somebody of each role to see it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import current_app

from forum.accounts.models import ActivationChannel, ActivationCode
from forum.accounts.rules import token_hash
from forum.agenda import service as agenda
from forum.agenda.deciding import give_view
from forum.agenda.models import Agenda
from forum.discussion import reacting
from forum.discussion import service as discussion
from forum.discussion.models import Post, StanceAnswer, Thread
from forum.discussion.queries import get_post, get_thread
from forum.discussion.rules import HouseRule, Stance
from forum.invitations.channels import Channel, LetterKind, PrintReason
from forum.invitations.letters import make_batch, print_letters, queue_letters, record_return
from forum.invitations.links import new_link
from forum.invitations.models import Invitation
from forum.invitations.rules import InvitationState, Rsvp
from forum.kernel.actor import SYSTEM, Actor, Party
from forum.kernel.clock import local_day, now
from forum.kernel.database import db, unit_of_work
from forum.mail.models import UnreachableAddress, UnreachableCause
from forum.meetings.attendance import add_walk_in
from forum.meetings.minutes import PointRow, draft_mark, start_minutes, write_draft
from forum.meetings.models import MinutesRemark
from forum.meetings.queries import get_minutes
from forum.meetings.rules import RemarkState
from forum.meetings.service import make_door_code
from forum.members.models import Member
from forum.moderation import appeals
from forum.moderation import service as moderation
from forum.moderation.first_posts import wish_first_posts
from forum.moderation.looking import look_at_new_posts
from forum.moderation.models import Appeal, Flag, ModerationDecision
from forum.moderation.rules import DecisionKind, FlagReason, FlagState, QueueFilter
from forum.moderation.saved_views import save_view
from forum.notifications.emails import secret_keys
from forum.notifications.links import unsubscribe_token
from forum.notifications.rules import Frequency, NotificationKind
from forum.notifications.service import notify
from forum.outcomes.queries import list_published
from forum.outcomes.service import RecommendationText, cite, write_recommendation
from forum.panels.application_rules import ApplicationSource
from forum.panels.applying import ApplicationText, apply_for_seat
from forum.panels.choosing import PanelKeys, commit_panel, reveal_and_select
from forum.panels.guests import invite_guest
from forum.panels.life_rules import GuestKind
from forum.panels.models import Meeting, Panel
from forum.panels.queries import list_judged_panels, proposed_quotas
from forum.panels.rules import EVERYWHERE, Category, FillingMode, PanelState
from forum.panels.service import PanelPlan, create_panel
from forum.panels.trials import run_trial
from forum.paper.models import Slip
from forum.polls.models import Poll
from forum.polls.rules import PollKind
from forum.polls.service import PollText, make_poll
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
            **_polls(cast["moderator-tenants"].as_actor(at), at),
            **_panels(cast["moderator-tenants"].as_actor(at), at),
            **_meetings(cast["tenant"], cast["moderator-tenants"].as_actor(at), at),
            "judged_panel": str(list_judged_panels(cast["tenant"].id)[0][0]),
            **_outcomes(cast["moderator-tenants"].as_actor(at), at),
            **_invitation(cast["tenant"], cast["moderator-tenants"].as_actor(at), at),
            **_moderation(cast, at),
            "activation": _activation_link(cast["tenant"], at),
            **_notifications(cast["tenant"], at),
        }
    forum.command("search", "rebuild")  # it is served without background tasks
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
        give_view(apart, "Dit is wat wij ervan vinden.", party, at=at)
    published = db.session.query(Agenda).filter(Agenda.published_at.is_not(None)).order_by(Agenda.year.desc())
    closed = next(topic for topic in published[0].topics if topic.state.value in ("declined", "postponed"))
    topics = {"idea": idea, "proposed": proposed, "edited": edited, "agreed": agreed, "apart": apart}
    numbers = {name: str(topic.id) for name, topic in topics.items()}
    years = {"draft": DRAFT_YEAR, "year": published[0].year, "next_year": local_day(at).year + 1}
    return {**numbers, "closed": str(closed.id), **{name: str(year) for name, year in years.items()}}


def _debates(tenant: Member, at: datetime) -> dict[str, str]:
    """Write a post of today and one that was changed, in a debate that is open, as the tenant."""
    threads = db.session.query(Thread).order_by(Thread.topic_id)
    asks = threads.filter(Thread.opens_at < at, Thread.closes_at > at, Thread.stance_question != "")
    open_one, asking = asks[0], asks[1]
    over = threads.filter(Thread.closes_at < at, Thread.stance_question != "")[0]
    imported = threads.filter(Thread.attribution != "")[0]
    actor, place = tenant.as_actor(at), discussion.Placement()
    reacting.take_stance(open_one, Stance.FOR, actor, at=at)
    db.session.query(StanceAnswer).filter_by(thread_id=asking.topic_id, member_id=tenant.id).delete()
    own, edited = (
        get_post(discussion.write_post(open_one.topic_id, discussion.Body.of(words), place, actor, at=at))
        for words in (WORDS, WORDS + " Graag.")
    )
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
        "slip": str(db.session.query(Slip).order_by(Slip.id)[0].id),
    }


def _polls(moderator: Actor, at: datetime) -> dict[str, str]:
    """Find the poll that is open and the one that is over; make one that nobody answered."""
    open_one, over = db.session.query(Poll).order_by(Poll.closes_at.desc())
    text = PollText("Welke kleur?", ["Rood", "Blauw"], PollKind.SINGLE, 1, at + timedelta(days=9), False)
    fresh = make_poll(get_thread(open_one.thread_id), text, moderator, at=at)
    return {"poll": str(open_one.id), "over_poll": str(over.id), "fresh_poll": str(fresh.id)}


def _panels(moderator: Actor, at: datetime) -> dict[str, str]:
    """Plan panels on a debate that is over: one in preparation, one fixed, and one that is not possible."""
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
        for title in ("Panel in voorbereiding", "Panel dat vastligt", "Panel dat niet kan")
    ]
    quotas = proposed_quotas(6, [Category.AGE, Category.DISTRICT], EVERYWHERE, at=at)
    draft, committed = (create_panel(thread, plan, quotas, moderator, at=at) for plan in plans[:2])
    impossible = [("age", "0-29", 6, 6), ("age", "65+", 0, 6)]
    infeasible = create_panel(thread, plans[2], impossible, moderator, at=at)
    for panel in (committed, infeasible):
        commit_panel(panel, "zes cijfers van de vergadering", moderator, keys=PanelKeys.fresh(), at=at)
    run_trial(committed, 1, moderator, at=at)
    reveal_and_select(infeasible, "1", moderator, at=at)
    assert infeasible.state is PanelState.INFEASIBLE, "there are not so many young people in the demo"
    proposed, confirmed = _panel_in(PanelState.PROPOSED), _panel_in(PanelState.CONFIRMED)
    found = {
        "draft": draft,
        "committed": committed,
        "infeasible": infeasible,
        "proposed": proposed,
        "confirmed": confirmed,
        "held": held,
    }
    names = {f"{state}_panel": str(panel.id) for state, panel in found.items()}
    return {**names, **_other_forms(moderator, at)}


def _other_forms(moderator: Actor, at: datetime) -> dict[str, str]:
    """Let tenants apply for one council, and a committee rate those of another; find the panel that ended."""
    tenant = db.session.query(Member).filter(Member.number.is_not(None)).order_by(Member.id)[0]
    councils = []
    for title, last_day in (("Raad om je aan te melden", at + timedelta(days=9)), ("Raad te beoordelen", at)):
        plan = PanelPlan(
            title=title,
            mode=FillingMode.APPLICATION,
            seats=13,
            starts_at=at + timedelta(days=40),
            ends_at=at + timedelta(days=40, hours=2),
            place="Buurthuis De Linde",
            access="",
            respond_by=at + timedelta(days=20),
            form_key="klantenraad",
            applications=(at - timedelta(days=9), last_day),
        )
        council = create_panel(None, plan, [], moderator, at=at)
        text = ApplicationText(council.form_rules.groups[0].name, WORDS, WORDS)
        apply_for_seat(council, tenant, text, ApplicationSource.LETTER, moderator, at=at)
        councils.append(council)
    tokens = {"rater": GuestKind.COMMITTEE, "observer": GuestKind.OBSERVER}
    for name, kind in tokens.items():
        invite_guest(councils[1], kind, "Anna", "Woonbond", moderator, token=f"{name}-link", at=at)
    plan = replace(
        plan, title="Een flat", mode=FillingMode.EVERYONE, form_key="renovatiepanel", applications=None
    )
    renovation, ended = create_panel(None, plan, [], moderator, at=at), _panel_in(PanelState.ENDED)
    renovation.state = PanelState.CONFIRMED
    living = db.session.query(Panel).filter_by(mode=FillingMode.APPLICATION, state=PanelState.CONFIRMED)[0]
    return {
        "council": str(councils[0].id),
        "rated_council": str(councils[1].id),
        "living_council": str(living.id),
        "renovation": str(renovation.id),
        "ended_panel": str(ended.id),
    }


def _meetings(tenant: Member, moderator: Actor, at: datetime) -> dict[str, str]:
    """Let the panel that met do so today as well, with a draft; let the tenant have been there before."""
    held, coming = _panel_in(PanelState.HELD), _panel_in(PanelState.CONFIRMED).first_meeting
    locked, concept = held.meetings
    begins, ends = at - timedelta(hours=1), at + timedelta(hours=2)  # its door is open past midnight too
    today = Meeting(panel_id=held.id, starts_at=begins, ends_at=ends, place=locked.place, uid="vandaag")
    db.session.add(today)
    db.session.flush()
    code = make_door_code(today, moderator, at=at)
    draft = start_minutes(today, moderator, at=at)
    write_draft(draft, [PointRow(None, "De hal", "")], draft_mark([]), moderator, at=at)
    add_walk_in(concept, tenant, moderator, at=at)
    meetings = {"coming": coming, "draft": today, "concept": concept, "locked": locked}
    remark = db.session.query(MinutesRemark).filter_by(state=RemarkState.OPEN)[0]
    return {
        **{f"{state}_meeting": str(meeting.id) for state, meeting in meetings.items()},
        "door": code,
        "remark": str(remark.id),
        "point": str(get_minutes(locked.id).points[0].id),
    }


def _outcomes(moderator: Actor, at: datetime) -> dict[str, str]:
    """Write a draft beside what was advised; some of that waits for an answer, some was promised."""
    topic_id = _panel_in(PanelState.HELD).topic_id
    assert topic_id is not None
    text = RecommendationText("Zet een bankje bij de ingang", "Een bankje, in de schaduw.")
    draft = write_recommendation(get_thread(topic_id), text, moderator, at=at)
    cited = db.session.query(Post).filter_by(thread_id=topic_id).order_by(Post.id)[0]
    cite(draft, str(cited.id), "", moderator, at=at)
    rows = list_published(topic_id)
    return {
        "advised": str(topic_id),
        "draft_advice": str(draft.id),
        "open_advice": str(next(row.id for row in rows if row.answer is None)),
        "promised_advice": str(next(row.id for row in rows if row.answer and row.done_on is None)),
    }


def _panel_in(state: PanelState) -> Panel:
    return db.session.query(Panel).filter_by(state=state).order_by(Panel.topic_id.is_(None), Panel.id)[0]


def _invitation(tenant: Member, moderator: Actor, at: datetime) -> dict[str, str]:
    """Give the tenant an open invitation, link to it and to one of who comes; let a letter come back."""
    panel_id = _panel_in(PanelState.CONFIRMED).id
    mine = db.session.query(Invitation).filter_by(panel_id=panel_id, member_id=tenant.id).one_or_none()
    invitation = mine or Invitation(panel_id=panel_id, member_id=tenant.id, pseudonym="K-0001", invited_at=at)
    invitation.channel = Channel.EMAIL
    invitation.state, invitation.rsvp = InvitationState.OPEN, Rsvp.NEEDS_ACTION
    invitation.respond_by, invitation.answered_at = at + timedelta(days=5), None
    db.session.add(invitation)
    db.session.flush()
    accepted = db.session.query(Invitation).filter_by(panel_id=panel_id, state=InvitationState.ACCEPTED)
    coming = accepted.order_by(Invitation.id).first()
    assert coming is not None, "the demo has a panel to which somebody comes"
    return {
        "invitation": str(invitation.id),
        "link": new_link(invitation, at=at),
        "coming": str(coming.id),
        "coming_link": new_link(coming, at=at),
        **_returned_letter(panel_id, invitation.id, moderator, at),
    }


def _returned_letter(panel_id: int, but: int, moderator: Actor, at: datetime) -> dict[str, str]:
    """Print a batch of letters, one of which came back."""
    others = db.session.query(Invitation).filter(Invitation.panel_id == panel_id, Invitation.id != but)
    row = others.filter(Invitation.state != InvitationState.ACCEPTED).order_by(Invitation.id)[0]
    row.state, row.rsvp, row.channel = InvitationState.OPEN, Rsvp.NEEDS_ACTION, Channel.LETTER
    row.respond_by = at + timedelta(days=5)
    queue_letters([row], LetterKind.INVITED, SYSTEM, at=at)
    batch = make_batch(_panel_in(PanelState.CONFIRMED), moderator, at=at)
    printed = print_letters(batch, None, PrintReason.TO_SEND, moderator, at=at)[-1]
    record_return(printed.letter, moderator, at=at)
    return {"batch": str(batch.id), "returned": str(printed.letter.invitation_id)}


def _moderation(cast: Mapping[str, Member], at: datetime) -> dict[str, str]:
    """Let each party decide against the tenant: one decision can be objected to, the other was."""
    thread = db.session.query(Thread).filter(Thread.opens_at < at, Thread.closes_at > at)[0]
    author = cast["tenant"].as_actor(at)
    found = {}
    for party, words in ((Party.LANDLORD, "Stelletje luiwammesen."), (Party.TENANTS, "Wat een onzin, zeg.")):
        body, place = discussion.Body.of(words), discussion.Placement()
        post = get_post(discussion.write_post(thread.topic_id, body, place, author, at=at))
        moderator = cast[f"moderator-{party}"].as_actor(at)
        judgement = moderation.Judgement(DecisionKind.EXPLAIN, HouseRule.ABUSE, "Niet schelden.")
        shown, term = moderation.Shown(post.version, 0), timedelta(days=14)
        found[party] = moderation.decide(post, judgement, shown, moderator, term=term, at=at)
    own = appeals.make_appeal(found[Party.TENANTS], "Dit is kritiek.", author, term=timedelta(days=14), at=at)
    for party in Party:
        wish_first_posts(3, cast[f"delegate-{party}"].as_actor(at), at=at)
    look_at_new_posts({"luiwammesen"}, at=at)
    save_view("Agressie", QueueFilter(reason=FlagReason.AGGRESSION), moderator)
    flagged = db.session.query(Flag).filter_by(state=FlagState.OPEN)[0]
    moderation.flag_post(flagged.post, FlagReason.AGGRESSION, "Hij staat voor mijn deur.", author, at=at)
    appeal = db.session.query(Appeal).filter(Appeal.id != own.id)[0]
    kept = db.session.query(ModerationDecision).filter_by(kind=DecisionKind.KEEP)[0]
    return {
        "appealable": str(found[Party.LANDLORD].id),
        "own_appeal": str(own.id),
        "appeal": str(appeal.id),
        "kept": str(kept.id),
        "flagged_post": str(flagged.post_id),
    }


def _notifications(tenant: Member, at: datetime) -> dict[str, str]:
    """Tell the tenant something, by mail that does not arrive."""
    details = {"subject": "thread:1", "title": "De lift", "path": "/huisregels"}
    for event in ("hidden", "restored"):
        notify(tenant.id, NotificationKind.MODERATION, at=at, event=event, key=f"walk:{event}", **details)
    db.session.add(UnreachableAddress(address=str(tenant.email), cause=UnreachableCause.BOUNCED, at=at))
    keys = secret_keys(current_app.config["SETTINGS"])
    return {
        "own_member": str(tenant.id),
        "unsubscribe": unsubscribe_token(keys, tenant.id, Frequency.DAILY),
    }


def _activation_link(tenant: Member, at: datetime) -> str:
    """Make a link by mail with which the tenant may choose a password."""
    code = "w" * 40
    times = {"made_at": at, "expires_at": at + timedelta(days=1)}
    way = {"channel": ActivationChannel.EMAIL, "email": tenant.email}
    db.session.add(ActivationCode(member_id=tenant.id, code_hash=token_hash(code), **way, **times))
    return code
