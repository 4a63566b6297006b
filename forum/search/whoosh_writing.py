"""Writing a Whoosh index: what is kept of a post, and a whole index made in a process that ends afterwards.

Making an index of 50,000 posts takes over a hundred megabytes, which Python would not give back.
"""

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any

from forum.discussion.rules import Stance
from forum.search.analysis import all_stems_of, words_in
from forum.search.engine import IndexedPost, milliseconds
from forum.search.whoosh_schema import SCHEMA

with warnings.catch_warnings():  # the library is of before Python 3.6
    warnings.simplefilter("ignore")
    from whoosh.codec import default_codec
    from whoosh.index import FileIndex, create_in

LOCK_WAIT_SECONDS = 10
MEMORY_MB = 32
"""Of words that are not in a file yet; Python takes about twice as much."""
POSTS_HERE_MOST = 2000
"""An index of so many posts takes less than starting a process for it."""
END = "end\n"


@contextmanager
def writer_of(index: FileIndex) -> Iterator[Any]:
    """Write to an index: all of it, or nothing."""
    codec = default_codec()
    codec.length_stats = False  # no order here asks how long texts are; looking it up is a third of the work
    writer = index.writer(timeout=LOCK_WAIT_SECONDS, limitmb=MEMORY_MB, codec=codec)
    try:
        yield writer
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def document(post: IndexedPost) -> dict[str, Any]:
    """Return a post as the fields of the index."""
    words = [word.folded for word in words_in(post.text)]
    return {
        "key": [str(post.post_id)],
        "topic": [str(post.topic_id)],
        "author": [str(post.author_id)],
        "stance": [str(post.stance)] if post.stance else [],
        "answered": ["1" if post.is_answered else "0"],
        "number": post.post_id,
        "at": milliseconds(post.at),
        "words": sorted(set(words)),
        "stems": sorted({stem for word in set(words) for stem in all_stems_of(word)}),
        "text": f" {' '.join(words)} ".encode(),
    }


def make_index(path: Path, batches: Iterable[Sequence[IndexedPost]]) -> None:
    """Make an index of these posts in an empty folder; of many posts in a process of its own.

    Raises:
        OSError: that process stopped before it was done.
    """
    left, first = iter(batches), list[Sequence[IndexedPost]]()
    while sum(map(len, first)) <= POSTS_HERE_MOST:
        batch = next(left, None)
        if batch is None:
            _fill(path, first)
            return
        first.append(batch)
    _fill_elsewhere(path, chain(first, left))


def _fill(path: Path, batches: Iterable[Sequence[IndexedPost]]) -> None:
    with writer_of(create_in(str(path), SCHEMA)) as writer:
        for batch in batches:
            for post in batch:
                writer.add_document(**document(post))


def _fill_elsewhere(path: Path, batches: Iterable[Sequence[IndexedPost]]) -> None:
    """Send the posts to a process that writes them. Without the last line it writes nothing."""
    with subprocess.Popen(
        [sys.executable, "-m", __name__, str(path)],
        stdin=subprocess.PIPE,
        text=True,
        encoding="ascii",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)},
        start_new_session=True,  # whoever stops this process decides, not the key on the keyboard
    ) as writing:
        assert writing.stdin is not None
        for batch in batches:
            writing.stdin.write(
                json.dumps([asdict(post) for post in batch], default=datetime.isoformat) + "\n"
            )
        writing.stdin.write(END)
        writing.stdin.close()
        if writing.wait():
            message = f"the process that makes the index stopped with {writing.returncode}"
            raise OSError(message)


def _sent(lines: IO[str]) -> Iterator[Sequence[IndexedPost]]:
    for line in lines:
        if line == END:
            return
        yield [_post(row) for row in json.loads(line)]
    raise SystemExit(1)  # who sent them stopped halfway


def _post(row: dict[str, Any]) -> IndexedPost:
    stance = Stance(row["stance"]) if row["stance"] else None
    return IndexedPost(**row | {"at": datetime.fromisoformat(row["at"]), "stance": stance})


if __name__ == "__main__":
    _fill(Path(sys.argv[1]), _sent(sys.stdin))
