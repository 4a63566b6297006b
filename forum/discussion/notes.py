"""Notes on the page of a thread about what stands on a higher floor: who knows of it registers here."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Note = TypeVar("Note")


class NoteBoard(Generic[Note]):
    """Where the page of a thread finds the notes of one kind."""

    def __init__(self) -> None:
        """Begin without anybody who knows any."""
        self._sources: list[Callable[[int], Sequence[Note]]] = []

    def register(self, source: Callable[[int], Sequence[Note]]) -> None:
        """Let the page show what this source knows of a topic; registering twice is registering once."""
        if source not in self._sources:
            self._sources.append(source)

    def list_notes(self, topic_id: int) -> Sequence[Note]:
        """Return what everybody may know of a topic, oldest first."""
        return [note for source in self._sources for note in source(topic_id)]
