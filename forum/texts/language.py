"""Which language the forum speaks at this moment, to whoever it speaks to."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DUTCH = "nl"
LANGUAGES = (DUTCH, "en")
"""What the forum speaks, the first when nobody asked for another."""

_spoken: ContextVar[str] = ContextVar("spoken", default=DUTCH)


def spoken() -> str:
    """Return the language of what is said now, as its code of two letters."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say what is said inside in a language."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)
