"""What becomes of a file that somebody sends as a picture."""

from io import BytesIO

import pytest
from PIL import Image

from forum.discussion import picture_making
from forum.discussion.errors import PictureRefused
from forum.discussion.picture_making import LARGE, SMALL, make_picture
from tests.support.pictures import bomb, picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_we_take_becomes_webp_without_what_the_camera_told(kind: str) -> None:
    made = make_picture(BytesIO(picture(kind)))

    for content in (made.large, made.small):
        image = Image.open(BytesIO(content))
        assert (image.format, image.size) == ("WEBP", (80, 40))
        assert not image.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)
        assert b"eheim" not in content


def test_a_picture_is_turned_as_the_camera_says() -> None:
    made = make_picture(BytesIO(picture(size=(80, 40), turn=6)))

    assert (made.width, made.height) == (40, 80)


def test_a_large_picture_becomes_two_of_our_sizes() -> None:
    made = make_picture(BytesIO(picture("PNG", (3200, 800))))

    assert (made.width, made.height) == (LARGE, LARGE // 4)
    assert Image.open(BytesIO(made.small)).size == (SMALL, SMALL // 4)


def test_what_was_see_through_stays_so() -> None:
    out = BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(out, "PNG")

    made = make_picture(BytesIO(out.getvalue()))

    assert Image.open(BytesIO(made.large)).convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_of_moving_pictures_the_first_is_taken() -> None:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(
        out, "GIF", save_all=True, append_images=[Image.new("RGB", (8, 8), "blue")]
    )

    made = Image.open(BytesIO(make_picture(BytesIO(out.getvalue())).large))

    assert getattr(made, "n_frames", 1) == 1
    red, _green, blue = made.convert("RGB").getpixel((4, 4))  # type: ignore[misc]
    assert red > blue


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(b"", "format", id="nothing"),
        pytest.param(b"hallo", "format", id="text"),
        pytest.param(SVG, "format", id="a drawing with a script"),
        pytest.param(picture("BMP"), "format", id="a kind we do not take"),
        pytest.param(picture("TIFF"), "format", id="another kind we do not take"),
        pytest.param(picture("PNG", (500, 500))[:200], "format", id="half a picture"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"\x00" * 50, "format", id="the beginning of a picture"),
        pytest.param(bomb(7_000), "pixels", id="a few more pixels than allowed"),
        pytest.param(bomb(12_000), "pixels", id="so many that the library warns"),
        pytest.param(bomb(30_000), "pixels", id="a bomb"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused(content: bytes, fault: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        make_picture(BytesIO(content))

    assert refused.value.details["fault"] == fault


def test_too_many_bytes_are_refused_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_making, "BYTES_MOST", 100)

    with pytest.raises(PictureRefused) as refused:
        make_picture(BytesIO(picture()))

    assert refused.value.details["fault"] == "bytes"
