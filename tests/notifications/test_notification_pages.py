"""The pages about notifications, used through their real forms."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from flask import current_app

from forum.discussion.follow_queries import list_followers, without_muted
from forum.discussion.jobs import tell_of_posts
from forum.discussion.models import Follow, Post
from forum.discussion.rules import PostState
from forum.kernel.database import db, unit_of_work
from forum.mail.models import UnreachableCause
from forum.mail.reachability import mark_unreachable
from forum.members.models import Member
from forum.notifications.emails import secret_keys
from forum.notifications.links import unsubscribe_token
from forum.notifications.queries import get_choices
from forum.notifications.rules import FIRST_CHOICE, PAGE_SIZE, Frequency, NotificationKind
from tests.notifications.cast import tell, told
from tests.support.browser import Browser
from tests.support.cast import T0, make_post, make_site, make_tenant, make_thread
from tests.support.queries import counted_queries

ONE_CLICK: dict[str, Any] = {"List-Unsubscribe": "One-Click"}
OTHER: dict[str, Any] = {"List-Unsubscribe": "Two-Clicks"}
LIST, CHOICES = "/mijn/attenderingen", "/mijn/attenderingen/keuzes"


def test_a_member_reads_of_an_answer_and_goes_to_it(browser: Browser) -> None:
    anja, bert, thread = make_tenant("Anja"), make_tenant("Bert"), make_thread()
    post = make_post(thread, anja)
    reply = make_post(thread, bert, "Dat is bij ons ook zo, al jaren.", reply_to=post.id)
    tell_of_posts(at=T0)
    browser.sign_in(anja)
    assert "Attenderingen (1 nieuw )" in menu_of(browser)

    page = browser.visit(LIST)

    assert "Bert gaf antwoord op uw bericht." in page.text
    assert "Dat is bij ons ook zo, al jaren." in page.text
    assert told()[0].read_at is None
    page = browser.submit(page, "Bekijk het")
    assert page.path.startswith(f"/onderwerpen/{thread.topic_id}/")
    assert f"bericht-{reply.id}" in page.html
    assert told()[0].read_at is not None
    assert "Attenderingen" not in menu_of(browser)


def menu_of(browser: Browser) -> str:
    menu = browser.visit("/").soup.find("nav", class_="menu")
    assert menu is not None
    return " ".join(menu.get_text(" ").split())


@pytest.mark.parametrize("state", [PostState.HIDDEN, PostState.DELETED])
def test_the_text_of_a_post_that_is_gone_is_not_shown(browser: Browser, state: PostState) -> None:
    anja, bert, thread = make_tenant(), make_tenant("Bert"), make_thread()
    post = make_post(thread, anja)
    reply = make_post(thread, bert, "Ik woon op nummer zeven.", reply_to=post.id)
    tell_of_posts(at=T0)
    with unit_of_work():
        db.session.get_one(Post, reply.id).state = state

    page = browser.sign_in(anja).visit(LIST)

    assert "Dit bericht is verborgen of ingetrokken." in page.text
    assert "nummer zeven" not in page.text
    assert "Bert" not in page.text


def test_the_list_has_pages_and_all_is_read_with_one_button(browser: Browser) -> None:
    anja = make_tenant()
    for number in range(PAGE_SIZE + 2):
        tell(anja, key=f"a:{number}", title=f"Gesprek {number}.", at=T0 + timedelta(minutes=number // 3))
    browser.sign_in(anja)

    first = browser.visit(LIST)
    second = browser.visit(first.link("Ouder nieuws"))

    titles = [f"Gesprek {number}." for number in range(PAGE_SIZE + 2)]
    on_first = [title for title in titles if title in first.text]
    on_second = [title for title in titles if title in second.text]
    assert (on_first, on_second) == (titles[2:], titles[:2])
    assert not second.has_link("Ouder nieuws")
    tell(anja, key="later", at=T0 + timedelta(days=1))
    page = browser.submit(first, "Zet alles op gelezen")
    assert "Alles staat nu op gelezen." in page.text
    assert [row.key for row in told() if row.read_at is None] == ["later"]


@pytest.mark.parametrize("after", ["", "x", "_", "2026-03-02T09:00:00_1", "2026-03-02T09:00:00+00:00_x"])
def test_an_address_that_was_made_up_gives_the_first_page(browser: Browser, after: str) -> None:
    anja = make_tenant()
    tell(anja)

    page = browser.sign_in(anja).visit(f"{LIST}?voor={after}")

    assert page.status == 200
    assert "Een moderator heeft uw bericht teruggezet." in page.text


@pytest.mark.parametrize("up_to", ["", "morgen", "2026-03-02", "x" * 50])
def test_a_moment_that_was_made_up_is_refused(browser: Browser, up_to: str) -> None:
    anja = make_tenant()
    tell(anja)
    browser.sign_in(anja)

    page = browser.submit(browser.visit(LIST), "Zet alles op gelezen", up_to=up_to)

    assert page.status == 400
    assert told()[0].read_at is None


def test_nobody_opens_what_another_was_told(browser: Browser) -> None:
    anja, bert = make_tenant(), make_tenant()
    tell(bert)
    tell(anja)
    browser.sign_in(anja)
    page = browser.visit(LIST)
    own, other = told(anja)[0].id, told(bert)[0].id
    html = page.html.replace(f"/{own}/openen", f"/{other}/openen")
    assert html != page.html
    page.soup.find("form", action=f"{LIST}/{own}/openen")["action"] = f"{LIST}/{other}/openen"  # type: ignore[index]

    page = browser.submit(page, "Bekijk het")

    assert page.status == 404
    assert told(bert)[0].read_at is None


def test_an_empty_list_says_what_to_do(browser: Browser) -> None:
    page = browser.sign_in(make_tenant()).visit(LIST)

    assert "Er is nog geen nieuws voor u" in page.text
    assert not page.has_button("Zet alles op gelezen")


def test_the_page_costs_the_same_however_long_the_list(browser: Browser) -> None:
    anja, bert, thread = make_tenant(), make_tenant(), make_thread()
    post = make_post(thread, anja)
    browser.sign_in(anja)
    counts = []
    for more in (1, PAGE_SIZE):
        for _ in range(more):
            make_post(thread, bert, reply_to=post.id)
        tell_of_posts(at=T0)
        with counted_queries() as sent:
            browser.visit(LIST)
        counts.append(len(sent))

    assert counts[0] == counts[1] <= 5


def test_a_member_chooses_how_to_hear_and_what_waits_follows(browser: Browser) -> None:
    make_site()
    anja = make_tenant()
    tell(anja, NotificationKind.REPLY, key="waits", event="")
    browser.sign_in(anja)
    page = browser.visit(CHOICES)

    page = browser.submit(page, "Bewaar mijn keuzes", reply="weekly", mention="never")

    assert "Uw keuzes zijn bewaard." in page.text
    assert get_choices(anja.id) == FIRST_CHOICE | {
        NotificationKind.REPLY: Frequency.WEEKLY,
        NotificationKind.MENTION: Frequency.NEVER,
    }
    assert told()[0].mail_as is Frequency.WEEKLY
    assert page.soup.find("input", attrs={"name": "reply", "value": "weekly", "checked": True})


def test_a_choice_that_is_none_says_so(browser: Browser) -> None:
    anja = make_tenant()
    browser.sign_in(anja)

    page = browser.submit(browser.visit(CHOICES), "Bewaar mijn keuzes", reply="elk uur")

    assert page.status == 422
    assert "Kies een van de mogelijkheden." in page.text
    assert get_choices(anja.id) == FIRST_CHOICE


def test_whose_mail_came_back_reads_that_no_mail_comes(browser: Browser) -> None:
    make_site()
    anja, bert = make_tenant(email="anja@voorbeeld.nl"), make_tenant(email="bert@voorbeeld.nl")
    with unit_of_work():
        mark_unreachable("anja@voorbeeld.nl", UnreachableCause.BOUNCED, at=T0)

    shown, other = (browser.another().sign_in(member).visit(CHOICES) for member in (anja, bert))

    assert "Er komt bij u geen e-mail aan" in shown.text
    assert "Een e-mail naar anja@voorbeeld.nl kwam terug" in shown.text
    assert "Er komt bij u geen e-mail aan" not in other.text


def test_who_has_no_address_reads_that_no_mail_comes(browser: Browser) -> None:
    make_site()

    page = browser.sign_in(make_tenant(email=None)).visit(CHOICES)

    assert "Wij kennen uw e-mailadres niet" in page.text


def link_of(member: Member, how: Frequency = Frequency.AT_ONCE) -> str:
    keys = secret_keys(current_app.config["SETTINGS"])
    return f"/attenderingen/afmelden/{unsubscribe_token(keys, member.id, how)}"


def test_the_link_in_a_mail_changes_nothing_until_the_button_is_pressed(browser: Browser) -> None:
    anja = make_tenant()

    page = browser.visit(link_of(anja))

    assert page.status == 200
    assert get_choices(anja.id) == FIRST_CHOICE
    page = browser.submit(page, "Meld mij af")
    assert "U bent afgemeld" in page.title
    assert Frequency.AT_ONCE not in get_choices(anja.id).values()
    assert get_choices(anja.id)[NotificationKind.VALUED] is Frequency.WEEKLY


def test_a_mail_program_unsubscribes_with_one_click_twice(browser: Browser) -> None:
    anja = make_tenant()

    pages = [browser.post(link_of(anja, Frequency.DAILY), **ONE_CLICK) for _ in range(2)]

    assert [page.status for page in pages] == [200, 200]
    assert Frequency.DAILY not in get_choices(anja.id).values()
    assert get_choices(anja.id)[NotificationKind.REPLY] is Frequency.AT_ONCE


def test_without_a_token_or_one_click_nothing_is_stopped(browser: Browser) -> None:
    anja = make_tenant()

    page = browser.post(link_of(anja), **OTHER)

    assert page.status == 400
    assert get_choices(anja.id) == FIRST_CHOICE


def test_a_link_that_is_not_ours_says_what_to_do(browser: Browser) -> None:
    for page in (
        browser.visit("/attenderingen/afmelden/is-niet-van-ons"),
        browser.post("/attenderingen/afmelden/is-niet-van-ons", **ONE_CLICK),
    ):
        assert page.status == 404
        assert "Deze link werkt niet" in page.text


@pytest.mark.parametrize(
    ("button", "sentence"),
    [
        ("Elk nieuw bericht", "U hoort van elk nieuw bericht in dit gesprek."),
        ("Niets", "U hoort niets meer van dit gesprek."),
    ],
)
def test_a_thread_is_followed_with_a_button_on_its_page(browser: Browser, button: str, sentence: str) -> None:
    anja, thread = make_tenant(), make_thread()
    with unit_of_work():
        db.session.merge(thread).stance_question = ""
    browser.sign_in(anja)
    path = f"/onderwerpen/{thread.topic_id}"
    page = browser.visit(path)
    assert pressed(page.soup) == ["Alleen wat aan mij is gericht"]

    for _ in range(2):
        page = browser.submit(page, button)

    assert sentence in page.text
    assert pressed(page.soup) == [button]
    assert db.session.query(Follow).count() == 1
    assert list(list_followers(thread.topic_id)) == ([anja.id] if button != "Niets" else [])
    assert set(without_muted(thread.topic_id, [anja.id])) == ({anja.id} if button != "Niets" else set())


def pressed(soup: object) -> list[str]:
    buttons = soup.find_all("button", attrs={"name": "level", "aria-pressed": "true"})  # type: ignore[attr-defined]
    return [button.get_text() for button in buttons]


def test_a_level_that_is_none_is_refused(browser: Browser) -> None:
    anja, thread = make_tenant(), make_thread()
    with unit_of_work():
        db.session.merge(thread).stance_question = ""
    browser.sign_in(anja)
    page = browser.visit(f"/onderwerpen/{thread.topic_id}")
    button = page.soup.find("button", attrs={"name": "level"})
    button["value"] = "luid"  # type: ignore[index]

    page = browser.submit(page, "luid")

    assert page.status == 400
    assert db.session.query(Follow).count() == 0


def test_who_only_reads_has_no_buttons_to_follow(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    thread = make_thread()
    settings = dataclasses.replace(current_app.config["SETTINGS"], public_reading=True)
    monkeypatch.setitem(browser.app.config, "SETTINGS", settings)

    page = browser.visit(f"/onderwerpen/{thread.topic_id}")

    assert page.status == 200
    assert pressed(page.soup) == []


def test_of_a_post_the_words_are_shown_without_marks_and_without_what_it_quotes(browser: Browser) -> None:
    anja, thread = make_tenant(), make_thread()
    post = make_post(thread, anja, "De lift staat weer eens stil, al drie dagen.")
    words = "> De lift staat weer eens stil\n\nBij **ons** ook, zie [de brief](https://voorbeeld.nl)."
    make_post(thread, make_tenant("Bert"), words, reply_to=post.id)
    tell_of_posts(at=T0)

    page = browser.sign_in(anja).visit(LIST)

    assert "Bij ons ook, zie de brief." in page.text
    assert "stil" not in page.text


def test_what_was_read_in_the_thread_is_not_told_any_more(browser: Browser) -> None:
    anja, bert, thread = make_tenant(), make_tenant(), make_thread()
    post = make_post(thread, anja)
    seen, later = (make_post(thread, bert, reply_to=post.id) for _ in range(2))
    tell_of_posts(at=T0)
    tell(anja, NotificationKind.VALUED, key="v", event="", about="post", about_id=seen.id)
    browser.sign_in(anja)
    page = browser.visit(LIST)

    def read(**fields: Any) -> list[str]:
        token = page.token
        path = f"/onderwerpen/{thread.topic_id}/gelezen"
        browser.post(path, csrf_token=token, newest=str(later.id), **fields)
        return [row.key for row in told(anja) if row.read_at is None and row.mail_as]

    after_one, after_all = read(shown=str(seen.id)), read(all="1")

    assert after_one == [f"post:{later.id}", "v"]
    assert after_all == ["v"]
