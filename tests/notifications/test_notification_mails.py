"""What leaves by mail, to a real mail server: each message once, and nothing that is no news any more."""

from collections.abc import Callable
from datetime import timedelta
from email.message import Message

import pytest
from flask import Flask

from forum.discussion.jobs import tell_of_posts
from forum.discussion.models import Post
from forum.discussion.rules import PostState
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.mail.composing import draft_message
from forum.mail.jobs import deliver_mail
from forum.mail.models import OutboxState, UnreachableAddress
from forum.members.models import Member, MemberState
from forum.notifications import emails
from forum.notifications.jobs import mail_at_once, send_digests
from forum.notifications.models import NotificationChoice
from forum.notifications.rules import MAILED_MOST, Frequency, NotificationKind
from tests.mail.mail_server import Postbox
from tests.notifications.cast import outbox, tell, told
from tests.support.browser import Browser
from tests.support.cast import T0, make_post, make_site, make_tenant, make_thread
from tests.support.together import at_once

SOON = T0 + timedelta(minutes=5)
LATER = SOON + timedelta(hours=1)
NEXT_DAY = T0 + timedelta(days=1)
NIGHT = T0.replace(hour=22)
WEEK = T0 + timedelta(days=7)


EVENTS = {
    NotificationKind.MODERATION: "hidden",
    NotificationKind.PHASE: "answer",
    NotificationKind.PANEL: "invited",
}


def words(message: Message) -> str:
    """Return the plain text of a message that was taken."""
    [part] = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode().replace("\r\n", "\n")


def answered() -> tuple[Member, Post]:
    """Return somebody who gets an answer, and the answer."""
    anja, bert, thread = make_tenant("Anja"), make_tenant("Bert"), make_thread()
    post = make_post(thread, anja)
    reply = make_post(thread, bert, "Dat is bij ons ook zo, al jaren.", reply_to=post.id)
    tell_of_posts(at=T0)
    return anja, reply


def test_an_answer_is_mailed_once_with_its_text_and_why(post: Postbox, browser: Browser) -> None:
    make_site()
    anja, reply = answered()

    for _ in range(2):
        mail_at_once(at=SOON)
        deliver_mail(at=SOON)

    [mail] = post.taken
    assert post.recipients == [anja.email]
    assert mail["Subject"] == "Bert gaf antwoord op uw bericht."
    for piece in (
        "Dat is bij ons ook zo, al jaren.",
        f"https://forum.example.nl/berichten/{reply.id}",
        "U krijgt deze e-mail omdat u zulk nieuws meteen wilt horen.",
        "U kunt deze e-mail niet beantwoorden.",
    ):
        assert piece in words(mail)
    assert mail["Reply-To"] is None
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = browser.visit(mail["List-Unsubscribe"].strip("<>").removeprefix("https://forum.example.nl"))
    assert page.has_button("Meld mij af")


def test_mail_waits_a_moment_for_who_reads_on_the_forum(post: Postbox) -> None:
    answered()

    mail_at_once(at=T0 + timedelta(minutes=1))

    assert outbox() == []


def test_no_mail_goes_at_night(post: Postbox) -> None:
    answered()
    tell(make_tenant(), NotificationKind.PHASE, key="b", event="open", at=T0 - timedelta(days=1))

    mail_at_once(at=NIGHT)
    send_digests(at=NIGHT)
    in_the_night = outbox()
    mail_at_once(at=NEXT_DAY)
    send_digests(at=NEXT_DAY)

    assert in_the_night == []
    assert len(outbox()) == 2


def gone(member: Member, _reply: Post) -> None:
    db.session.get_one(Member, member.id).state = MemberState.GONE


def suspended(member: Member, _reply: Post) -> None:
    db.session.get_one(Member, member.id).suspended_until = now() + timedelta(days=1)


def read(_member: Member, _reply: Post) -> None:
    told()[0].read_at = SOON


def hidden(_member: Member, reply: Post) -> None:
    db.session.get_one(Post, reply.id).state = PostState.HIDDEN


