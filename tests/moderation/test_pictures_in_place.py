"""The pictures of a post that was flagged: whoever decides on it sees them, hidden or not."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from forum.discussion.models import Post
from forum.kernel.actor import Party
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.moderation.rules import DecisionKind
from tests.support.browser import Browser, Page
from tests.support.cast import make_site, make_tenant, make_thread, path_of
from tests.support.moderation import decide, flag, make_moderator
from tests.support.pictures import picture

ALT = "Een briefje aan de liftdeur"


@pytest.fixture
def author(browser: Browser) -> Browser:
    """Return a tenant whose post with a picture was flagged."""
    make_site()
    path = path_of(make_thread(opens_at=now() - timedelta(days=2)))
    browser.sign_in(make_tenant())
    browser.submit(browser.visit(path), "Overslaan")
    page = browser.visit(path)
    file = (BytesIO(picture()), "briefje.jpg")
    browser.submit(page, "Plaats bericht", text="Kijk eens wat hier hangt.", file_1=file, alt_1=ALT)
    flag(the_post(), at=now())
    return browser


def the_post() -> Post:
    return db.session.scalars(select(Post)).one()


def pictures_on(page: Page, browser: Browser) -> list[tuple[str, int]]:
    """Return what can be seen on each picture of a page, and how its address answers."""
    images = page.soup.select(".pictures img")
    return [(str(image["alt"]), browser.client.get(str(image["src"])).status_code) for image in images]


def test_a_moderator_sees_the_picture_of_a_flagged_post(author: Browser) -> None:
    moderator = author.another().sign_in(make_moderator(Party.LANDLORD))

    for path in ("/beheer/meldingen", f"/beheer/meldingen/{the_post().id}"):
        assert pictures_on(moderator.visit(path), moderator) == [(ALT, 200)], path


def test_author_and_judge_of_the_other_party_see_the_picture_of_a_hidden_post(author: Browser) -> None:
    decision = decide(the_post(), DecisionKind.HIDE, at=now())
    judge = author.another().sign_in(make_moderator(Party.TENANTS))
    objecting = author.visit(f"/mijn/besluiten/{decision.id}/bezwaar")
    own = author.visit("/mijn/besluiten")
    author.submit(objecting, "Verstuur bezwaar", words="Er staat geen naam op het briefje.")

    judging = judge.visit("/beheer/bezwaren/1")

    assert pictures_on(objecting, author) == [(ALT, 200)]
    assert pictures_on(own, author) == [(ALT, 200)]
    assert pictures_on(judging, judge) == [(ALT, 200)]
