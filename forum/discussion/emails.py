"""What members get by mail of a discussion."""

from datetime import datetime

from forum.mail import outbox
from forum.members.models import Member

REFUSED = "discussion/answer_refused"


def answer_refused(member: Member, reason: str, text: str, *, path: str, key: str, at: datetime) -> None:
    """Tell a member why an answer by mail is not on the forum, what it said, and the path to send it at."""
    outbox.queue(
        key=f"answer-refused:{key}",
        to=member,
        template=REFUSED,
        at=at,
        details={"reason": reason, "text": text, "path": path},
    )
