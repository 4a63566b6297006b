"""Files that belong to rows of the database, behind one seam; a folder keeps them."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol


class FileStore(Protocol):
    """Keeps files by name. A name is letters, digits, `-` and `.`, and is used for one content only."""

    def put(self, name: str, content: bytes) -> None:
        """Keep a file; when this returns, all of it is there."""

    def read(self, name: str) -> bytes:
        """Return a file; a `FileNotFoundError` when there is none."""

    def remove(self, name: str) -> None:
        """Forget a file; one that is not there is no error."""

    def list_before(self, moment: datetime) -> Iterator[str]:
        """Yield the names of the files that were put before a moment."""


class FolderStore:
    """A folder of this computer, with a folder in it for each first two letters of a name."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made when the first file comes."""
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        """Write a file beside its place and move it there, so that nobody reads half of it."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
        temporary.write_bytes(content)
        temporary.replace(path)

    def read(self, name: str) -> bytes:
        """Return a file; a `FileNotFoundError` when there is none."""
        return self._path(name).read_bytes()

    def remove(self, name: str) -> None:
        """Remove a file."""
        self._path(name).unlink(missing_ok=True)

    def list_before(self, moment: datetime) -> Iterator[str]:
        """Yield the names of the files written before a moment, also of those that were never finished."""
        for path in self._folder.glob("??/*"):
            with suppress(FileNotFoundError):  # another process removed it meanwhile
                if path.stat().st_mtime < moment.timestamp():
                    yield path.name

    def _path(self, name: str) -> Path:
        if not name.replace("-", "").replace(".", "").isalnum() or name.startswith("."):
            message = f"{name!r} is no name of a file"
            raise ValueError(message)
        return self._folder / name[:2] / name


def file_store_at(url: str) -> FileStore:
    """Return the store for a `FILES_URL`."""
    return FolderStore(Path(url.removeprefix("folder:")))
