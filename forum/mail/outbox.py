"""Put a message in the outbox, in the unit of work of its cause."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from forum.kernel.database import db
from forum.mail.models import OutboxMessage, OutboxState
from forum.members.models import Member

INSERTS: dict[str, Callable[..., postgresql.Insert | sqlite.Insert]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """One e-mail to queue; what it holds is told at `queue`."""

    key: str
    to: Member
    template: str
    details: Mapping[str, object]
    resend_when_unsure: bool = True
    address: str = ""


def queue(
    *,
    key: str,
    to: Member,
    template: str,
    at: datetime,
    details: Mapping[str, object],
    resend_when_unsure: bool = True,
    address: str = "",
) -> None:
    """Queue one e-mail to a member; without an address to go to there is none, an event is queued once.

    Args:
        key: names the event and the recipient.
        to: the member.
        template: page under `templates/mail/`, without ending.
        at: the moment of the cause.
        details: what the template needs, as JSON; gone from the database once the message is sent.
        resend_when_unsure: whether a message that may have been sent may be sent again by itself.
        address: where it goes, whatever the register says; if empty, to the address that the register has
            when the message leaves.
    """
    message = QueuedMessage(key, to, template, details, resend_when_unsure, address)
    queue_all([message], at=at)


def queue_all(messages: Sequence[QueuedMessage], *, at: datetime) -> None:
    """Queue many e-mails at once; see `queue`."""
    rows = [
        {
            "key": message.key,
            "member_id": message.to.id,
            "address": message.address or message.to.email,
            "template": message.template,
            "details": dict(message.details),
            "state": OutboxState.WAITING,
            "queued_at": at,
            "due_at": at,
            "resend_when_unsure": message.resend_when_unsure,
            "keeps_address": bool(message.address),
            "attempts": 0,
            "last_error": "",
        }
        for message in messages
        if message.address or message.to.email
    ]
    if rows:
        insert = INSERTS[db.engine.dialect.name]
        db.session.execute(insert(OutboxMessage).on_conflict_do_nothing(index_elements=["key"]), rows)
