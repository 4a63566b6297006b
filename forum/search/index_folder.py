"""Where an index in files lives: a folder with one index that counts, a lock, and maybe one being made."""

import fcntl
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from forum.search.errors import IndexBusy

PAUSE_SECONDS = 0.05
_NAME = re.compile(r"index-[0-9a-f]{16}")


class Current(NamedTuple):
    """Which index counts, and by which version of the software it was made."""

    version: str
    name: str


class IndexFolder:
    """Each index is a folder of its own; the file `current` names the one that counts.

    It is replaced as a whole, so a reader sees the index of before or the new one. The file `suspect` asks
    the process that writes to look through the whole index.
    """

    def __init__(self, root: Path) -> None:
        """Know the folder; it need not be there yet."""
        self.root = root
        self._current = root / "current"
        self._suspect = root / "suspect"

    def current(self) -> Current | None:
        """Return the index that counts, `None` when there is none."""
        for _ in range(2):  # another one may take its place between reading its name and looking for it
            named = self._named()
            if named is None or (self.root / named.name).is_dir():
                return named
        return None

    def _named(self) -> Current | None:
        try:
            version, name = self._current.read_text(encoding="ascii").split()
        except (FileNotFoundError, ValueError):
            return None
        return Current(version, name) if _NAME.fullmatch(name) else None

    def new(self) -> Path:
        """Return an empty folder for an index; leftovers of what was never finished go away."""
        current = self.current()
        for path in self.root.glob("index-*"):
            if current is None or path.name != current.name:
                shutil.rmtree(path, ignore_errors=True)
        path = self.root / f"index-{secrets.token_hex(8)}"
        path.mkdir()
        return path

    def switch_to(self, path: Path, version: str) -> None:
        """Let an index count from now on, and throw the one of before away; who reads that can read on."""
        before = self.current()
        temporary = self.root / "current.new"
        temporary.write_text(f"{version}\n{path.name}\n", encoding="ascii")
        keep([temporary, *path.iterdir(), path])
        temporary.replace(self._current)
        keep([self.root])
        self._suspect.unlink(missing_ok=True)
        if before is not None and before.name != path.name:
            shutil.rmtree(self.root / before.name, ignore_errors=True)

    def suspect(self) -> None:
        """Ask for a look through the whole index."""
        with suppress(OSError):  # whoever searches needs an answer, not this
            self._suspect.touch()

    def is_suspect(self) -> bool:
        """Tell whether somebody could not read the index."""
        return self._suspect.exists()

    def trust(self) -> None:
        """Take it that the index is well."""
        self._suspect.unlink(missing_ok=True)

    @contextmanager
    def lock(self, wait_seconds: float) -> Iterator[None]:
        """Keep other processes out; the lock goes with the process, also when that is killed.

        Raises:
            IndexBusy: another process had it all that time.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("w") as file:
            deadline = time.monotonic() + wait_seconds
            while not _locked(file.fileno()):
                if time.monotonic() >= deadline:
                    raise IndexBusy
                time.sleep(PAUSE_SECONDS)
            yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def keep(paths: Iterable[Path]) -> None:
    """Have files and folders written to the disk itself: then they outlive a power cut."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
