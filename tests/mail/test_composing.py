from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader, UndefinedError

from forum.app import assets_path
from forum.mail import attachments
from forum.mail.attachments import Attachment, register_attachment
from forum.mail.checks import register_check
from forum.mail.composing import compose, mail_pages
from forum.mail.errors import RecipientRefused
from forum.members.models import Member
from tests.mail.conftest import UseMail
from tests.mail.letters import TEMPLATE
from tests.support.cast import T0, make_site, make_tenant

MAIL = assets_path() / "templates" / "mail"
PAGES = sorted({path.with_suffix("") for path in MAIL.rglob("*/*.html")})
DETAILS = {"code": "abc-DEF_123"}


def composed(member: Member, template: str = TEMPLATE, **details: object) -> EmailMessage:
    """Return the e-mail as its reader gets it: written out and read again."""
    sent = compose(
        template,
        DETAILS | details,
        member,
        address=member.email or "",
        message_id="<1@forum.example.nl>",
        at=T0,
    )
    read = message_from_bytes(sent.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    text: str = body.get_content()
    return text


@pytest.fixture
def pages(use_mail: UseMail, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return templates that stand before the real ones."""
    use_mail("console:")
    own: dict[str, str] = {}
    environment = mail_pages()
    assert environment.loader is not None
    monkeypatch.setattr(environment, "loader", ChoiceLoader([DictLoader(own), environment.loader]))
    return own


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(MAIL)))
def test_every_mail_has_a_subject_a_text_and_html(page: Path) -> None:
    assert [end for end in (".subject.txt", ".txt", ".html") if not Path(f"{page}{end}").is_file()] == []


def test_a_message_has_the_headers_that_mail_needs(use_mail: UseMail) -> None:
    use_mail("console:")
    member = make_tenant(email="jan@voorbeeld.nl")

    message = composed(member)

    assert message["To"] == "jan@voorbeeld.nl"
    assert message["From"] == "Huurdersforum <forum@localhost>"
    assert message["Message-ID"] == "<1@forum.example.nl>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == T0
    assert message["Reply-To"] is None
    assert message["List-Unsubscribe"] is None


def test_the_activation_has_its_link_in_both_texts(use_mail: UseMail) -> None:
    use_mail("console:")
    make_site()
    member = make_tenant()

    message = composed(member)

    link = "https://forum.example.nl/activeren/abc-DEF_123"
    soup = BeautifulSoup(part(message, "html"), "html.parser")
    assert message["Subject"] == "Kies uw wachtwoord voor het Huurdersforum"
    assert link in part(message, "plain").split()
    assert link in [str(a["href"]) for a in soup.find_all("a")]
    for text in (part(message, "plain"), " ".join(soup.get_text(" ").split())):
        assert f"Beste {member.first_name} Jansen" in text
        assert "twee dagen" in text
        assert "Huurdersbelang en Wonen Zilverdam" in text


def test_the_html_is_one_page_with_one_heading_and_nothing_inline(use_mail: UseMail) -> None:
    use_mail("console:")

    soup = BeautifulSoup(part(composed(make_tenant()), "html"), "html.parser")

    assert [len(soup.find_all(name)) for name in ("html", "h1", "title", "script", "img")] == [1, 1, 1, 0, 0]
    assert soup.html is not None
    assert soup.html["lang"] == "nl"
    assert soup.find_all(style=True) == []


def test_names_are_escaped_in_html_and_plain_in_text(use_mail: UseMail) -> None:
    use_mail("console:")
    member = make_tenant(name="<b>Jan & co</b>")

    message = composed(member)

    assert "<b>" not in part(message, "html")
    assert "Beste <b>Jan & co</b> Jansen," in part(message, "plain")


def test_nothing_can_add_a_header(pages: dict[str, str]) -> None:
    pages["mail/tests/x.subject.txt"] = "Over {{ title }}"
    pages["mail/tests/x.txt"] = pages["mail/tests/x.html"] = "x"
    member = make_tenant()

    message = composed(member, "tests/x", title="de lift\r\nBcc: boef@voorbeeld.nl\n\n<script>")

    assert message["Subject"] == "Over de lift Bcc: boef@voorbeeld.nl <script>"
    assert message["Bcc"] is None


def test_a_long_subject_with_accents_arrives_whole(pages: dict[str, str]) -> None:
    pages["mail/tests/x.subject.txt"] = "{{ title }}"
    pages["mail/tests/x.txt"] = pages["mail/tests/x.html"] = "één €\n.\n" + "a" * 2000
    title = "Coördinatie café één " * 20

    message = composed(make_tenant(), "tests/x", title=title)

    assert message["Subject"] == title.strip()
    assert part(message, "plain").split() == ["één", "€", ".", "a" * 2000]


@pytest.mark.parametrize("email", ["", "jan", "jan@b.nl, piet@b.nl", "jan@b.nl\r\nBcc: piet@b.nl"])
def test_an_address_that_is_none_is_refused(use_mail: UseMail, email: str) -> None:
    use_mail("console:")
    member = make_tenant(email=email or None)

    with pytest.raises(RecipientRefused):
        composed(member)


def test_a_detail_that_is_missing_stops_the_message(use_mail: UseMail) -> None:
    use_mail("console:")
    member = make_tenant()

    with pytest.raises(UndefinedError):
        compose(TEMPLATE, {}, member, address="a@voorbeeld.nl", message_id="<1@x>", at=T0)


@pytest.mark.parametrize("path", ["https://elders.nl/", "//elders.nl/", "activeren"])
def test_a_link_leads_to_the_forum_only(pages: dict[str, str], path: str) -> None:
    pages["mail/tests/x.subject.txt"] = "x"
    pages["mail/tests/x.txt"] = pages["mail/tests/x.html"] = "{{ link(path) }}"
    member = make_tenant()

    with pytest.raises(ValueError, match="no path"):
        composed(member, "tests/x", path=path)


def test_moments_are_written_as_on_the_forum(pages: dict[str, str]) -> None:
    pages["mail/tests/x.subject.txt"] = "x"
    pages["mail/tests/x.txt"] = pages["mail/tests/x.html"] = "{{ respond_by|moment_of|moment }}"

    message = composed(make_tenant(), "tests/x", respond_by=T0.isoformat())

    assert part(message, "plain").strip() == "2 maart 2026 om 10:00 uur"


def test_whoever_can_unsubscribe_can_do_so_from_the_mail_program(use_mail: UseMail) -> None:
    use_mail("console:")

    message = composed(make_tenant(), unsubscribe_path="/afmelden/abc")

    assert message["List-Unsubscribe"] == "<https://forum.example.nl/afmelden/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "https://forum.example.nl/afmelden/abc" in part(message, "plain")


def test_files_go_along(use_mail: UseMail, monkeypatch: pytest.MonkeyPatch) -> None:
    use_mail("console:")
    calendar = Attachment(
        "bijeenkomst.ics", b"BEGIN:VCALENDAR\r\n", "text/calendar; method=REQUEST; charset=utf-8"
    )
    monkeypatch.setitem(attachments.ATTACHERS, TEMPLATE, lambda details, member: [calendar])

    message = composed(make_tenant())

    [file] = message.iter_attachments()
    assert file.get_filename() == "bijeenkomst.ics"
    assert file.get_content_type() == "text/calendar"
    assert file["Content-Type"].params == {
        "method": "REQUEST",
        "charset": "utf-8",
        "name": "bijeenkomst.ics",
    } or file["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}
    assert file.get_content().splitlines() == ["BEGIN:VCALENDAR"]
    assert "activeren" in part(message, "plain")


def test_the_message_is_seven_bit_with_short_lines(use_mail: UseMail) -> None:
    use_mail("console:")

    zoe = make_tenant(name="Zoë")
    message = compose(TEMPLATE, DETAILS, zoe, address="zoe@voorbeeld.nl", message_id="<1@x>", at=T0)
    data = message.as_bytes()

    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_a_template_has_one_check_and_one_maker_of_files(
    database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forum.mail.checks.CHECKS", {})
    monkeypatch.setattr("forum.mail.attachments.ATTACHERS", {})
    register_check("tests/x", lambda details, member: True)
    register_attachment("tests/x", lambda details, member: [])

    with pytest.raises(ValueError, match="tests/x"):
        register_check("tests/x", lambda details, member: True)
    with pytest.raises(ValueError, match="tests/x"):
        register_attachment("tests/x", lambda details, member: [])
