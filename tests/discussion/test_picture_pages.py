"""Pictures with a post: sent with the real form, shown to readers, gone when the post is."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from PIL import Image
from sqlalchemy import select

from forum.app import create_app
from forum.discussion import picture_making, pictures
from forum.discussion.jobs import clean_pictures
from forum.discussion.models import Picture, Post, Thread
from forum.discussion.picture_making import make_picture
from forum.discussion.pictures import LOOSE_MOST, ChosenPicture
from forum.discussion.rules import PostState
from forum.discussion.service import Body, Placement, write_post
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.kernel.file_store import file_store_at
from tests.conftest import make_settings
from tests.support.browser import Browser, Page
from tests.support.cast import make_post, make_tenant, make_thread, path_of
from tests.support.pictures import ALT, TEXT, bomb, files, picture, send, upload
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("no_files")


def test_a_picture_stands_under_its_post_with_what_can_be_seen(browser: Browser, thread: Thread) -> None:
    page = send(browser, thread)

    [image] = page.soup.select(".pictures img")
    answer = browser.client.get(str(image["src"]))
    large = browser.client.get(page.soup.select_one(".pictures a")["href"])  # type: ignore[index]
    assert (image["alt"], image["width"], image["height"]) == (ALT, "80", "40")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(BytesIO(answer.data)).format == "WEBP"
    assert large.status_code == 200
    assert len(files()) == 2


def test_three_pictures_keep_their_order(browser: Browser, thread: Thread) -> None:
    more = {f"file_{number}": upload(picture(colour="blue")) for number in (2, 3)}

    page = send(browser, thread, **more, alt_2="Twee", alt_3="Drie")

    assert [image["alt"] for image in page.soup.select(".pictures img")] == [ALT, "Twee", "Drie"]


def test_a_reply_can_have_a_picture(browser: Browser, thread: Thread) -> None:
    post = make_post(thread, make_tenant(), at=now())
    reply = browser.visit(f"/berichten/{post.id}/antwoord")

    page = browser.submit(reply, "Plaats antwoord", text=TEXT, file_1=upload(picture()), alt_1=ALT)

    assert page.soup.select_one(".post-depth-1 .pictures img")


def _told_on_top(page: Page, field: str) -> str:
    """Return what the summary of errors says of a field, in its link to that field."""
    link = page.soup.select_one(f".notice-error a[href='#{field}']")
    return link.get_text() if link else ""


def test_without_a_description_nothing_is_placed_and_the_picture_stays(
    browser: Browser, thread: Thread
) -> None:
    page = send(browser, thread, alt_1="")
    assert page.status == 422
    assert _told_on_top(page, "alt_1") == "Schrijf op wat er op foto 1 staat."
    kept = page.soup.select_one(".picture-kept")
    assert kept
    assert browser.client.get(str(kept["src"])).status_code == 200

    page = browser.submit(page, "Plaats bericht", alt_1=ALT)

    assert [image["alt"] for image in page.soup.select(".pictures img")] == [ALT]


@pytest.mark.parametrize("button", ["Bekijk voorbeeld", "Plaats bericht"])
def test_a_preview_and_a_hint_keep_the_picture(browser: Browser, thread: Thread, button: str) -> None:
    text = f"{TEXT} Bel 06-12345678."
    fields: dict[str, Any] = {"text": text, "file_1": upload(picture()), "alt_1": ALT}

    page = browser.submit(browser.visit(path_of(thread)), button, **fields)
    assert page.soup.select_one(".picture-kept")
    if button == "Bekijk voorbeeld":
        page = browser.submit(page, "Plaats bericht")
    page = browser.submit(page, "Toch plaatsen")

    assert [image["alt"] for image in page.soup.select(".pictures img")] == [ALT]


def test_a_kept_picture_can_be_left_out(browser: Browser, thread: Thread) -> None:
    page = send(browser, thread, alt_1="")

    page = browser.submit(page, "Plaats bericht", drop_1="y")

    assert "Uw bericht staat op het forum." in page.text
    assert not page.soup.select(".pictures")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"geen foto", "Bestand 1 kunnen wij niet lezen.", id="no picture"),
        pytest.param(bomb(), "hoogstens 40 miljoen beeldpunten", id="a bomb"),
        pytest.param(b"\xff" * 100_001, "hoogstens 10 MB", id="too many bytes"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_the_text_stays(
    browser: Browser, thread: Thread, monkeypatch: pytest.MonkeyPatch, content: bytes, sentence: str
) -> None:
    monkeypatch.setattr(picture_making, "BYTES_MOST", 100_000)

    page = send(browser, thread, file_1=upload(content))

    assert page.status == 422
    assert sentence in _told_on_top(page, "file_1")
    assert page.soup.select_one("#text").get_text().strip() == TEXT  # type: ignore[union-attr]
    assert files() == []


def test_the_form_sent_twice_gives_one_post_with_its_picture_once(browser: Browser, thread: Thread) -> None:
    form = browser.visit(path_of(thread))

    for _ in range(2):
        page = browser.submit(form, "Plaats bericht", text=TEXT, file_1=upload(picture()), alt_1=ALT)

    assert len(page.soup.select(".pictures img")) == 1
    assert len(list(db.session.scalars(select(Post)))) == 1


def hide(post: Post) -> None:
    post.state = PostState.HIDDEN


def withdraw(post: Post) -> None:
    post.state = PostState.DELETED


@pytest.mark.parametrize("remove", [hide, withdraw])
def test_a_picture_goes_with_its_post(
    browser: Browser, thread: Thread, remove: Callable[[Post], None]
) -> None:
    address = str(send(browser, thread).soup.select_one(".pictures img")["src"])  # type: ignore[index]
    remove(db.session.scalars(select(Post)).one())
    db.session.commit()
    other = browser.another().sign_in(make_tenant())

    page = other.submit(other.visit(path_of(thread)), "Overslaan")

    assert other.client.get(address).status_code == 404
    assert not page.soup.select(".pictures")


def test_who_sent_a_picture_still_sees_it_with_their_hidden_post(browser: Browser, thread: Thread) -> None:
    send(browser, thread)
    hide(db.session.scalars(select(Post)).one())
    db.session.commit()

    [image] = browser.visit(path_of(thread)).soup.select(".pictures img")

    assert image["alt"] == ALT
    assert browser.client.get(str(image["src"])).status_code == 200


def test_who_withdrew_a_post_sees_its_picture_no_more(browser: Browser, thread: Thread) -> None:
    address = str(send(browser, thread).soup.select_one(".pictures img")["src"])  # type: ignore[index]
    withdraw(db.session.scalars(select(Post)).one())
    db.session.commit()

    page = browser.visit(path_of(thread))

    assert browser.client.get(address).status_code == 404
    assert not page.soup.select(".pictures")


def test_a_loose_picture_is_for_who_sent_it_only(browser: Browser, thread: Thread) -> None:
    page = send(browser, thread, alt_1="")
    address = str(page.soup.select_one(".picture-kept")["src"])  # type: ignore[index]
    other = browser.another().sign_in(make_tenant())

    assert browser.client.get(address).status_code == 200
    assert other.client.get(address).status_code == 404


def test_nobody_places_the_loose_picture_of_another(browser: Browser, thread: Thread) -> None:
    page = send(browser, thread, alt_1="")
    key = page.soup.select_one("[name=kept_1]")["value"]  # type: ignore[index]
    other = browser.another().sign_in(make_tenant())
    form = other.submit(other.visit(path_of(thread)), "Overslaan")
    token = form.token

    stolen = other.post(
        f"{path_of(thread)}/berichten", csrf_token=token, text=TEXT, kept_1=key, alt_1="Van mij"
    )

    assert stolen.status == 409
    assert TEXT in stolen.text
    assert list(db.session.scalars(select(Post))) == []


def test_a_picture_is_shown_to_whoever_may_read(browser: Browser, thread: Thread, tmp_path: Path) -> None:
    address = str(send(browser, thread).soup.select_one(".pictures img")["src"])  # type: ignore[index]
    settings = current_app.config["SETTINGS"]
    public = create_app(
        make_settings(
            tmp_path, PUBLIC_READING="yes", DATABASE_URL=settings.database_url, FILES_URL=settings.files_url
        )
    )

    assert browser.another().client.get(address).status_code == 302
    assert public.test_client().get(address).status_code == 200
    assert public.test_client().get("/fotos/../../secret_key/klein").status_code == 404
    with public.app_context():
        db.engine.dispose()


def test_whoever_sends_many_pictures_without_a_post_must_wait(browser: Browser, thread: Thread) -> None:
    member = db.session.scalars(select(Picture.member_id)).first() or send_loose(browser, thread)
    db.session.add_all(
        Picture(key=f"{number:032x}", member_id=member, width=1, height=1, at=now())
        for number in range(LOOSE_MOST)
    )
    db.session.commit()

    page = send(browser, thread)

    assert page.status == 429
    assert TEXT in page.text


def send_loose(browser: Browser, thread: Thread) -> int:
    """Let somebody send a picture without a description; return whose it is."""
    send(browser, thread, alt_1="")
    return db.session.scalars(select(Picture.member_id)).one()


def test_what_was_never_placed_is_removed_after_a_day(browser: Browser, thread: Thread) -> None:
    send(browser, thread)
    send(browser, thread, alt_1="", text=TEXT + " Nog een.")
    placed = db.session.scalars(select(Picture.key).where(Picture.post_id.is_not(None))).one()
    store = file_store_at(current_app.config["SETTINGS"].files_url)
    pictures.put_files(store, "f" * 32, make_picture(BytesIO(picture())))
    assert len(files()) == 6

    clean_pictures(at=now())
    assert len(files()) == 6
    clean_pictures(at=now() + timedelta(days=2))

    assert files() == [f"{placed}-groot.webp", f"{placed}-klein.webp"]
    assert list(db.session.scalars(select(Picture.key))) == [placed]


def test_one_picture_goes_with_one_post_when_two_are_placed_at_once(database: Flask) -> None:
    thread, member = make_thread(opens_at=now() - timedelta(days=2)), make_tenant()
    thread_id, actor = thread.topic_id, member.as_actor(now())
    db.session.add(Picture(key="a" * 32, member_id=member.id, width=1, height=1, at=now()))
    db.session.commit()

    def place(number: int) -> Callable[[], None]:
        def write() -> None:
            place = Placement(pictures=(ChosenPicture("a" * 32, ALT),))
            with unit_of_work():
                write_post(thread_id, Body.of(f"{TEXT} {number}"), place, actor, at=now())

        return write

    raised = at_once(database, [place(1), place(2)])

    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "PictureGone"]
    db.session.rollback()
    assert len(list(db.session.scalars(select(Post)))) == 1
