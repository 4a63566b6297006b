"""A panel that meets: who said yes, who was there, minutes that they read."""

from datetime import datetime, timedelta

from forum.discussion.models import Thread
from forum.invitations.channels import Channel
from forum.invitations.models import Invitation
from forum.invitations.rules import InvitationState, Rsvp
from forum.kernel.actor import Actor, Party
from forum.kernel.database import db
from forum.meetings import attendance
from forum.meetings.attendance import Tick
from forum.meetings.minutes import PointRow, draft_mark, send_concept, start_minutes, write_draft
from forum.meetings.models import Minutes
from forum.meetings.queries import get_minutes, list_expected
from forum.members.models import Member
from forum.panels.form_queries import get_form
from forum.panels.models import Meeting, Panel
from forum.panels.panel_forms import id_of_form
from forum.panels.rules import FillingMode, PanelState
from forum.panels.shipped_forms import TOPIC_PANEL
from tests.support.cast import T0, make_tenant, make_thread
from tests.support.panels import make_moderator

MEETS = T0 + timedelta(days=60)
ENDS = MEETS + timedelta(hours=2)
ADDRESS = "https://forum.example.nl/panels/1/verslag/1"


def make_meeting(
    people: int = 3, *, thread: Thread | None = None, state: PanelState = PanelState.CONFIRMED
) -> Meeting:
    """Return the first meeting of a panel whose members all said yes."""
    moderator = make_moderator(Party.LANDLORD)
    assert moderator.member_id is not None
    panel = Panel(
        form_id=id_of_form(get_form(TOPIC_PANEL)),
        topic_id=(thread or make_thread()).topic_id,
        title="Panel over de lift",
        state=state,
        mode=FillingMode.TOP,
        seats=people,
        made_by_id=moderator.member_id,
        made_at=T0,
        respond_by=MEETS - timedelta(days=7),
        explained_sha256="0" * 64,  # nobody selected it, so there is nothing to explain
    )
    meeting = Meeting(starts_at=MEETS, ends_at=ENDS, place="De Linde", uid=f"m{moderator.member_id}")
    panel.meetings.append(meeting)
    db.session.add(panel)
    db.session.flush()
    for number in range(people):
        invite(panel, make_tenant(f"Huurder {'ABCDEFGH'[number]}"))
    db.session.commit()
    return meeting


def invite(panel: Panel, member: Member, state: InvitationState = InvitationState.ACCEPTED) -> Invitation:
    """Return an invitation with an answer."""
    invitation = Invitation(
        panel_id=panel.id,
        member_id=member.id,
        pseudonym=f"K-{member.id:04}",
        state=state,
        channel=Channel.EMAIL,
        rsvp=Rsvp.ACCEPTED if state is InvitationState.ACCEPTED else Rsvp.NEEDS_ACTION,
        invited_at=T0,
        respond_by=MEETS - timedelta(days=7),
    )
    db.session.add(invitation)
    db.session.commit()
    return invitation


def let_all_come(meeting: Meeting, organiser: Actor) -> list[Member]:
    """Tick everybody who said yes; return them."""
    members = list(list_expected(meeting.panel_id))
    for member in members:
        tick = Tick(is_present=True, made_at=meeting.starts_at)
        attendance.mark(meeting, member.id, tick, organiser, at=meeting.starts_at)
    db.session.commit()
    return members


def make_concept(people: int = 3, *, thread: Thread | None = None) -> tuple[Minutes, list[Member], Actor]:
    """Return minutes of two points to answer within a week, who was there, and an organiser."""
    meeting, organiser = make_meeting(people, thread=thread), make_moderator()
    members = let_all_come(meeting, organiser)
    minutes = start_minutes(meeting, organiser, at=meeting.ends_at)
    rows = [
        PointRow(None, "De lift", "De lift moet sneller."),
        PointRow(None, "De hal", "De hal is te donker."),
    ]
    write_draft(minutes, rows, draft_mark(minutes.points), organiser, at=meeting.ends_at)
    send_concept(minutes, organiser, days=7, at=meeting.ends_at)
    db.session.commit()
    return get_minutes(meeting.id), members, organiser


def after_window(minutes: Minutes) -> datetime:
    """Return a moment at which nobody may answer any more."""
    assert minutes.closes_at is not None
    return minutes.closes_at + timedelta(seconds=1)
