"""Reading what a post said before, and what changed."""

from datetime import timedelta

from forum.discussion import service
from forum.discussion.history import VERSIONS_SHOWN
from forum.discussion.models import Post
from forum.discussion.service import Body
from forum.kernel.clock import now
from forum.kernel.database import db
from tests.support.browser import Browser
from tests.support.cast import make_post, make_tenant, make_thread

WINDOW = timedelta(hours=1)


def make_edited_post(*texts: str) -> Post:
    """Return a post that had each of these texts in turn."""
    thread, author = make_thread(opens_at=now() - timedelta(days=1)), make_tenant()
    post = make_post(thread, author, texts[0], at=now())
    for text in texts[1:]:
        service.edit_post(post, post.version, Body.of(text), author.as_actor(now()), window=WINDOW, at=now())
    db.session.commit()
    return post


def test_each_version_shows_the_words_that_changed(browser: Browser) -> None:
    post = make_edited_post("De lift is stuk.", "De deur is stuk.", "De **deur** is stuk.")
    browser.sign_in(make_tenant())

    page = browser.visit(f"/berichten/{post.id}/versies")

    now_, second, first = page.soup.select("section.box")
    assert "Alleen hoe het eruitziet." in now_.get_text()
    assert [" ".join(tag.get_text(" ").split()) for tag in second.select("del, ins")] == [
        "Weg: lift .",
        "Nieuw: deur .",
    ]
    assert "De lift is stuk." in first.get_text()
    assert not first.select("del, ins, h3")


def test_many_versions_stand_on_pages_that_go_on_where_the_last_ended(browser: Browser) -> None:
    texts = [f"Versie nummer {number} van deze tekst." for number in range(1, VERSIONS_SHOWN + 3)]
    post = make_edited_post(*texts)
    browser.sign_in(make_tenant())

    first = browser.visit(f"/berichten/{post.id}/versies")
    last = browser.visit(f"/berichten/{post.id}/versies?pagina=2")

    assert len(first.soup.select("section.box")) == VERSIONS_SHOWN
    assert first.soup.select("section.box")[-1].select_one("del")
    assert [tag.get_text(" ").split()[1] for tag in last.soup.select("section.box h2")] == ["2,", "1,"]
