"""What members get by mail about their account."""

from datetime import datetime

from forum.mail import outbox
from forum.members.models import Member


def activation_requested(member: Member, *, code: str, key: str, at: datetime) -> None:
    """Send the link with which the member sets a password."""
    outbox.queue(key=key, to=member, template="accounts/activation", at=at, details={"code": code})


def address_changed(member: Member, *, old: str, new: str, at: datetime) -> None:
    """Tell the old address and the new one of a member of the change, in case it is a mistake.

    Neither hears of the other. An empty one is left out: there was none, or there is none any more.
    """
    for address, template in ((old, "accounts/address_changed"), (new, "accounts/address_new")):
        if address:
            outbox.queue(
                key=f"{template}:{member.id}:{at.isoformat()}",
                to=member,
                template=template,
                at=at,
                details={},
                address=address,
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
