"""What somebody sends as a picture, made into pictures of ours: in two sizes, upright, without metadata."""

import threading
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Final

from PIL import Image, ImageOps

from forum.discussion.errors import PictureRefused

BYTES_MOST: Final = 10 * 1024 * 1024
PIXELS_MOST: Final = 40_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
LARGE, SMALL = 1600, 640
"""The longest side of each size, in pixels."""

_QUALITY: Final = 80
_BOMBS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_BROKEN: Final = (OSError, SyntaxError, ValueError, EOFError)
_one_at_a_time = threading.Lock()
"""A picture may take some hundred megabytes while it is read."""


@dataclass(frozen=True, slots=True)
class MadePicture:
    """A picture in two sizes, as WEBP, and how large the large one is."""

    large: bytes
    small: bytes
    width: int
    height: int


def make_picture(file: BinaryIO) -> MadePicture:
    """Return our own pictures of what a file holds; of moving pictures the first.

    Raises:
        PictureRefused: too many bytes or pixels, or not a picture we read. `fault` says which.
    """
    if file.seek(0, 2) > BYTES_MOST:
        raise PictureRefused(fault="bytes")
    file.seek(0)
    with _one_at_a_time:
        try:
            return _made(file)
        except _BOMBS as error:
            raise PictureRefused(fault="pixels") from error
        except _BROKEN as error:
            raise PictureRefused(fault="format") from error


def _made(file: BinaryIO) -> MadePicture:
    with Image.open(file, formats=FORMATS) as image:
        if image.width * image.height > PIXELS_MOST:
            raise PictureRefused(fault="pixels")
        image.draft("RGB", (LARGE, LARGE))  # a photograph is read no larger than needed
        upright = ImageOps.exif_transpose(image)
        large = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    large.info.clear()
    large.thumbnail((LARGE, LARGE))
    small = large.copy()
    small.thumbnail((SMALL, SMALL))
    return MadePicture(_webp(large), _webp(small), large.width, large.height)


def _webp(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=_QUALITY)
    return out.getvalue()
