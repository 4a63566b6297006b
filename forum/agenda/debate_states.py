"""How far the debates of a year are, for its agenda.

Threads stand on a higher floor, so whoever knows how far they are registers here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, Protocol


class DebateState(NamedTuple):
    """The phase of a debate, and how many answers to what was advised, and minutes, are too late."""

    phase: str
    overdue: int
    late_minutes: int


class StateSource(Protocol):
    """Whoever knows the debates of a year."""

    def __call__(self, agenda_id: int, *, at: datetime) -> Mapping[int, DebateState]:
        """Return how far the debate on each topic of a year is, where there is one."""


_sources: list[StateSource] = []


def register_state_source(source: StateSource) -> None:
    """Let the agenda show the debates that this source knows."""
    if source not in _sources:
        _sources.append(source)


def list_debate_states(agenda_id: int, *, at: datetime) -> Mapping[int, DebateState]:
    """Return how far the debate on each topic of a year is, by the number of the topic."""
    return {topic_id: state for source in _sources for topic_id, state in source(agenda_id, at=at).items()}
