"""What members get by mail about their account."""

from datetime import datetime

from forum.mail import outbox
from forum.members.models import Member


def activation_requested(member: Member, *, code: str, key: str, at: datetime) -> None:
    """Send the link with which the member sets a password."""
    outbox.queue(key=key, to=member, template="accounts/activation", at=at, details={"code": code})


def address_changed(member: Member, *, at: datetime) -> None:
    """Tell the address of now that the member is about to get another one, in case that is a mistake."""
    outbox.queue(
        key=f"address:{member.id}:{at.isoformat()}",
        to=member,
        template="accounts/address_changed",
        at=at,
        details={},
        keeps_address=True,
    )


def password_changed(member: Member, *, at: datetime) -> None:
    """Tell the member that there is a new password, in case it was not them who chose it."""
    outbox.queue(
        key=f"password:{member.id}:{at.isoformat()}",
        to=member,
        template="accounts/password_changed",
        at=at,
        details={"at": at.isoformat()},
    )
