"""How many of who said yes to panels came.

Invitations stand on a higher floor, so they register here who counts it.
"""

from datetime import datetime
from typing import Protocol

from forum.panels.rules import ShowUp


class ShowUpSource(Protocol):
    """Whoever knows who said yes, and who was there."""

    def __call__(self, at: datetime) -> ShowUp:
        """Return how many were expected and came, over the meetings that are over."""


_sources: list[ShowUpSource] = []


def register_show_up_source(source: ShowUpSource) -> None:
    """Let plans of panels propose how many to ask by what this source measured."""
    if source not in _sources:
        _sources.append(source)


def measured_show_up(at: datetime) -> ShowUp:
    """Return how many who said yes to a panel were expected and came; nobody while no source is known."""
    measured = [source(at) for source in _sources]
    return ShowUp(sum(row.expected for row in measured), sum(row.came for row in measured))
