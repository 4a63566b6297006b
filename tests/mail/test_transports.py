from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from forum.mail import transports
from forum.mail.composing import POLICY
from forum.mail.errors import (
    AnswerLost,
    ConnectionLost,
    Deferred,
    DeliveryFailed,
    MailServerUnavailable,
    RecipientRefused,
)
from forum.mail.transports import Transport, transport_opener
from tests.mail.mail_server import Postbox, free_port, post_server


def message(text: str = "Hallo", number: int = 1) -> EmailMessage:
    written = EmailMessage(policy=POLICY)
    written["From"] = "Huurdersforum <forum@example.nl>"
    written["To"] = "jan@voorbeeld.nl"
    written["Subject"] = "Één"
    written["Message-ID"] = f"<abc{number}@example.nl>"
    written.set_content(text)
    return written


def send(mail_url: str, *messages: EmailMessage) -> None:
    with transport_opener(mail_url, "forum.example.nl")() as transport:
        for each in messages:
            transport.send(each)


def test_the_terminal_shows_whom_what_and_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    send("console:", message("Tot morgen"))

    shown = capsys.readouterr().out
    assert "To: jan@voorbeeld.nl\nSubject: Één\n\nTot morgen\n" in shown


@pytest.mark.parametrize("form", ["file:{}", "file://{}"])
def test_a_folder_gets_one_file_for_each_message(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "post"

    send(form.format(folder), message(number=1), message(number=2), message(number=2))

    assert sorted(path.name for path in folder.iterdir()) == ["abc1.eml", "abc2.eml"]
    assert b"Subject: =?utf-8?" in (folder / "abc1.eml").read_bytes()


def test_a_folder_that_cannot_be_written_keeps_the_message_here(tmp_path: Path) -> None:
    (tmp_path / "post").write_text("a file, no folder")

    with pytest.raises(ConnectionLost):
        send(f"file:{tmp_path / 'post'}", message())


def test_a_server_gets_exactly_the_message() -> None:
    postbox = Postbox()
    text = "Eén regel\n.\n.. met punten\n.net\nklaar\n"

    with post_server(postbox) as mail_url:
        send(mail_url, message(text), message(number=2))

    first, second = postbox.taken
    payload = first.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().replace("\r\n", "\n") == text
    assert (first["Message-ID"], second["Message-ID"]) == ("<abc1@example.nl>", "<abc2@example.nl>")


def test_after_a_refusal_the_connection_still_works() -> None:
    postbox = Postbox()
    postbox.recipient_answers["jan@voorbeeld.nl"] = "550 No such user"
    with post_server(postbox) as mail_url, transport_opener(mail_url, "x.nl")() as transport:
        with pytest.raises(RecipientRefused, match="550 No such user"):
            transport.send(message())
        postbox.recipient_answers.clear()

        transport.send(message())

    assert len(postbox.taken) == 1


@pytest.mark.parametrize(
    ("field", "answer", "fault"),
    [
        pytest.param("sender_answer", "451 Busy", Deferred, id="sender, for now"),
        pytest.param("sender_answer", "553 Not you", Deferred, id="sender, for good"),
        pytest.param("sender_answer", "421 Closing", ConnectionLost, id="the server closes"),
        pytest.param("message_answer", "451 Busy", Deferred, id="message, for now"),
        pytest.param("message_answer", "552 Too big", RecipientRefused, id="message, for good"),
        pytest.param("message_answer", "421 Closing", ConnectionLost, id="the server closes at the end"),
        pytest.param("message_answer", "299 Eh", AnswerLost, id="an answer nobody knows"),
    ],
)
def test_each_refusal_is_told_apart(field: str, answer: str, fault: type[DeliveryFailed]) -> None:
    postbox = Postbox()
    setattr(postbox, field, answer)

    with post_server(postbox) as mail_url, pytest.raises(DeliveryFailed) as raised:
        send(mail_url, message())

    assert type(raised.value) is fault


def test_a_server_that_hangs_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transports, "TIMEOUT_SECONDS", 0.3)
    postbox = Postbox()
    postbox.hangs = True

    with post_server(postbox) as mail_url, pytest.raises(AnswerLost):
        send(mail_url, message())


def test_a_connection_that_broke_is_made_anew() -> None:
    postbox = Postbox()
    with post_server(postbox) as mail_url, transport_opener(mail_url, "x.nl")() as transport:
        postbox.drops_before_answer = True
        with pytest.raises(AnswerLost):
            transport.send(message(number=1))
        postbox.drops_before_answer = False

        transport.send(message(number=2))

    assert [taken["Message-ID"] for taken in postbox.taken] == ["<abc1@example.nl>", "<abc2@example.nl>"]


def test_nobody_there() -> None:
    with pytest.raises(MailServerUnavailable, match=r"127\.0\.0\.1"):
        send(f"smtp://127.0.0.1:{free_port()}", message())


def test_a_server_that_goes_away_between_two_messages() -> None:
    postbox = Postbox()
    transport: Transport
    with post_server(postbox) as mail_url:
        opened = transport_opener(mail_url, "x.nl")()
        transport = opened.__enter__()
        transport.send(message())

    with pytest.raises(ConnectionLost):
        transport.send(message())
    with pytest.raises(ConnectionLost):
        transport.send(message())

    opened.__exit__(None, None, None)


def test_encryption_that_was_asked_for_and_is_not_there_stops_everything() -> None:
    postbox = Postbox()
    with post_server(postbox) as mail_url, pytest.raises(MailServerUnavailable):
        send(mail_url.replace("smtp:", "smtp+starttls:"), message())
    assert postbox.taken == []


def test_smtps_to_a_server_without_encryption_stops_everything() -> None:
    postbox = Postbox()
    with post_server(postbox) as mail_url, pytest.raises(MailServerUnavailable):
        send(mail_url.replace("smtp:", "smtps:"), message())
    assert postbox.taken == []


class DoorController(Controller):
    """A server that lets nobody in without a password."""

    def factory(self) -> SMTP:
        """Ask for name and password, also without encryption: this is a test."""

        def check(
            server: object, session: object, envelope: object, mechanism: str, given: object
        ) -> AuthResult:
            assert isinstance(given, LoginPassword)
            is_right = (given.login, given.password) == (b"forum@x", b"p@ss:w/ord")
            return AuthResult(success=is_right, handled=False)

        return SMTP(self.handler, authenticator=check, auth_required=True, auth_require_tls=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(
    ("password", "is_let_in"),
    [pytest.param("p%40ss%3Aw%2Ford", True, id="right"), pytest.param("wrong", False, id="wrong")],
)
def test_name_and_password_from_the_address(password: str, is_let_in: bool) -> None:
    postbox = Postbox()
    controller = DoorController(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    mail_url = f"smtp://forum%40x:{password}@127.0.0.1:{controller.port}"
    try:
        if is_let_in:
            send(mail_url, message())
        else:
            with pytest.raises(MailServerUnavailable, match="535"):
                send(mail_url, message())
    finally:
        controller.stop()

    assert len(postbox.taken) == int(is_let_in)
