"""Make the e-mail that leaves from a message of the outbox: subject, text, HTML and files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

from flask import current_app
from jinja2 import Environment, StrictUndefined

from forum.mail.attachments import Attachment, attachments_of
from forum.mail.contents import whole_details
from forum.mail.errors import RecipientRefused
from forum.members.models import Member
from forum.settings.config import Settings
from forum.settings.queries import find_site
from forum.texts.language import spoken

WHOLE = frozenset({"list-unsubscribe", "reply-to"})
"""Headers of one address, ASCII and without spaces: mail programs do not know it again when it is encoded."""


class MailPolicy(EmailPolicy):
    """How messages are written out: the standard policy loses spaces where it folds accents in a subject."""

    def fold(self, name: str, value: Any) -> str:
        """Write one header."""
        if name.lower() in WHOLE:
            return f"{name}: {value}{self.linesep}"
        if name.lower() != "subject" or str(value).isascii():
            folded: str = super().fold(name, value)
            return folded
        encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Write one header as bytes; every header is ASCII by now."""
        return self.fold(name, value).encode("ascii")


POLICY = MailPolicy(linesep="\r\n", cte_type="7bit")
"""Every server takes 7 bit; other text is encoded in the message."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a message says before it is an e-mail."""

    subject: str
    text: str
    html: str


def compose(
    template: str,
    details: Mapping[str, Any],
    member: Member,
    *,
    address: str,
    message_id: str,
    at: datetime,
) -> EmailMessage:
    """Return the e-mail to a member.

    Args:
        template: page under `templates/mail/`, without ending; it has a `.subject.txt`, `.txt` and `.html`.
        details: stand in the templates under their own names. `unsubscribe_path`, if there, is the page
            that ends such messages: mail programs get it in a header. `reply_to` is where answers go.
        member: who gets it.
        address: where it goes.
        message_id: the same for every attempt.
        at: the date on the message.

    Raises:
        RecipientRefused: what the register has is no e-mail address.
    """
    settings: Settings = current_app.config["SETTINGS"]
    details = whole_details(template, details, member)
    draft = draft_message(template, details, member)
    message = EmailMessage(policy=POLICY)
    message["Subject"] = draft.subject
    message["From"] = settings.mail_from
    message["To"] = _recipient(address)
    message["Date"] = at
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if "reply_to" in details:
        message["Reply-To"] = str(details["reply_to"])
    if "unsubscribe_path" in details:
        message["List-Unsubscribe"] = f"<{address_of(str(details['unsubscribe_path']))}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(draft.text)
    message.add_alternative(draft.html, subtype="html")
    for attachment in attachments_of(template, details, member):
        _attach(message, attachment)
    return message


def draft_message(template: str, details: Mapping[str, Any], member: Member) -> Draft:
    """Return the subject and both texts of a message; a name the template lacks is an error."""
    values = {
        **details,
        "site": find_site(),
        "name": member.full_name,
        "link": address_of,
    }
    pages = mail_pages()
    subject = " ".join(pages.get_template(f"mail/{template}.subject.txt").render(values).split())
    text = pages.get_template(f"mail/{template}.txt").render(values)
    html = pages.get_template(f"mail/{template}.html").render(values, subject=subject)
    return Draft(subject, text.strip() + "\n", html)


def mail_pages() -> Environment:
    """Return the templates as mail needs them: plain text as it is, a missing value an error."""
    kept: dict[str, Environment] = current_app.extensions.setdefault("mail_pages", {})
    pages = kept.get(spoken())
    if pages is None:
        pages = current_app.jinja_env.overlay(
            autoescape=lambda name: bool(name and name.endswith(".html")), undefined=StrictUndefined
        )
        pages.filters["moment_of"] = datetime.fromisoformat
        kept[spoken()] = pages
    return pages


def _recipient(address: str) -> Address:
    """Return the one address of a member; the register may hold anything."""
    try:
        return Address(addr_spec=address)
    except (ValueError, LookupError, MessageError) as error:
        raise RecipientRefused("this is no e-mail address") from error


def address_of(path: str) -> str:
    """Return the address of a page of the forum for somebody who is elsewhere: in their mail or calendar.

    Raises:
        ValueError: `path` is no path on this forum, so it could lead anywhere.
    """
    if not path.startswith("/") or path.startswith("//"):
        message = f"{path!r} is no path of a page"
        raise ValueError(message)
    base: str = current_app.config["SETTINGS"].base_url
    return base + path


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    kind = EmailMessage()
    kind["Content-Type"] = attachment.mime
    maintype, subtype = kind.get_content_type().split("/")
    message.add_attachment(
        attachment.content,
        maintype=maintype,
        subtype=subtype,
        filename=attachment.filename,
        params=dict(kind["Content-Type"].params),
    )
