"""Which addresses take no mail: marked when mail comes back, let go again by staff."""

from datetime import datetime

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.mail import policy
from forum.mail.models import UnreachableAddress, UnreachableCause
from forum.mail.outbox import INSERTS
from forum.mail.queries import find_unreachable
from forum.members.models import Member


def mark_unreachable(address: str, cause: UnreachableCause, *, at: datetime) -> None:
    """Remember that an address takes no mail; the first time counts."""
    insert = INSERTS[db.engine.dialect.name]
    db.session.execute(
        insert(UnreachableAddress)
        .values(address=address.lower(), cause=cause, at=at)
        .on_conflict_do_nothing(index_elements=["address"])
    )


def let_mail_go(member: Member, actor: Actor, *, at: datetime) -> None:
    """Send mail to the address of a member again. Twice changes nothing.

    Raises:
        Forbidden: the actor may not see how mail goes.
    """
    if not policy.can_see_mail(actor):
        raise Forbidden(action="let-mail-go")
    marked = find_unreachable(member.email or "")
    if marked is not None:
        db.session.delete(marked)
        audit.record(actor, "mail.let_go", member_id=member.id, cause=marked.cause, at=at)