def withdrawn(_member: Member, reply: Post) -> None:
    db.session.get_one(Post, reply.id).state = PostState.DELETED


def unreachable(member: Member, _reply: Post) -> None:
    db.session.add(UnreachableAddress(address=str(member.email), cause="bounced", at=T0))


def chose_none(member: Member, _reply: Post) -> None:
    db.session.add(
        NotificationChoice(
            member_id=member.id, kind=NotificationKind.REPLY, how=Frequency.NEVER, chosen_at=T0
        )
    )


@pytest.mark.parametrize("happens", [chose_none, gone, suspended, read, hidden, withdrawn, unreachable])
def test_what_is_no_news_when_it_leaves_is_left_out(
    post: Postbox, happens: Callable[[Member, Post], None]
) -> None:
    anja, reply = answered()
    mail_at_once(at=SOON)
    member, told_of = db.session.get_one(Member, anja.id), db.session.get_one(Post, reply.id)
    with unit_of_work():
        happens(member, told_of)

    deliver_mail(at=SOON)

    assert post.taken == []
    assert [row.state for row in outbox()] == [OutboxState.DROPPED]


def test_who_is_paused_still_hears_why(post: Postbox) -> None:
    anja = make_tenant()
    with unit_of_work():
        db.session.get_one(Member, anja.id).suspended_until = now() + timedelta(days=1)
    tell(anja, event="suspended")

    mail_at_once(at=SOON)
    deliver_mail(at=SOON)

    assert [mail["Subject"] for mail in post.taken] == ["Een moderator heeft u een pauze gegeven."]


def test_a_digest_brings_news_together_by_thread_and_leaves_out_what_was_read(post: Postbox) -> None:
    anja = make_tenant()
    phase = NotificationKind.PHASE
    lift, tuin = {"subject": "thread:1", "title": "De lift"}, {"subject": "thread:2", "title": "De tuin"}
    tell(anja, phase, key="a", event="open", at=T0 - timedelta(hours=9), **lift)
    tell(anja, phase, key="b", event="panel", at=T0 - timedelta(hours=7), **lift)
    tell(anja, phase, key="c", event="open", at=T0 - timedelta(hours=8), **tuin)
    tell(anja, phase, key="d", event="closed", at=T0 - timedelta(hours=6), **tuin)
    for _ in range(2):
        send_digests(at=T0)
    with unit_of_work():
        told()[3].read_at = T0

    deliver_mail(at=T0)

    [mail] = post.taken
    text = words(mail)
    assert mail["Subject"] == "Uw dagelijkse overzicht van het Huurdersforum"
    places = [text.index(piece) for piece in ("De lift\n", "Nu is er een panel", "is begonnen", "De tuin\n")]
    assert places == sorted(places)
    assert text.count("is begonnen") == 2
    assert "is gesloten" not in text
    assert "U krijgt deze e-mail omdat u elke dag een overzicht wilt." in text


def test_a_digest_goes_once_a_day_and_what_came_later_waits(post: Postbox) -> None:
    anja = make_tenant()
    tell(anja, NotificationKind.PHASE, key="a", event="open", at=T0 - timedelta(hours=9))
    send_digests(at=T0)
    tell(anja, NotificationKind.PHASE, key="b", event="panel", at=T0 + timedelta(hours=1))

    send_digests(at=T0 + timedelta(hours=2))
    same_day = len(outbox())
    send_digests(at=NEXT_DAY)

    assert same_day == 1
    assert [row.details["ids"] for row in outbox()] == [[told()[0].id], [told()[1].id]]


def test_what_was_told_just_too_late_for_a_digest_is_mailed_all_the_same(post: Postbox) -> None:
    anja = make_tenant()
    tell(anja, NotificationKind.PHASE, key="a", event="open", at=T0 - timedelta(hours=9))
    send_digests(at=T0)
    tell(anja, NotificationKind.PHASE, key="b", event="panel", at=T0 - timedelta(hours=8))

    send_digests(at=T0 + timedelta(minutes=2))

    assert [row.details["ids"] for row in outbox()] == [[told()[0].id], [told()[1].id]]


