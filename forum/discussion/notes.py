"""Notes on a page about what stands on a higher floor: who knows of it registers here."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Note = TypeVar("Note")


class NoteBoard(Generic[Note]):
    """Where the page of a thread, or of a panel, finds the notes of one kind."""

    def __init__(self) -> None:
        """Begin without anybody who knows any."""
        self._sources: list[Callable[[int], Sequence[Note]]] = []

    def register(self, source: Callable[[int], Sequence[Note]]) -> None:
        """Let the page show what this source knows of it; registering twice is registering once."""
        if source not in self._sources:
            self._sources.append(source)

    def list_notes(self, about_id: int) -> Sequence[Note]:
        """Return what everybody may know of a topic or panel, oldest first."""
        return [note for source in self._sources for note in source(about_id)]
