"""What tenants get by mail about polls."""

from datetime import datetime

from forum.mail import outbox
from forum.members.models import Member
from forum.polls.models import Poll


def ballot_entered(poll: Poll, tenant: Member, choices: tuple[int, ...], *, at: datetime) -> None:
    """Tell a tenant what staff entered for them, so that nobody votes in their name unseen."""
    texts = {option.position: option.text for option in poll.options}
    outbox.queue(
        key=f"ballot:{poll.id}:{tenant.id}:{at.isoformat()}",
        to=tenant,
        template="polls/ballot_entered",
        at=at,
        details={
            "title": poll.thread.topic.title,
            "question": poll.question,
            "is_ranking": poll.kind == "ranking",
            "choices": [texts[position] for position in choices],
            "path": f"/peilingen/{poll.id}",
        },
    )
