"""A picture in the demo year: a drawing, since a photograph would be of somebody's home."""

from io import BytesIO

from PIL import Image, ImageDraw

from forum.demo.year import DemoYear
from forum.discussion.models import Post
from forum.discussion.picture_making import make_picture
from forum.discussion.pictures import ChosenPicture, keep_loose, put_files, put_with_post
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.file_store import FileStore
from forum.texts.catalogue import say

SIZE = (960, 640)
MOULD = ("lift-schimmel", "p7")
"""The topic and the post that tells of mould in a corner."""


def hang_picture(year: DemoYear, store: FileStore) -> None:
    """Put a drawing of the mould with the post that tells of it."""
    rng = year.chance("picture")
    key = f"{rng.getrandbits(128):032x}"
    made = make_picture(_drawn([(rng.gauss(480, 90), abs(rng.gauss(0, 130))) for _ in range(260)]))
    put_files(store, key, made)
    post = db.session.get_one(Post, year.posts[MOULD])
    keep_loose({key: made}, Actor(member_id=post.author_id), at=post.at)
    db.session.flush()
    put_with_post(post, [ChosenPicture(key, say("demo-picture"))])


def _drawn(spots: list[tuple[float, float]]) -> BytesIO:
    image = Image.new("RGB", SIZE, "#e9e4d8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((480, 0, *SIZE), fill="#d8d2c4")
    draw.rectangle((0, 560, *SIZE), fill="#8a6f55")
    for x, y in spots:
        radius = 4 + 14 / (1 + y / 60)
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#3b3f3a")
    out = BytesIO()
    image.save(out, "PNG")
    out.seek(0)
    return out
