"""Changing the pictures of a post with the real form: taken away, added, described anew."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from forum.discussion.jobs import clean_pictures
from forum.discussion.models import Picture, Post, Thread
from forum.kernel.clock import now
from forum.kernel.database import db
from tests.support.browser import Browser, Page
from tests.support.cast import make_post, path_of
from tests.support.pictures import ALT, TEXT, files, picture, send, upload

pytestmark = pytest.mark.usefixtures("no_files")


def editing(browser: Browser) -> tuple[Page, str]:
    """Return the page to change the only post on, and the address of its picture."""
    post_id, key = db.session.execute(select(Picture.post_id, Picture.key)).one()
    return browser.visit(f"/berichten/{post_id}/wijzigen"), f"/fotos/{key}/klein"


def shown(page: Page) -> list[str]:
    """Return what can be seen on the pictures of a page."""
    return [str(image["alt"]) for image in page.soup.select(".pictures img")]


def test_who_changes_a_post_can_take_its_picture_away_for_good(browser: Browser, thread: Thread) -> None:
    send(browser, thread)
    page, address = editing(browser)

    page = browser.submit(page, "Bewaar wijziging", drop_1="y")

    assert "gewijzigd" in page.text
    assert shown(page) == []
    assert browser.client.get(address).status_code == 404
    assert list(db.session.scalars(select(Picture))) == []
    clean_pictures(at=now() + timedelta(days=2))
    assert files() == []


def test_who_changes_a_post_can_add_pictures_and_say_anew_what_is_on_them(
    browser: Browser, thread: Thread
) -> None:
    send(browser, thread)
    page, _address = editing(browser)

    page = browser.submit(
        page,
        "Bewaar wijziging",
        alt_1="Nog meer dozen",
        file_3=upload(picture(colour="blue")),
        alt_3="De deur",
    )

    assert shown(page) == ["Nog meer dozen", "De deur"]
    post = db.session.scalars(select(Post)).one()
    changed, _first = browser.visit(f"/berichten/{post.id}/versies").soup.select("section.box")
    assert [" ".join(tag.get_text(" ").split()) for tag in changed.select("del, ins")] == [
        "Weg: Een hal vol .",
        "Nieuw: Nog meer .",
        "Nieuw: Foto: De deur .",
    ]
    assert post.version == 2


def test_a_picture_taken_away_stays_away_through_a_preview_and_a_hint(
    browser: Browser, thread: Thread
) -> None:
    send(browser, thread)
    page, _address = editing(browser)
    text = f"{TEXT} Bel 06-12345678."

    page = browser.submit(page, "Bekijk voorbeeld", text=text, drop_1="y")
    assert shown(browser.visit(path_of(thread))) == [ALT]  # nothing is kept yet
    page = browser.submit(page, "Bewaar wijziging")
    assert page.status == 422
    page = browser.submit(page, "Toch plaatsen")

    assert shown(page) == []


def test_a_change_that_leaves_the_pictures_alone_keeps_them(browser: Browser, thread: Thread) -> None:
    send(browser, thread)
    page, address = editing(browser)

    page = browser.submit(page, "Bewaar wijziging", text=f"{TEXT} Nu al vier weken.")

    assert shown(page) == [ALT]
    assert browser.client.get(address).status_code == 200
    same, _address = editing(browser)
    browser.submit(same, "Bewaar wijziging")
    assert db.session.scalars(select(Post.version)).one() == 2


def test_a_form_without_places_for_pictures_keeps_them(browser: Browser, thread: Thread) -> None:
    send(browser, thread)
    page, _address = editing(browser)

    page = browser.post(
        page.path,
        csrf_token=page.token,
        version="1",
        text=f"{TEXT} Nu al vier weken.",
    )

    assert shown(page) == [ALT]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"alt_1": ""}, "Schrijf op wat er op foto 1 staat."),
        ({"file_2": b"geen foto", "alt_2": "Deur"}, "Bestand 2 kunnen wij niet lezen."),
    ],
)
def test_a_wrong_change_of_pictures_changes_nothing(
    browser: Browser, thread: Thread, fields: dict[str, Any], sentence: str
) -> None:
    send(browser, thread)
    page, _address = editing(browser)

    sent: Any = {name: upload(value) if isinstance(value, bytes) else value for name, value in fields.items()}
    page = browser.submit(page, "Bewaar wijziging", text=f"{TEXT} Nu al vier weken.", **sent)

    assert page.status == 422
    assert sentence in page.text
    assert "Nu al vier weken." in page.text
    assert page.soup.select_one(".picture-kept")
    assert shown(browser.visit(path_of(thread))) == [ALT]


def test_a_refused_text_loses_no_picture_that_was_chosen(browser: Browser, thread: Thread) -> None:
    send(browser, thread)
    page, _address = editing(browser)

    page = browser.submit(
        page, "Bewaar wijziging", text="", file_2=upload(picture(colour="blue")), alt_2="De deur"
    )
    assert page.status == 422
    assert len(page.soup.select(".picture-kept")) == 2
    page = browser.submit(page, "Bewaar wijziging", text=TEXT)

    assert shown(page) == [ALT, "De deur"]


def test_nobody_takes_the_picture_of_another_post_along(browser: Browser, thread: Thread) -> None:
    send(browser, thread)
    key = db.session.scalars(select(Picture.key)).one()
    other = make_post(thread, db.session.scalars(select(Post)).one().author, "Iets anders.", at=now())
    page = browser.visit(f"/berichten/{other.id}/wijzigen")

    stolen = browser.post(
        page.path,
        csrf_token=page.token,
        version="1",
        text="Iets anders.",
        tells_pictures="1",
        kept_1=key,
        alt_1=ALT,
    )

    assert stolen.status == 409
    assert db.session.scalars(select(Picture.post_id)).one() != other.id
