"""What the page of a topic tells of statutory advice on it.

Advice stands on a higher floor, so it registers here who knows of it.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

AdviceSource: TypeAlias = Callable[[int], Sequence[str]]
"""Gets the number of a topic and returns sentences that everybody may read, oldest first."""

_sources: list[AdviceSource] = []


def register_advice_source(source: AdviceSource) -> None:
    """Let the page of a topic show what this source knows."""
    if source not in _sources:
        _sources.append(source)


def list_advice_notes(topic_id: int) -> Sequence[str]:
    """Return what everybody may know of statutory advice on a topic."""
    return [note for source in _sources for note in source(topic_id)]
