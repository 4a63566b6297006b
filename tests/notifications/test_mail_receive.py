"""`forum mail receive`: what a mail server hands over becomes a post, or stops mail, or neither."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from forum.audit.models import AuditEntry
from forum.discussion import mail_cli
from forum.discussion.jobs import tell_of_posts
from forum.discussion.mail_cli import LARGEST, TRY_LATER
from forum.discussion.mail_cli import mail as mail_command
from forum.discussion.models import Post, Thread
from forum.discussion.rules import TEXT_LONGEST, PostSource, PostState
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.mail.jobs import deliver_mail
from forum.mail.models import UnreachableAddress
from forum.members.models import Member, MemberState
from forum.notifications.jobs import mail_at_once
from forum.notifications.rules import Frequency, NotificationKind
from tests.mail.mail_server import Postbox
from tests.mail.test_incoming import report
from tests.notifications.cast import outbox, tell, told
from tests.support.browser import Browser
from tests.support.cast import make_post, make_tenant, make_thread

DOMAIN = "antwoord.example.nl"
WORDS = "Bij ons op de hoek is het net zo, al jaren."
PRIVATE = f"{WORDS}\n\nMet vriendelijke groet,\nAnja Bakker\n06-12345678"


@pytest.fixture
def answering(database: Flask, post: Postbox, monkeypatch: pytest.MonkeyPatch) -> Postbox:
    """Send mail that can be answered."""
    settings = dataclasses.replace(database.config["SETTINGS"], mail_reply_domain=DOMAIN, quiet_hours=None)
    monkeypatch.setitem(database.config, "SETTINGS", settings)
    return post


def receive(raw: bytes) -> Result:
    """Hand a message over as a mail server does."""
    db.session.rollback()
    return current_app.test_cli_runner().invoke(mail_command, ["receive"], input=raw)


def mailed_reply(post: Postbox) -> tuple[Member, Post, str]:
    """Return who got a mail about an answer, that answer, and the address to answer at."""
    anja, bert = make_tenant("Anja", email="anja@voorbeeld.nl"), make_tenant("Bert")
    thread = make_thread(opens_at=now() - timedelta(days=1))
    own = make_post(thread, anja, at=now())
    reply = make_post(thread, bert, reply_to=own.id, at=now())
    tell_of_posts(at=now())
    at = now() + timedelta(minutes=3)
    mail_at_once(at=at)
    deliver_mail(at=at)
    return anja, reply, str(post.taken[-1]["Reply-To"])


def answer(
    to: str, text: str = WORDS, *, sender: str = "anja@voorbeeld.nl", extra: str = "", mark: str = "1"
) -> bytes:
    """Return an answer as a mail program sends it, with the mail of the forum under it."""
    return (
        f"From: Anja <{sender}>\nTo: {to}\nMessage-ID: <{mark}@voorbeeld.nl>\n{extra}\n"
        f"{text}\n\nOp ma 2 mrt 2026 schreef Huurdersforum <forum@example.nl>:\n> Dag Anja\n"
    ).encode()


def mailed() -> list[Post]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.query(Post).filter(Post.form_key.startswith("mail:")).order_by(Post.id))


def test_an_answer_becomes_a_post_under_the_post_it_answers(answering: Postbox) -> None:
    anja, reply, address = mailed_reply(answering)

    result = receive(answer(address))

    assert (result.exit_code, result.stderr) == (0, "")
    [post] = mailed()
    assert result.output == f"post {post.id}\n"
    assert (post.author_id, post.parent_id, post.text) == (anja.id, reply.id, WORDS)
    assert (post.source, post.entered_by_id) == (PostSource.EMAIL, None)
    assert told(anja)[0].read_at is not None
    assert db.session.query(AuditEntry).filter_by(action="post.mailed").one().member_id == anja.id


def test_under_an_answer_by_mail_stands_how_it_came_in(answering: Postbox, browser: Browser) -> None:
    anja, _reply, address = mailed_reply(answering)
    receive(answer(address))
    [post] = mailed()
    browser.sign_in(anja)

    page = browser.visit(f"/berichten/{post.id}")

    assert WORDS in page.text
    assert "Geschreven per e-mail" in page.text


def test_a_message_that_is_handed_over_twice_is_one_post(answering: Postbox) -> None:
    _anja, _reply, address = mailed_reply(answering)

    results = [receive(answer(address)) for _ in range(2)]

    assert [result.exit_code for result in results] == [0, 0]
    assert len(mailed()) == 1


def test_a_second_answer_within_a_minute_waits_at_the_mail_server(answering: Postbox) -> None:
    _anja, _reply, address = mailed_reply(answering)
    receive(answer(address))

    result = receive(answer(address, "Nog iets: ook de trap is glad.", mark="2"))
    with unit_of_work():
        mailed()[0].at = now() - timedelta(minutes=2)
    later = receive(answer(address, "Nog iets: ook de trap is glad.", mark="2"))

    assert (result.exit_code, later.exit_code) == (TRY_LATER, 0)
    assert len(mailed()) == 2


def over(_member: Member, reply: Post) -> None:
    thread = db.session.get_one(Thread, reply.thread_id)
    thread.opens_at, thread.closes_at = now() - timedelta(days=9), now() - timedelta(days=1)


def hidden(_member: Member, reply: Post) -> None:
    db.session.get_one(Post, reply.id).state = PostState.HIDDEN


def paused(member: Member, _reply: Post) -> None:
    db.session.get_one(Member, member.id).suspended_until = now() + timedelta(days=1)


def nothing(_member: Member, _reply: Post) -> None:
    pass


@pytest.mark.parametrize(
    ("happens", "text", "sender", "reason"),
    [
        pytest.param(over, WORDS, "anja@voorbeeld.nl", "Dit gesprek is nog niet begonnen", id="over"),
        pytest.param(hidden, WORDS, "anja@voorbeeld.nl", "verborgen of ingetrokken", id="hidden"),
        pytest.param(paused, WORDS, "anja@voorbeeld.nl", "een pauze gegeven", id="paused"),
        pytest.param(nothing, "", "anja@voorbeeld.nl", "Wij vonden geen tekst", id="nothing typed"),
        pytest.param(nothing, "x " * TEXT_LONGEST, "anja@voorbeeld.nl", "te lang", id="too long"),
        pytest.param(nothing, "x" * LARGEST, "anja@voorbeeld.nl", "te lang", id="too large"),
        pytest.param(nothing, PRIVATE, "anja@voorbeeld.nl", "(06-12345678)", id="a phone number under it"),
        pytest.param(nothing, WORDS, "bert@voorbeeld.nl", "een ander e-mailadres", id="another sender"),
    ],
)
def test_a_refused_answer_is_no_post_and_the_member_reads_why(
    answering: Postbox, happens: Callable[[Member, Post], None], text: str, sender: str, reason: str
) -> None:
    anja, reply, address = mailed_reply(answering)
    member, answered = db.session.get_one(Member, anja.id), db.session.get_one(Post, reply.id)
    with unit_of_work():
        happens(member, answered)

    results = [receive(answer(address, text, sender=sender)) for _ in range(2)]

    assert [result.exit_code for result in results] == [1, 1]
    assert results[0].stderr.startswith("forum: refused: ")
    assert mailed() == []
    [row] = outbox("discussion/")
    assert row.member_id == anja.id
    assert reason in row.details["reason"]
    assert row.details["text"] in text
    deliver_mail(at=now())
    assert f"/berichten/{reply.id}/antwoord" in answering.taken[-1].as_string()
    assert answering.recipients[-1] == "anja@voorbeeld.nl"
    assert answering.taken[-1]["Subject"] == "Uw antwoord staat niet op het forum"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda address: address.replace("antwoord-", "antwoord-9"), id="another number"),
        pytest.param(lambda _: f"forum@{DOMAIN}", id="no answer to anything"),
        pytest.param(lambda address: address.replace(DOMAIN, "elders.nl"), id="another domain"),
    ],
)
def test_an_address_that_we_did_not_make_is_refused_without_a_mail(
    answering: Postbox, change: Callable[[str], str]
) -> None:
    _anja, _reply, address = mailed_reply(answering)

    result = receive(answer(change(address)))

    assert (result.exit_code, result.stderr) == (1, "forum: refused: mail-address-unknown\n")
    assert (mailed(), outbox("discussion/")) == ([], [])


def test_who_is_gone_writes_nothing_any_more(answering: Postbox) -> None:
    anja, _reply, address = mailed_reply(answering)
    with unit_of_work():
        db.session.get_one(Member, anja.id).state = MemberState.GONE

    assert receive(answer(address)).exit_code == 1
    assert mailed() == []


@pytest.mark.parametrize("extra", ["Auto-Submitted: auto-replied\n", "Return-Path: <>\n"])
def test_an_answer_of_a_machine_is_passed_over(answering: Postbox, extra: str) -> None:
    _anja, _reply, address = mailed_reply(answering)

    result = receive(answer(address, extra=extra))

    assert (result.exit_code, result.output) == (0, "")
    assert (mailed(), outbox("discussion/")) == ([], [])


def test_without_a_mail_domain_mail_cannot_be_answered(
    answering: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    _anja, _reply, address = mailed_reply(answering)
    settings = dataclasses.replace(current_app.config["SETTINGS"], mail_reply_domain="")
    monkeypatch.setitem(current_app.config, "SETTINGS", settings)

    result = receive(answer(address))

    assert (result.exit_code, result.stderr) == (1, "forum: refused: mail-answers-off\n")


def test_while_the_database_is_away_the_mail_server_keeps_the_message(
    answering: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_values: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(mail_cli, "get_answered", away)

    assert receive(answer(f"antwoord-1-a@{DOMAIN}")).exit_code == TRY_LATER


@pytest.mark.parametrize(
    ("kind", "code", "cause"),
    [
        pytest.param("delivery-status", "5.1.1", "bounced", id="nobody there"),
        pytest.param("delivery-status", "5.2.1", "bounced", id="mailbox closed"),
        pytest.param("delivery-status", "5.2.2", None, id="mailbox full"),
        pytest.param("delivery-status", "5.7.1", None, id="they refuse us"),
        pytest.param("delivery-status", "4.4.7", None, id="their server was away"),
        pytest.param("feedback-report", "", "complained", id="called spam"),
    ],
)
def test_mail_that_came_back_stops_mail_to_a_dead_address(
    answering: Postbox, kind: str, code: str, cause: str | None
) -> None:
    mailed_reply(answering)
    ours = str(answering.taken[-1]["Message-ID"])
    raw = report(kind=kind, code=code).replace(b"<m@forum.example.nl>", ours.encode())

    results = [receive(raw) for _ in range(2)]

    assert [result.exit_code for result in results] == [0, 0]
    db.session.rollback()
    marked = [(row.address, row.cause) for row in db.session.query(UnreachableAddress)]
    assert marked == ([("anja@voorbeeld.nl", cause)] if cause else [])


def test_a_made_up_report_stops_no_mail(answering: Postbox) -> None:
    mailed_reply(answering)

    result = receive(report())

    assert result.exit_code == 0
    assert db.session.query(UnreachableAddress).count() == 0


def test_mail_of_who_values_a_post_cannot_be_answered(answering: Postbox) -> None:
    _anja, reply, _address = mailed_reply(answering)
    bert = db.session.get_one(Member, reply.author_id)
    tell(bert, NotificationKind.VALUED, event="", at=now(), about="post", about_id=reply.id)
    with unit_of_work():
        told(bert)[0].mail_as = Frequency.AT_ONCE

    mail_at_once(at=now() + timedelta(minutes=3))
    deliver_mail(at=now() + timedelta(minutes=3))

    assert answering.taken[-1]["Subject"] == "Iemand vindt uw bericht waardevol."
    assert answering.taken[-1]["Reply-To"] is None


def test_a_mail_tells_that_it_can_be_answered(answering: Postbox) -> None:
    _anja, _reply, address = mailed_reply(answering)

    text = answering.taken[-1].as_string()

    assert address.endswith(f"@{DOMAIN}")
    assert "=?" not in address
    assert "U kunt deze e-mail niet beantwoorden" not in text
