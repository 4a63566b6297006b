"""Which language the forum speaks at this moment, to whoever it speaks to."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import TypeVar

DUTCH = "nl"
LANGUAGES = {DUTCH: "Nederlands", "en": "English"}
"""What the forum speaks, with how each calls itself; the first when nobody asked for another."""

Value = TypeVar("Value", bound=Hashable)
Made = TypeVar("Made")
_spoken: ContextVar[str] = ContextVar("spoken", default=DUTCH)


def spoken() -> str:
    """Return the language of what is said now, as its code of two letters."""
    return _spoken.get()


def speak(language: str) -> None:
    """Say everything in a language from now on, in this thread, until it is told otherwise."""
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say what is said inside in a language."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def kept_by_language(most: int) -> Callable[[Callable[[Value], Made]], Callable[[Value], Made]]:
    """Keep what a function made of a value, as `lru_cache` does, for each language apart.

    Args:
        most: how many results are kept, of all languages together.
    """

    def keep(make: Callable[[Value], Made]) -> Callable[[Value], Made]:
        @lru_cache(maxsize=most)
        def kept(value: Value, _language: str) -> Made:
            return make(value)

        @wraps(make)
        def made(value: Value) -> Made:
            return kept(value, spoken())

        return made

    return keep
