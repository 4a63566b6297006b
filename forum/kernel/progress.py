"""How far long work is."""

from typing import Protocol


class Progress(Protocol):
    """Whoever wants to know how far the work is."""

    def __call__(self, step: str, done: int) -> None:
        """Hear that so many rows went through a step."""


def in_silence(step: str, done: int) -> None:
    """Tell nobody how far the work is."""
