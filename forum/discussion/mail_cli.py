"""`forum mail receive`: what a mail server hands over, one message at a time."""

import sys
from datetime import datetime

import click
import structlog
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from forum.discussion import emails
from forum.discussion.errors import AnswersTooFast, AnswerTooLong
from forum.discussion.mailed_answers import (
    form_key_of,
    get_answered,
    record_return,
    typed_text,
    write_answer,
)
from forum.discussion.rules import TEXT_LONGEST
from forum.discussion.service import Body
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import ForumError
from forum.kernel.refusals import CommandRefused
from forum.mail.incoming import Incoming, IncomingKind, read_incoming
from forum.mail.receivers import hand_over
from forum.mail.reply_text import own_words
from forum.notifications.emails import secret_keys
from forum.notifications.models import Notification
from forum.settings.config import Settings
from forum.texts.catalogue import say_in_all
from forum.web.errors import in_words

log = structlog.get_logger()

LARGEST = 1024 * 1024
"""Bytes of a message; our mails have no pictures, and neither have answers to them."""
TRY_LATER = 75
"""What tells a mail server to keep the message and try again (EX_TEMPFAIL)."""


@click.group()
def mail() -> None:
    """Mail that comes in."""


@mail.command("receive")
@with_appcontext
def receive() -> None:
    """Read one message on standard input: an answer becomes a post, a bounce stops mail to its address.

    An answer of a calendar to an invitation is an answer to that invitation, or is passed over.

    Exits with 0 when the message is done with, with 1 when an answer is refused (the member gets a mail that
    says why), with 75 when the mail server must try again later. Answers of machines are passed over.
    """
    raw = sys.stdin.buffer.read(LARGEST + 1)
    incoming = read_incoming(raw[:LARGEST])
    try:
        if incoming.kind is IncomingKind.ANSWER:
            _receive_answer(incoming, is_too_large=len(raw) > LARGEST)
        elif incoming.kind is IncomingKind.CALENDAR:
            with unit_of_work():
                hand_over(incoming, at=now())
        elif incoming.kind is not IncomingKind.AUTOMATIC:
            with unit_of_work():
                is_ours = record_return(incoming, at=now())
            log.info("mail came back", kind=incoming.kind, is_ours=is_ours)
    except (DBAPIError, NoFreeConnection) as error:
        log.error("mail kept for later", error=type(error).__name__)
        raise SystemExit(TRY_LATER) from error


def _receive_answer(incoming: Incoming, *, is_too_large: bool) -> None:
    at = now()
    try:
        _answered(incoming)
    except ForumError as refusal:  # whose message it is cannot be known: the mail server tells the sender
        raise CommandRefused(f"refused: {refusal.code}") from refusal
    try:
        if is_too_large:
            raise AnswerTooLong
        body = Body.of(typed_text(incoming))
        with unit_of_work():
            post_id = write_answer(_answered(incoming), incoming, body, at=at).id
    except AnswersTooFast as refusal:
        log.info("answer by mail kept for later")
        raise SystemExit(TRY_LATER) from refusal
    except ForumError as refusal:
        with unit_of_work():
            _tell_refusal(incoming, refusal, at=at)
        raise CommandRefused(f"refused: {refusal.code}") from refusal
    click.echo(f"post {post_id}")


def _answered(incoming: Incoming) -> Notification:
    settings: Settings = current_app.config["SETTINGS"]
    return get_answered(incoming.recipients, secret_keys(settings), settings.mail_reply_domain)


def _tell_refusal(incoming: Incoming, refusal: ForumError, *, at: datetime) -> None:
    """Tell the member of the notification, never an address that the message came from."""
    notification = _answered(incoming)
    emails.answer_refused(
        notification.member,
        in_words(refusal),
        own_words(incoming.text, say_in_all("reply-above"))[:TEXT_LONGEST],
        path=f"/berichten/{notification.about_id}/antwoord",
        key=form_key_of(incoming),
        at=at,
    )
