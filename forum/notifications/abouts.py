"""What notifications are about. Features register who knows it, so that nothing hidden is shown or mailed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class About:
    """A thing as it stands now: who made it and its text. `accepts_reply` when a mail can answer it."""

    by: str
    text: str
    accepts_reply: bool = False


AboutSource: TypeAlias = Callable[[Collection[int]], Mapping[int, About]]

SOURCES: dict[str, AboutSource] = {}


def register_about(about: str, source: AboutSource) -> None:
    """Let notifications show what this source knows.

    Args:
        about: what it is: `post`.
        source: gets numbers and returns what may be shown of those now; what is hidden or gone is left out.
    """
    if about in SOURCES:
        message = f"there is a source for {about!r}"
        raise ValueError(message)
    SOURCES[about] = source
