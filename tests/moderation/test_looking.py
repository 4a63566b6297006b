"""The task that looks through new posts, and the list it makes."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.audit.models import AuditEntry
from forum.discussion.models import Post
from forum.discussion.rules import PostState
from forum.discussion.service import Body, edit_post
from forum.kernel.actor import Party
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.moderation import looking
from forum.moderation.first_posts import wish_first_posts
from forum.moderation.jobs import look_at_posts
from forum.moderation.models import PostSign
from forum.moderation.rules import DecisionKind
from forum.moderation.sign_queries import list_to_look_at
from forum.moderation.warning_signs import Sign
from tests.support.browser import Browser
from tests.support.cast import T0, make_delegate, make_post, make_site, make_tenant, make_thread
from tests.support.moderation import agree_on_first_posts, decide, make_moderator

SHOUT = "WAAROM DOET NIEMAND IETS AAN DIE LIFT DIE ALTIJD STUK IS"


def make_known_author_and_post(text: str) -> Post:
    """Return a post of somebody who wrote before."""
    thread, author = make_thread(), make_tenant()
    make_post(thread, author)
    return make_post(thread, author, text)


def signs() -> list[tuple[int, Sign]]:
    rows = db.session.execute(select(PostSign.post_id, PostSign.sign).order_by(PostSign.id))
    return [(post_id, sign) for post_id, sign in rows]


@pytest.mark.usefixtures("database")
def test_a_post_is_looked_at_once_and_again_when_it_was_changed() -> None:
    agree_on_first_posts()
    post = make_known_author_and_post("Het is hier rustig en netjes.")
    first = post.id - 1

    counts = [looking.look_at_new_posts((), at=T0) for _ in range(2)]
    edit_post(post, 1, Body.of(SHOUT), post.author.as_actor(T0), window=timedelta(days=1), at=T0)
    counts.append(looking.look_at_new_posts((), at=T0))

    assert counts == [2, 0, 1]
    assert signs() == [(first, Sign.FIRST_POST), (post.id, Sign.CAPITALS)]
    assert post.state is PostState.VISIBLE


@pytest.mark.usefixtures("database")
def test_what_was_written_long_ago_is_left_out() -> None:
    make_known_author_and_post(SHOUT)
    later = T0 + looking.WORTH_A_LOOK + timedelta(minutes=1)

    looking.skip_old_posts(at=later)

    assert looking.look_at_new_posts((), at=later) == 0
    assert signs() == []


def test_the_task_reads_the_list_of_words_of_the_installation(database: Flask) -> None:
    post = make_known_author_and_post("Wat een sukkels wonen hier toch allemaal bij elkaar.")
    words: Path = database.config["SETTINGS"].watch_words_file
    words.write_text("sukkels # schelden\n", encoding="utf-8")

    look_at_posts(at=T0)
    words.unlink()

    assert (post.id, Sign.WORDS) in signs()


@pytest.mark.usefixtures("database")
def test_deciding_on_a_post_takes_it_off_the_list() -> None:
    post = make_known_author_and_post(SHOUT)
    looking.look_at_new_posts((), at=T0)

    decide(post, DecisionKind.KEEP, at=T0)

    assert post.id not in dict(list_to_look_at(None))


@pytest.mark.parametrize(
    ("tenants", "landlord", "is_agreed"),
    [
        pytest.param(3, 3, True, id="both want the same"),
        pytest.param(3, None, False, id="one wants none"),
        pytest.param(3, 7, False, id="each wants another term"),
    ],
)
@pytest.mark.usefixtures("database")
def test_first_posts_are_on_the_list_only_by_a_rule_of_both_parties(
    tenants: int | None, landlord: int | None, *, is_agreed: bool
) -> None:
    for party, days in ((Party.TENANTS, tenants), (Party.LANDLORD, landlord)):
        wish_first_posts(days, make_delegate(party).as_actor(T0), at=T0)
    post = make_post(make_thread(), make_tenant())

    looking.look_at_new_posts((), at=T0)

    assert signs() == ([(post.id, Sign.FIRST_POST)] if is_agreed else [])


@pytest.mark.usefixtures("database")
def test_a_party_that_stops_takes_first_posts_off_the_list() -> None:
    agree_on_first_posts()
    make_post(make_thread(), make_tenant(), SHOUT)
    looking.look_at_new_posts((), at=T0)

    wish_first_posts(None, make_delegate(Party.TENANTS).as_actor(T0), at=T0)

    assert [sign for _, sign in signs()] == [Sign.CAPITALS]


@pytest.mark.usefixtures("database")
def test_only_who_acts_for_a_party_agrees_on_first_posts() -> None:
    for member in (make_tenant(), make_moderator(Party.TENANTS)):
        with pytest.raises(Forbidden):
            wish_first_posts(3, member.as_actor(T0), at=T0)


def test_delegates_of_both_parties_agree_and_everybody_reads_it(browser: Browser) -> None:
    make_site()
    post = make_post(
        make_thread(opens_at=now() - timedelta(days=9)), make_tenant(), at=now() - timedelta(days=5)
    )
    told = []
    for party in Party:
        delegate = browser.another().sign_in(make_delegate(party))
        page = delegate.visit("/beheer/eerste-berichten")
        told.append(delegate.submit(page, "Bewaar wat wij willen", days="3"))
    looking.look_at_new_posts((), at=now())
    db.session.commit()

    listed = browser.sign_in(make_moderator(Party.TENANTS)).visit("/beheer/te-bekijken")
    rules = browser.visit("/huisregels")

    assert "Er is geen afspraak" in told[0].text
    assert "Een moderator bekijkt elk eerste bericht binnen 3 dagen." in told[1].text
    assert post.author.display_name in listed.text
    assert "Te laat" in listed.text
    assert "binnen 3 dagen" in rules.text


def test_a_moderator_takes_posts_off_the_list(browser: Browser) -> None:
    agree_on_first_posts()
    thread = make_thread(opens_at=now() - timedelta(days=1))
    posts = [make_post(thread, make_tenant(), at=now()) for _ in range(3)]
    looking.look_at_new_posts((), at=now())
    db.session.commit()
    browser.sign_in(make_moderator(Party.TENANTS))

    page = browser.visit("/beheer/te-bekijken")
    one = browser.submit(page, "seen")
    none = browser.submit(one, "Alle gekozen berichten gezien")
    rest = browser.submit(none, "Alle gekozen berichten gezien", chosen=[str(post.id) for post in posts])

    assert page.text.count("Eerste bericht van deze schrijver") == 3
    assert "Het bericht is van de lijst." in one.text
    assert "Kies eerst een of meer berichten." in none.text
    assert "2 berichten van de lijst gehaald." in rest.text
    assert "Er is niets te bekijken" in rest.text
    logged = select(AuditEntry).where(AuditEntry.action == "posts.seen").order_by(AuditEntry.id)
    seen = db.session.scalars(logged).all()
    assert [len(entry.details["post_ids"]) for entry in seen] == [1, 2]


@pytest.mark.parametrize(
    "key",
    [
        pytest.param({}, id="a browser that fills in at once"),
        pytest.param({"form_key": ""}, id="a program that leaves the key out"),
        pytest.param({"form_key": "zelfbedacht"}, id="a program that makes a key up"),
    ],
)
def test_a_form_that_is_sent_at_once_is_a_sign(browser: Browser, key: Mapping[str, Any]) -> None:
    agree_on_first_posts()
    thread = make_thread(opens_at=now() - timedelta(days=1))
    author = make_tenant()
    make_post(thread, author, at=now())
    browser.sign_in(author)
    page = browser.visit(f"/onderwerpen/{thread.topic_id}")

    text = "Dit is een lange tekst die niemand in drie tellen kan typen, hoe snel die vingers ook gaan."
    browser.submit(page, "Plaats bericht", text=text, **key)
    looking.look_at_new_posts((), at=now())

    assert [sign for _, sign in signs()] == [Sign.FIRST_POST, Sign.QUICK]
