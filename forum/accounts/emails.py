"""What members get by mail about their account."""

from datetime import datetime

from forum.mail import outbox
from forum.members.models import Member


def activation_requested(member: Member, *, code: str, key: str, at: datetime) -> None:
    """Send the link with which the member sets a password."""
    outbox.queue(key=key, to=member, template="accounts/activation", at=at, details={"code": code})
