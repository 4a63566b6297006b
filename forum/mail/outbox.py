"""Put a message in the outbox, in the unit of work of its cause."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from forum.kernel.database import db
from forum.mail.models import OutboxMessage
from forum.members.models import Member

INSERTS: dict[str, Callable[..., postgresql.Insert | sqlite.Insert]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


def queue(
    *,
    key: str,
    to: Member,
    template: str,
    at: datetime,
    details: Mapping[str, object],
    resend_when_unsure: bool = True,
    keeps_address: bool = False,
) -> None:
    """Queue one e-mail to a member; a member without address gets none, an event is queued once.

    Args:
        key: names the event and the recipient.
        to: the member; the address is read from the register when the message leaves.
        template: page under `templates/mail/`, without ending.
        at: the moment of the cause.
        details: what the template needs, as JSON; gone from the database once the message is sent.
        resend_when_unsure: whether a message that may have been sent may be sent again by itself.
        keeps_address: whether it goes to the address of now, also when the register has another by then.
    """
    if not to.email:
        return
    insert = INSERTS[db.engine.dialect.name]
    db.session.execute(
        insert(OutboxMessage)
        .values(
            key=key,
            member_id=to.id,
            address=to.email,
            template=template,
            details=dict(details),
            queued_at=at,
            due_at=at,
            resend_when_unsure=resend_when_unsure,
            keeps_address=keeps_address,
        )
        .on_conflict_do_nothing(index_elements=["key"])
    )
