"""What reaches members, as far as the database knows: what came back by mail or post, and what they wish."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.audit import service as audit
from forum.invitations import policy
from forum.invitations.channels import Channel, Reach, StepKind, WithdrawReason, first_channel, reason_to_end
from forum.invitations.models import ChannelWish, Invitation, InvitationStep, UndeliverableHome
from forum.invitations.rules import AnswerSource, InvitationState
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.mail.models import UnreachableAddress
from forum.members.models import Household, Member, MemberState
from forum.panels.models import Panel
from forum.panels.rules import FillingMode

MEMBERS_AT_ONCE = 500
WITHOUT_SCORES = frozenset({FillingMode.EVERYONE, FillingMode.APPLICATION})
"""Ways to fill a panel in which nobody is scored: objecting to scores changes nothing there."""
_OTHER = aliased(Invitation)
HAS_DIED = (
    select(InvitationStep.id)
    .join(_OTHER, _OTHER.id == InvitationStep.invitation_id)
    .where(
        _OTHER.member_id == Invitation.member_id,
        _OTHER.withdrawn_because == WithdrawReason.DECEASED,
        InvitationStep.kind == StepKind.WITHDRAWN,
        InvitationStep.at >= Invitation.invited_at,
    )
    .correlate(Invitation)
    .exists()
)
"""That staff said, after somebody was invited, that they died; a mistake heals when they are asked anew."""


def channels_of(members: Sequence[Member]) -> Mapping[int, Channel]:
    """Return how each member is best asked now."""
    found: dict[int, Channel] = {}
    for start in range(0, len(members), MEMBERS_AT_ONCE):
        chunk = members[start : start + MEMBERS_AT_ONCE]
        wishes = _wishes([member.id for member in chunk])
        for member_id, reach in reach_of(chunk).items():
            found[member_id] = first_channel(reach, wishes.get(member_id))
    return found


def reach_of(members: Sequence[Member]) -> Mapping[int, Reach]:
    """Return what reaches each of at most a few hundred members."""
    these = Member.id.in_([member.id for member in members])
    mail_returns = select(Member.id).join(UnreachableAddress, UnreachableAddress.address == Member.email)
    post_returns = select(Member.id).join(
        UndeliverableHome,
        (UndeliverableHome.member_id == Member.id) & (UndeliverableHome.household_id == Member.household_id),
    )
    no_mail, no_post = (
        frozenset(db.session.scalars(returns.where(these))) for returns in (mail_returns, post_returns)
    )
    return {
        member.id: Reach(
            by_mail=bool(member.email) and member.id not in no_mail,
            by_post=member.household_id is not None and member.id not in no_post,
            has_home=member.household_id is not None,
        )
        for member in members
    }


def _wishes(member_ids: Sequence[int]) -> Mapping[int, Channel]:
    wishes = db.session.scalars(select(ChannelWish).where(ChannelWish.member_id.in_(member_ids)))
    return {wish.member_id: wish.channel for wish in wishes}


def reach_of_one(member: Member) -> Reach:
    """Return what reaches a member."""
    return reach_of([member])[member.id]


def why_to_end(invitation: Invitation) -> WithdrawReason | None:
    """Return why somebody may not be asked any more, as the register and their choices stand now."""
    member, panel = invitation.member, invitation.panel
    return reason_to_end(
        is_here=member.state is MemberState.ACTIVE,
        has_died=bool(db.session.scalar(select(HAS_DIED).where(Invitation.id == invitation.id))),
        has_objected=member.scoring_objected_at is not None and panel.mode not in WITHOUT_SCORES,
        lives_in_area=_lives_in_area(member.household, panel),
        is_coming=invitation.state is InvitationState.ACCEPTED,
    )


def _lives_in_area(home: Household | None, panel: Panel) -> bool:
    if panel.complex_id is not None:
        return home is not None and home.complex_id == panel.complex_id
    if panel.district_id is None:
        return True
    if home is None:
        return False
    district_id = home.complex.district_id if home.complex else home.district_id
    return district_id == panel.district_id


def mark_undeliverable(member: Member, household_id: int, *, at: datetime) -> None:
    """Remember that post to a member at a home came back."""
    db.session.merge(UndeliverableHome(member_id=member.id, household_id=household_id, at=at))


def let_post_go(invitation: Invitation, actor: Actor, *, at: datetime) -> None:
    """Send post to the home of somebody again: the address was right after all. Twice changes nothing.

    Raises:
        Forbidden: the actor does not invite people of this panel.
    """
    if not policy.can_enter_answers(actor, invitation.panel.coordinator_id):
        raise Forbidden(action="let-post-go")
    marked = db.session.get(UndeliverableHome, invitation.member_id)
    if marked is not None:
        db.session.delete(marked)
        audit.record(actor, "post.let_go", member_id=invitation.member_id, at=at)


def find_wish(member_id: int) -> ChannelWish | None:
    """Return how a member wants to be invited, if they said so."""
    return db.session.get(ChannelWish, member_id)


def wish_channel(
    member: Member, channel: Channel | None, source: AnswerSource, actor: Actor, *, at: datetime
) -> None:
    """Record how a member wants to be invited from now on; `None` leaves it to the forum.

    Args:
        member: who wants it.
        channel: how.
        source: how they said so.
        actor: the member, or staff whom they told.
        at: the moment.

    Raises:
        Forbidden: the actor is neither.
    """
    if not policy.can_wish_channel(actor, member.id):
        raise Forbidden(action="wish-channel")
    lock(member)
    wish, by_id = find_wish(member.id), None if actor.member_id == member.id else actor.member_id
    if channel is not None:
        db.session.merge(ChannelWish(member_id=member.id, channel=channel, at=at, entered_by_id=by_id))
    elif wish is not None:
        db.session.delete(wish)
    audit.record(actor, "invitations.wished", member_id=member.id, channel=channel, source=source, at=at)
