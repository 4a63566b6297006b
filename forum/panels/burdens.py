"""What panels asked of each member so far.

Invitations stand on a higher floor, so they register here who knows of them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from forum.panels.burden_rules import Burden


class BurdenSource(Protocol):
    """Whoever knows who was invited, and who said yes."""

    def __call__(self, *, at: datetime, except_panel_id: int | None) -> Mapping[int, Burden]:
        """Return what panels asked of each member who was ever invited, one panel left out."""


_sources: list[BurdenSource] = []


def register_burden_source(source: BurdenSource) -> None:
    """Let selections spare whom this source knows to be asked much."""
    if source not in _sources:
        _sources.append(source)


def list_burdens(*, at: datetime, except_panel_id: int | None = None) -> Mapping[int, Burden]:
    """Return what panels asked of each member who was ever invited, by member id.

    Args:
        at: now.
        except_panel_id: the panel that is being filled: its own invitations keep nobody out of it.
    """
    return {
        member_id: burden
        for source in _sources
        for member_id, burden in source(at=at, except_panel_id=except_panel_id).items()
    }
