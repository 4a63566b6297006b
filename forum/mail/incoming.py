"""A message that comes in, read: an answer of a person or their calendar, mail that came back, a machine."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import default as modern
from email.utils import getaddresses
from enum import StrEnum

from forum.mail.reply_text import words_of_html

RECIPIENT_HEADERS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
MOST_PARTS = 100
MOST_BOUNDARIES = 50
"""No person sends more parts in parts; reading each costs time for all it stands in."""


class IncomingKind(StrEnum):
    """What kind of message came in; `CALENDAR` is what a calendar answers to an appointment."""

    ANSWER = "answer"
    CALENDAR = "calendar"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that came in. `about_message_id` is of the mail that came back; `code` why, as in 5.1.1."""

    kind: IncomingKind
    sender: str
    recipients: Sequence[str]
    message_id: str
    text: str
    about_message_id: str = ""
    code: str = ""
    calendar: str = ""


def read_incoming(raw: bytes) -> Incoming:
    """Read a message as it came over the wire; one of endless parts in parts is automatic."""
    if raw.lower().count(b"boundary=") > MOST_BOUNDARIES:
        return Incoming(IncomingKind.AUTOMATIC, "", (), "", "")
    message = message_from_bytes(raw, policy=modern)
    assert isinstance(message, EmailMessage)
    calendar = _calendar(message)
    return Incoming(
        kind=_kind(message, calendar),
        sender=next(iter(_addresses(message, ("from",))), ""),
        recipients=_addresses(message, RECIPIENT_HEADERS),
        message_id=_header(message, "message-id"),
        text=_text(message),
        about_message_id=_about(message),
        code=_code(message),
        calendar=calendar,
    )


def _kind(message: EmailMessage, calendar: str) -> IncomingKind:
    report = _report_type(message)
    if report == "delivery-status":
        return IncomingKind.BOUNCE
    if report == "feedback-report":
        return IncomingKind.COMPLAINT
    if calendar and not report:  # calendars say of themselves that they are machines, but a person pressed
        return IncomingKind.CALENDAR
    return IncomingKind.AUTOMATIC if report or _is_automatic(message) else IncomingKind.ANSWER


def _report_type(message: EmailMessage) -> str:
    if message.get_content_type() != "multipart/report":
        return ""
    return str(message.get_param("report-type") or "report").lower()


def _is_automatic(message: EmailMessage) -> bool:
    """Tell whether a machine wrote it (RFC 3834, and what programs did before)."""
    submitted = _header(message, "auto-submitted").lower()
    sender = next(iter(_addresses(message, ("from",))), "")
    return (
        submitted not in ("", "no")
        or _header(message, "return-path") == "<>"
        or _header(message, "precedence").lower() in ("bulk", "junk", "list", "auto_reply")
        or any(name in message for name in ("x-autoreply", "x-autorespond", "list-id", "x-failed-recipients"))
        or sender.partition("@")[0] in ("mailer-daemon", "postmaster", "noreply", "no-reply")
    )


def _header(message: Message, name: str) -> str:
    """Return a header; one that is broken is none."""
    try:
        return str(message.get(name, "")).strip()
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        return ""


def _addresses(message: EmailMessage, names: Sequence[str]) -> Sequence[str]:
    """Return the addresses in some headers, in lower case."""
    raw = [str(value) for name, value in message.raw_items() if name.lower() in names]
    return [address.strip().lower() for _name, address in getaddresses(raw) if "@" in address]


def _text(message: EmailMessage) -> str:
    for kind in ("text/plain", "text/html"):
        for part in _parts(message):
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                text = _content(part)
                return words_of_html(text) if kind == "text/html" else text
    return ""


def _calendar(message: EmailMessage) -> str:
    """Return the calendar file with which a program answers an appointment (RFC 5546), if there is one."""
    for part in _parts(message):
        if part.get_content_type() in ("text/calendar", "application/ics"):
            content = _content(part)
            if re.search(r"(?im)^METHOD:REPLY[ \t]*\r?$", content):
                return content
    return ""


def _parts(message: Message) -> Iterator[Message]:
    for count, part in enumerate(message.walk()):
        if count >= MOST_PARTS:
            return
        yield part


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:
        return payload.decode("utf-8", errors="replace")


def _about(message: EmailMessage) -> str:
    """Return the Message-ID of the mail that a report is about."""
    for part in _parts(message):
        if part.get_content_type() == "message/rfc822":
            inside = part.get_payload(0) if part.is_multipart() else None
            if isinstance(inside, Message):
                return _header(inside, "message-id")
        if part.get_content_type() == "text/rfc822-headers":
            found = re.search(r"(?im)^message-id:\s*(<[^<>\s]{1,200}>)", _content(part))
            return found[1] if found else ""
    return ""


def _code(message: EmailMessage) -> str:
    """Return the status of the first recipient that failed, as 5.1.1 (RFC 3464)."""
    for part in _parts(message):
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload() if part.is_multipart() else []:
            if isinstance(block, Message) and _header(block, "action").lower() == "failed":
                found = re.match(r"[245]\.\d{1,3}\.\d{1,3}", _header(block, "status"))
                return found[0] if found else ""
    return ""
