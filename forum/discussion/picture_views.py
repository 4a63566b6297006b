"""Receiving the pictures of a form, and showing a picture to whoever may read its thread."""

import secrets

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from forum.discussion import pictures
from forum.discussion.errors import PictureRefused
from forum.discussion.forms import PicturedForm, PictureSlot
from forum.discussion.picture_making import MadePicture, make_picture
from forum.discussion.picture_queries import get_readable_picture
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.kernel.file_store import FileStore, file_store_at
from forum.texts.catalogue import say
from forum.web.access import current_actor, readers

picture_pages = Blueprint("pictures", __name__)


@picture_pages.get("/fotos/<key>/<size>")
@readers
def show_picture(key: str, size: str) -> ResponseReturnValue:
    """Send a picture in one of its sizes."""
    if size not in pictures.SIZES:
        raise NotFound(size=size)
    picture = get_readable_picture(key, current_actor())
    try:
        content = _store().read(pictures.file_name(picture.key, size))
    except FileNotFoundError as error:
        raise NotFound(picture=key) from error
    return Response(content, mimetype="image/webp")


def _store() -> FileStore:
    return file_store_at(current_app.config["SETTINGS"].files_url)


def receive_pictures(form: PicturedForm) -> None:
    """Keep the pictures that came with a form, so that it can come back without losing them.

    What is wrong with one becomes an error of its field. The form names from now on what is kept.
    """
    made: dict[str, MadePicture] = {}
    for slot in form.pictures.slots:
        if slot.is_dropped:
            slot.kept.data = ""
        elif (key := _make(slot, made)) is not None:
            slot.kept.data = key
    if made:
        for key, picture in made.items():
            pictures.put_files(_store(), key, picture)
        with unit_of_work():
            pictures.keep_loose(made, current_actor(), at=now())
    for slot in form.pictures.slots:
        if slot.kept.data and not slot.alt.data:
            slot.alt.errors = [say("picture-alt-required", number=slot.number)]


def _make(slot: PictureSlot, made: dict[str, MadePicture]) -> str | None:
    """Make the picture of a field that holds a file; return its new key."""
    if not slot.file.data:
        return None
    try:
        picture = make_picture(slot.file.data.stream)
    except PictureRefused as refusal:
        slot.file.errors = [say(f"picture-{refusal.details['fault']}", number=slot.number)]
        return None
    key = secrets.token_hex(16)
    made[key] = picture
    return key
