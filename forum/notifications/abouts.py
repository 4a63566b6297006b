"""What notifications are about. Features register who knows it, so that nothing hidden is shown or mailed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from forum.notifications.models import Notification


class Line(NamedTuple):
    """Words that somebody wrote, and perhaps what the forum says of them, in the language of the reader."""

    words: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """A thing as it stands now: its text, and who made it. `accepts_reply` when a mail can answer it."""

    lines: Sequence[Line]
    by: str = ""
    accepts_reply: bool = False


AboutSource: TypeAlias = Callable[[Sequence[Notification]], Mapping[int, About]]

SOURCES: dict[str, AboutSource] = {}


def register_about(about: str, source: AboutSource) -> None:
    """Let notifications show what this source knows.

    Args:
        about: what it is: `post`.
        source: gets notifications and returns, by their numbers, what may be shown of each now; one about
            what is hidden or gone is left out.

    Raises:
        ValueError: there is a source for it.
    """
    if about in SOURCES:
        message = f"there is a source for {about!r}"
        raise ValueError(message)
    SOURCES[about] = source