def test_a_weekly_digest_goes_on_monday(post: Postbox) -> None:
    anja = make_tenant()
    tell(anja, NotificationKind.VALUED, event="", at=T0 + timedelta(days=1))

    for day in range(2, 7):
        send_digests(at=T0 + timedelta(days=day))
    before_monday = len(outbox())
    send_digests(at=WEEK)
    deliver_mail(at=WEEK)

    assert before_monday == 0
    assert [mail["Subject"] for mail in post.taken] == ["Uw wekelijkse overzicht van het Huurdersforum"]


def test_a_digest_is_never_empty(post: Postbox) -> None:
    anja = make_tenant()
    tell(anja, NotificationKind.PHASE, event="open", at=T0 - timedelta(hours=9))
    send_digests(at=T0)
    with unit_of_work():
        told()[0].read_at = T0

    deliver_mail(at=T0)

    assert post.taken == []
    assert [row.state for row in outbox()] == [OutboxState.DROPPED]


def test_a_long_digest_says_how_much_more_there_is(post: Postbox) -> None:
    anja = make_tenant()
    for number in range(MAILED_MOST + 3):
        tell(anja, NotificationKind.PHASE, key=f"a:{number}", event="open", at=T0 - timedelta(hours=9))

    send_digests(at=T0)
    deliver_mail(at=T0)

    [mail] = post.taken
    assert words(mail).count("Het gesprek is begonnen.") == MAILED_MOST
    assert "Er is nog meer nieuws: 3." in words(mail)


def test_who_wants_no_mail_gets_none_and_reads_all_on_the_forum(post: Postbox, browser: Browser) -> None:
    anja, reply = answered()
    browser.sign_in(anja)
    browser.submit(browser.visit("/mijn/attenderingen/keuzes"), "Bewaar mijn keuzes", reply="never")

    mail_at_once(at=SOON)
    send_digests(at=NEXT_DAY)

    assert outbox() == []
    assert f"/mijn/attenderingen/{told()[0].id}/openen" in browser.visit("/mijn/attenderingen").html
    assert reply.author_id != anja.id


def test_a_server_that_drops_at_the_end_gets_the_same_message_again(post: Postbox) -> None:
    anja, _reply = answered()
    mail_at_once(at=SOON)
    post.message_answer = "451 Try later"
    deliver_mail(at=SOON)
    post.message_answer = "250 OK"

    deliver_mail(at=LATER)
    mail_at_once(at=LATER)
    deliver_mail(at=LATER)

    assert post.recipients == [anja.email]
    assert [row.state for row in outbox()] == [OutboxState.SENT]


def test_two_tasks_at_once_queue_each_mail_once(database: Flask, post: Postbox) -> None:
    anja = make_tenant()
    for number in range(4):
        tell(anja, key=f"a:{number}")
    tell(anja, NotificationKind.PHASE, key="b", event="open", at=T0 - timedelta(hours=9))

    raised = at_once(
        database,
        [lambda: mail_at_once(at=SOON), lambda: mail_at_once(at=SOON), *[lambda: send_digests(at=SOON)] * 2],
    )
    deliver_mail(at=SOON)

    assert raised == [None] * 4
    assert len(post.taken) == len(outbox()) == 5


@pytest.mark.parametrize("kind", list(NotificationKind))
def test_every_kind_has_its_words(database: Flask, kind: NotificationKind) -> None:
    anja, reply = answered()
    event = EVENTS.get(kind, "")

    tell(anja, kind, key="x", event=event, about="post", about_id=None if event else reply.id)

    details = {"ids": [told(anja)[-1].id], "how": "at-once"}
    content = emails._content(details, anja)
    draft = draft_message(emails.AT_ONCE, {**details, **content}, anja)
    assert draft.subject.endswith(".")
    assert draft.subject in draft.text
    assert "notified" not in draft.text
