"""What the page of a thread tells of the panels on its topic.

Panels stand on a higher floor, so they register here who knows of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PanelNote:
    """The public facts of a panel: that it is there, how far it is in words, and when it meets."""

    panel_id: int
    title: str
    state: str
    meets_at: datetime


class PanelSource(Protocol):
    """Whoever knows the panels on a topic."""

    def __call__(self, topic_id: int) -> Sequence[PanelNote]:
        """Return what everybody may know of the panels on a topic, oldest first."""


_sources: list[PanelSource] = []


def register_panel_source(source: PanelSource) -> None:
    """Let the page of a thread show the panels that this source knows."""
    if source not in _sources:
        _sources.append(source)


def list_panel_notes(topic_id: int) -> Sequence[PanelNote]:
    """Return what everybody may know of the panels on a topic."""
    return [note for source in _sources for note in source(topic_id)]
