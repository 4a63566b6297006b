"""Pictures to send: small ones, wrong ones, and ones that are larger than they look."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import current_app
from PIL import Image

from forum.discussion.models import Thread
from tests.support.browser import Browser, Page
from tests.support.cast import path_of

TEXT = "Zo ziet de hal er al drie weken uit. Er komt niemand om het op te ruimen."
ALT = "Een hal vol dozen"
"""What is written with a picture, and what can be seen on it."""
PLACE_TAG, CAMERA_TAG, TURN_TAG = 0x8825, 0x010F, 0x0112


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (80, 40), *, colour: str = "red", turn: int = 1
) -> bytes:
    """Return a picture of one colour; a JPEG tells its camera and how to turn it."""
    out = BytesIO()
    image = Image.new("RGB", size, colour)
    if kind == "JPEG":
        tags = Image.Exif()
        tags[CAMERA_TAG], tags[TURN_TAG] = "Geheime Camera", turn
        image.save(out, kind, exif=tags, comment=b"geheim")
    else:
        image.save(out, kind)
    return out.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """Return a PNG of a hundred bytes that says it has many millions of pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 100))
        + chunk(b"IEND", b"")
    )


def upload(content: bytes) -> tuple[BytesIO, str]:
    """Return a file as a form sends it; its name says nothing true."""
    return BytesIO(content), "../../etc/passwd.jpg"


def kept_paths() -> Iterator[Path]:
    """Return where all files that are kept are."""
    folder = Path(current_app.config["SETTINGS"].files_url.removeprefix("folder:"))
    return folder.glob("??/*")


def files() -> list[str]:
    """Return the names of all files that are kept."""
    return sorted(path.name for path in kept_paths())


def send(browser: Browser, thread: Thread, **fields: Any) -> Page:
    """Send the form of the thread with a picture."""
    fields = {"text": TEXT, "file_1": upload(picture()), "alt_1": ALT} | fields
    return browser.submit(browser.visit(path_of(thread)), "Plaats bericht", **fields)
