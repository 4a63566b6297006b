"""The background task that sends the outbox, one message at a time."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from urllib.parse import urlsplit

import structlog
from flask import current_app
from sqlalchemy.exc import OperationalError

from forum.jobs.registry import Backlog, Stuck, register_backlog, stopping, task
from forum.kernel.database import db, unit_of_work
from forum.mail import delivery
from forum.mail.composing import compose
from forum.mail.delivery import Claim
from forum.mail.errors import AddressRefused, AnswerLost, ConnectionLost, DeliveryFailed, RecipientRefused
from forum.mail.models import UnreachableCause
from forum.mail.queries import claim_due, count_by_state, has_due, has_expired, list_stuck
from forum.mail.reachability import mark_unreachable
from forum.mail.transports import Transport, TransportOpener, transport_opener
from forum.members.queries import get_member
from forum.settings.config import Settings
from forum.texts.language import DUTCH, speaking

log = structlog.get_logger()

MOST_PER_TURN = 500
"""Then the other tasks have their turn."""
RECORD_PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0)
"""A database that restarts must not make a sent message unsure."""


def forum_host(settings: Settings) -> str:
    """Return the name of the host of the forum, without port."""
    return urlsplit(settings.base_url).hostname or "localhost"


def opener_of(settings: Settings) -> TransportOpener:
    """Return what opens the way out for mail."""
    return transport_opener(settings.mail_url, forum_host(settings))


@task("mail.deliver", every_seconds=5)
def deliver_mail(*, at: datetime) -> None:
    """Send what is due. When the mail server cannot be reached no message is touched.

    Raises:
        MailServerUnavailable: no server to talk to.
        ConnectionLost: it hung up; the message in hand has been put back.
        AnswerLost: it hung up at the end; the message in hand is sent again or left to a person.
    """
    moment = _clock_from(at)
    if has_expired(at):
        with unit_of_work():
            delivery.settle_expired(at=at)
    if not has_due(at):
        return
    db.session.rollback()
    with opener_of(current_app.config["SETTINGS"])() as transport:
        for _ in range(MOST_PER_TURN):
            if stopping.is_set() or not deliver_next(transport, moment):
                return


def deliver_next(transport: Transport, moment: Callable[[], datetime]) -> bool:
    """Take the message that waits longest through one attempt; tell whether there was one."""
    outbox_id = None
    try:
        with unit_of_work():
            row = claim_due(moment())
            if row is None:
                return False
            outbox_id = row.id
            claimed = delivery.claim(row, forum_host(current_app.config["SETTINGS"]), at=moment())
    except Exception as error:
        if outbox_id is not None:  # the check of a feature failed: others must not wait behind this message
            with unit_of_work():
                delivery.postpone(outbox_id, _words(error), at=moment())
        raise
    if claimed is not None:
        _send(transport, claimed, moment)
    return True


def _send(transport: Transport, claimed: Claim, moment: Callable[[], datetime]) -> None:
    try:
        message = _composed(claimed, moment)
        db.session.rollback()  # so that no transaction is open while the mail server is talked to
        transport.send(message)
    except DeliveryFailed as fault:
        log.warning("mail not delivered", outbox_id=claimed.id, fault=type(fault).__name__)
        _record(partial(_record_fault, claimed, fault, moment))
        if isinstance(fault, ConnectionLost | AnswerLost):
            raise
    else:
        _record(lambda: delivery.record_sent(claimed, at=moment()))


def _composed(claimed: Claim, moment: Callable[[], datetime]) -> EmailMessage:
    try:
        member = get_member(claimed.member_id)
        with speaking(member.interface_language or DUTCH):
            return compose(
                claimed.template,
                claimed.details,
                member,
                address=claimed.address,
                message_id=claimed.message_id,
                at=moment(),
            )
    except DeliveryFailed:
        raise
    except Exception as error:  # a template with a fault: others must not wait behind this message
        reason = _words(error)
        _record(lambda: delivery.record_deferred(claimed, reason, at=moment()))
        raise


def _record_fault(claimed: Claim, fault: DeliveryFailed, moment: Callable[[], datetime]) -> None:
    if isinstance(fault, AddressRefused):
        mark_unreachable(claimed.address, UnreachableCause.REFUSED, at=moment())
    if isinstance(fault, RecipientRefused):
        delivery.record_refused(claimed, str(fault))
    elif isinstance(fault, AnswerLost):
        delivery.record_unsure(claimed, str(fault), at=moment())
    else:
        delivery.record_deferred(claimed, str(fault), at=moment())


def _record(record: Callable[[], None]) -> None:
    """Store an outcome; wait for a database that is away for a moment."""
    for pause in RECORD_PAUSES_SECONDS:
        try:
            with unit_of_work():
                record()
        except OperationalError:
            log.warning("outcome of a mail not stored yet", exc_info=True)
            time.sleep(pause)
        else:
            return
    with unit_of_work():
        record()


def _clock_from(at: datetime) -> Callable[[], datetime]:
    """Return a clock that starts at a moment: a turn may take minutes, and each claim needs its own lease."""
    started = time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - started)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _stuck(most: int) -> Sequence[Stuck]:
    return [Stuck(row.id, row.state, row.template, row.last_error) for row in list_stuck(most)]


register_backlog(
    Backlog(
        name="mail",
        count_by_state=count_by_state,
        list_stuck=_stuck,
        retry=lambda ids, at: delivery.retry(ids, at=at),
        retry_failed=lambda at: delivery.retry_failed(at=at),
    )
)
