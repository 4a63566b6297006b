"""Whether an index in a folder is well, or must be made anew."""

import time
from pathlib import Path
from typing import Protocol

from forum.search.index_folder import Current, IndexFolder

CHECK_PAUSE_SECONDS = 600
"""Between two looks through a whole index, which take seconds: nobody may cause them by searching."""


class IsReadable(Protocol):
    """How an engine looks at an index."""

    def __call__(self, path: Path, *, to_the_end: bool) -> bool:
        """Tell whether an index opens; `to_the_end` whether all in it can be read."""


class IndexCare:
    """Looks at each index once, and again when somebody could not read it."""

    def __init__(self, folder: IndexFolder, version: str, is_readable: IsReadable) -> None:
        """Know the folder, the version that an index must have, and how to look."""
        self._folder = folder
        self._version = version
        self._is_readable = is_readable
        self._well: Current | None = None
        self._next_check = 0.0

    def needs_rebuild(self) -> bool:
        """Tell whether the index is missing, damaged, or made by an older version."""
        current = self._folder.current()
        if current is None or current.version != self._version:
            return True
        is_suspect = self._folder.is_suspect() and time.monotonic() >= self._next_check
        if current == self._well and not is_suspect:
            return False
        if not self._is_readable(self._folder.root / current.name, to_the_end=is_suspect):
            return True
        if is_suspect:
            self._next_check = time.monotonic() + CHECK_PAUSE_SECONDS
            self._folder.trust()
        self._well = current
        return False

    def found_well(self) -> None:
        """Take it that the index that counts now is well: it was just made."""
        self._well = self._folder.current()

    def doubt(self) -> None:
        """Look at the index again."""
        self._well = None
