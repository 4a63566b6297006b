"""Messages in the outbox, for tests."""

from datetime import datetime

from forum.kernel.database import db, unit_of_work
from forum.mail import outbox
from forum.mail.models import OutboxMessage
from forum.members.models import Member
from tests.support.cast import T0, make_tenant

TEMPLATE = "accounts/activation"


def queue_letter(
    key: str = "activation:1",
    *,
    to: Member | None = None,
    at: datetime = T0,
    template: str = TEMPLATE,
    resend_when_unsure: bool = True,
) -> int:
    """Queue a message, commit, and return its number."""
    member = to or make_tenant()
    with unit_of_work():
        outbox.queue(
            key=key,
            to=member,
            template=template,
            at=at,
            details={"code": f"secret-{key}"},
            resend_when_unsure=resend_when_unsure,
        )
    return letter(key).id


def letter(key: str = "activation:1") -> OutboxMessage:
    """Return a message as it is in the database now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(OutboxMessage).filter_by(key=key).one()
