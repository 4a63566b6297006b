import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.mail.incoming import IncomingKind, read_incoming

PLAIN = """\
From: Anja Jansen <Anja@Voorbeeld.nl>
To: "Bert" <antwoord-1-abc@antwoord.example.nl>, iemand@voorbeeld.nl
Message-ID: <1@voorbeeld.nl>
Subject: Re: Bert gaf antwoord
{extra}
Dat vind ik ook.
"""
REPORT = """\
From: MAILER-DAEMON@mx.example.nl
To: forum@example.nl
Content-Type: multipart/report; report-type={kind}; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
{status}
--b
{original}
--b--
"""
STATUS = """\
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.nl

Final-Recipient: rfc822; weg@voorbeeld.nl
Action: {action}
Status: {code}
"""
HEADERS = "Content-Type: text/rfc822-headers\n\nMessage-ID: <m@forum.example.nl>\nSubject: Dag\n"
WHOLE = "Content-Type: message/rfc822\n\nMessage-ID: <m@forum.example.nl>\nSubject: Dag\n\nDag\n"


def raw(extra: str = "") -> bytes:
    return PLAIN.format(extra=extra + "\n" if extra else "").encode()


def report(
    kind: str = "delivery-status", action: str = "failed", code: str = "5.1.1", original: str = WHOLE
) -> bytes:
    status = STATUS.format(action=action, code=code)
    return REPORT.format(kind=kind, status=status, original=original).encode()


def test_an_answer_of_a_person_is_read() -> None:
    incoming = read_incoming(raw())

    assert incoming.kind is IncomingKind.ANSWER
    assert incoming.sender == "anja@voorbeeld.nl"
    assert incoming.recipients == ["antwoord-1-abc@antwoord.example.nl", "iemand@voorbeeld.nl"]
    assert (incoming.message_id, incoming.text.strip()) == ("<1@voorbeeld.nl>", "Dat vind ik ook.")


@pytest.mark.parametrize(
    "extra",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated",
        "Return-Path: <>",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
        "List-Id: <lijst.example.nl>",
        "X-Failed-Recipients: weg@voorbeeld.nl",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    ],
)
def test_an_answer_of_a_machine_is_known(extra: str) -> None:
    assert read_incoming(raw(extra)).kind is IncomingKind.AUTOMATIC


@pytest.mark.parametrize("extra", ["Auto-Submitted: no", "Precedence: first-class", "Return-Path: <a@b.nl>"])
def test_a_person_who_says_so_is_no_machine(extra: str) -> None:
    assert read_incoming(raw(extra)).kind is IncomingKind.ANSWER


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@x.nl", "postmaster@x.nl", "no-reply@x.nl"])
def test_a_sender_that_is_a_machine_is_known(sender: str) -> None:
    message = raw().replace(b"Anja Jansen <Anja@Voorbeeld.nl>", sender.encode())

    assert read_incoming(message).kind is IncomingKind.AUTOMATIC


@pytest.mark.parametrize("original", [HEADERS, WHOLE])
def test_mail_that_came_back_says_which_and_why(original: str) -> None:
    incoming = read_incoming(report(original=original))

    assert incoming.kind is IncomingKind.BOUNCE
    assert (incoming.about_message_id, incoming.code) == ("<m@forum.example.nl>", "5.1.1")


def test_a_delay_is_no_failure() -> None:
    assert read_incoming(report(action="delayed", code="4.4.1")).code == ""


def test_a_complaint_is_known() -> None:
    incoming = read_incoming(report(kind="feedback-report"))

    assert incoming.kind is IncomingKind.COMPLAINT
    assert incoming.about_message_id == "<m@forum.example.nl>"


def test_the_words_of_a_message_without_plain_text_are_read() -> None:
    message = raw("Content-Type: text/html; charset=iso-8859-1").replace(
        b"Dat vind ik ook.", "<p>Eén keer</p>".encode("latin-1")
    )

    assert read_incoming(message).text == "Eén keer"


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\xff\xfe", id="no text"),
        pytest.param(b"From: =?x?y?z?=\nTo: ,,,<>\nMessage-ID: \xff\n\nx", id="broken headers"),
        pytest.param(raw("Content-Type: text/plain; charset=bestaat-niet"), id="unknown letters"),
        pytest.param(raw("Content-Transfer-Encoding: base64"), id="no base64"),
        pytest.param(
            b"".join(
                b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (depth, depth)
                for depth in range(3000)
            ),
            id="parts in parts",
        ),
    ],
)
def test_a_broken_message_is_read_all_the_same(message: bytes) -> None:
    assert isinstance(read_incoming(message).text, str)


@given(st.binary(max_size=500))
def test_any_bytes_are_read(body: bytes) -> None:
    assert isinstance(read_incoming(raw()[:-20] + body).text, str)
