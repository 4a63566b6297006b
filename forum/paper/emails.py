"""What tenants get by mail about their slips."""

from datetime import datetime

from forum.accounts.rules import shown_code
from forum.discussion.models import Thread
from forum.discussion.service import Body
from forum.mail import outbox
from forum.members.models import Member
from forum.paper.models import Slip


def slip_received(slip: Slip, tenant: Member, thread: Thread, body: Body | None, *, at: datetime) -> None:
    """Send the receipt; who has no e-mail gets it on paper."""
    outbox.queue(
        key=f"slip:{slip.id}:received",
        to=tenant,
        template="paper/slip_received",
        at=at,
        details={
            "title": thread.topic.title,
            "text": body.source if body else "",
            "stance": slip.stance,
            "code": shown_code(slip.code),
            "path": f"/berichten/{slip.post_id}" if slip.post_id else f"/onderwerpen/{thread.topic_id}",
        },
    )
