"""What the engines with an index in a folder share: one process writes, and damage asks for a new index."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from forum.search.errors import IndexDamaged
from forum.search.index_care import IndexCare, IsReadable
from forum.search.index_folder import IndexFolder, keep


class FolderEngine:
    """An index in a folder, and the turn of threads to look in it.

    `rewritten` names the files that the engine writes anew with every change.
    """

    rewritten: tuple[str, ...] = ()

    def __init__(self, root: Path, version: str, is_readable: IsReadable) -> None:
        """Know where the index is; nothing is opened yet."""
        self.version = version
        self._folder = IndexFolder(root)
        self._care = IndexCare(self._folder, version, is_readable)
        self._turn = threading.Lock()

    def writing(self, *, wait_seconds: float = 0) -> AbstractContextManager[None]:
        """Keep other processes from writing.

        Raises:
            IndexBusy: another process was writing all that time.
        """
        return self._folder.lock(wait_seconds)

    def needs_rebuild(self) -> bool:
        """Tell whether the index is missing, damaged, or made by an older version."""
        return self._care.needs_rebuild()

    @contextmanager
    def _changing(self) -> Iterator[Path]:
        """Give the index that counts to be changed, and have the change on the disk itself afterwards.

        Raises:
            IndexDamaged: it needs to be made anew.
            OSError: a full disk does no harm, and making all anew would need even more of it.
        """
        current = self._folder.current()
        if current is None:
            raise IndexDamaged
        path = self._folder.root / current.name
        before = set(path.iterdir())
        try:
            yield path
        except Exception as error:  # a damaged file can fail in any way
            if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
                raise
            self._care.doubt()
            raise IndexDamaged from error
        made = [file for file in set(path.iterdir()) - before if file.exists()]
        keep([*made, *(path / name for name in self.rewritten), path])
