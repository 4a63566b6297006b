"""Pictures to send: small ones, wrong ones, and ones that are larger than they look."""

import struct
import zlib
from io import BytesIO

from PIL import Image

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
