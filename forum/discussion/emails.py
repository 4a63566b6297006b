"""What members get by mail of a discussion."""

from datetime import datetime

from forum.mail import outbox
from forum.members.models import Member

REFUSED = "discussion/answer_refused"


def answer_refused(member: Member, reason: str, text: str, *, key: str, at: datetime) -> None:
    """Tell a member that their answer by mail is not on the forum, why, and what they wrote."""
    outbox.queue(
        key=f"answer-refused:{key}",
        to=member,
        template=REFUSED,
        at=at,
        details={"reason": reason, "text": text},
    )
