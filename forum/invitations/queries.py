"""Reading invitations."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from forum.accounts.rules import token_hash
from forum.invitations.channels import Channel
from forum.invitations.models import Invitation, InvitationLink
from forum.invitations.reaching import HAS_DIED, WITHOUT_SCORES
from forum.invitations.rules import SITTING, InvitationState
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.mail.models import UnreachableAddress
from forum.members.models import DISTRICT_OF_HOME, Complex, Household, Member, MemberState
from forum.panels.form_rules import EndKind
from forum.panels.models import Attendance, Meeting, Panel
from forum.panels.rules import PanelState, ShowUp


def get_invitation(invitation_id: int) -> Invitation:
    """Return an invitation.

    Raises:
        NotFound: there is none with this number.
    """
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None:
        raise NotFound(invitation_id=invitation_id)
    return invitation


def find_invitation(invitation_id: int) -> Invitation | None:
    """Return an invitation that may be gone."""
    return db.session.get(Invitation, invitation_id)


def find_by_token(token: str) -> Invitation | None:
    """Return the invitation a secret link stands for."""
    return db.session.scalar(
        select(Invitation)
        .join(InvitationLink, InvitationLink.invitation_id == Invitation.id)
        .where(InvitationLink.token_hash == token_hash(token))
    )


def list_invitations(panel: Panel) -> Sequence[Invitation]:
    """Return all invitations of a panel with their members, oldest first."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.panel_id == panel.id)
        .options(joinedload(Invitation.member))
        .order_by(Invitation.id)
    ).all()


def list_invitations_of(member_id: int) -> Sequence[Invitation]:
    """Return the invitations of a member with their panels, newest first."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.member_id == member_id)
        .options(joinedload(Invitation.panel).selectinload(Panel.meetings))
        .order_by(Invitation.id.desc())
        .limit(50)
    ).all()


def list_uninvited_panels() -> Sequence[int]:
    """Return the confirmed panels nobody was invited for yet."""
    return db.session.scalars(
        select(Panel.id).where(
            Panel.state == PanelState.CONFIRMED, ~exists().where(Invitation.panel_id == Panel.id)
        )
    ).all()


def list_expired(at: datetime, most: int) -> Sequence[int]:
    """Return invitations whose date has passed without an answer."""
    return db.session.scalars(
        select(Invitation.id)
        .where(Invitation.state == InvitationState.OPEN, Invitation.respond_by < at)
        .order_by(Invitation.id)
        .limit(most)
    ).all()


def list_unanswered(at: datetime, before: datetime, most: int) -> Sequence[int]:
    """Return invitations by mail that were never reminded and must be answered between two moments."""
    return db.session.scalars(
        select(Invitation.id)
        .where(
            Invitation.state == InvitationState.OPEN,
            Invitation.channel == Channel.EMAIL,
            Invitation.reminded_at.is_(None),
            Invitation.respond_by > at,
            Invitation.respond_by <= before,
        )
        .order_by(Invitation.id)
        .limit(most)
    ).all()


def list_returned(most: int) -> Sequence[int]:
    """Return open invitations by mail whose reader has no address any more that takes it."""
    return db.session.scalars(
        select(Invitation.id)
        .join(Invitation.panel)
        .join(Member, Member.id == Invitation.member_id)
        .outerjoin(UnreachableAddress, UnreachableAddress.address == Member.email)
        .where(
            Invitation.state == InvitationState.OPEN,
            Invitation.channel == Channel.EMAIL,
            Panel.state == PanelState.CONFIRMED,
            or_(Member.email.is_(None), UnreachableAddress.address.is_not(None)),
        )
        .order_by(Invitation.id)
        .limit(most)
    ).all()


_LIVES_ON = Panel.rules["end"].as_string() != EndKind.MEETING


def list_to_end(at: datetime, most: int) -> Sequence[int]:
    """Return invitations of who left or died, and open ones of who objected to scoring or moved away.

    Those of panels that met stay as they were, unless the panel lives on.
    """
    has_objected = Member.scoring_objected_at.is_not(None) & Panel.mode.not_in(WITHOUT_SCORES)
    has_moved = or_(
        Panel.complex_id.is_not(None) & Household.complex_id.is_distinct_from(Panel.complex_id),
        Panel.district_id.is_not(None) & DISTRICT_OF_HOME.is_distinct_from(Panel.district_id),
    )
    return db.session.scalars(
        select(Invitation.id)
        .join(Invitation.panel)
        .join(Member, Member.id == Invitation.member_id)
        .outerjoin(Household, Household.id == Member.household_id)
        .outerjoin(Complex, Complex.id == Household.complex_id)
        .where(
            Panel.state == PanelState.CONFIRMED,
            or_(_LIVES_ON, exists().where(Meeting.panel_id == Panel.id, Meeting.starts_at > at)),
            or_(
                Invitation.state.in_(SITTING) & or_(Member.state == MemberState.GONE, HAS_DIED),
                (Invitation.state == InvitationState.OPEN) & or_(has_objected, has_moved),
            ),
        )
        .order_by(Invitation.id)
        .limit(most)
    ).all()


def measure_show_up(at: datetime) -> ShowUp:
    """Return how many who said yes were expected and came, over the meetings whose attendance was kept."""
    kept = (
        select(Meeting.id, Meeting.panel_id, Meeting.starts_at)
        .where(
            Meeting.ends_at < at,
            Meeting.cancelled_at.is_(None),
            exists().where(Attendance.meeting_id == Meeting.id),
        )
        .subquery()
    )
    said_yes = (
        select(func.count(Invitation.id), func.count(Attendance.id))
        .join(kept, kept.c.panel_id == Invitation.panel_id)
        .outerjoin(
            Attendance,
            (Attendance.meeting_id == kept.c.id)
            & (Attendance.member_id == Invitation.member_id)
            & Attendance.is_present,
        )
        .where(
            Invitation.state == InvitationState.ACCEPTED,
            Invitation.invited_at
            < kept.c.starts_at,  # who joined a panel that lives on later was not expected
        )
    )
    expected, came = db.session.execute(said_yes).one()
    return ShowUp(expected, came)
