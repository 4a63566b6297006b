"""Codes on letters of other features: all are typed on one page. Features register what opens theirs."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

CodeOpener: TypeAlias = Callable[[str, str, datetime], str | None]

OPENERS: list[CodeOpener] = []


def register_letter_code(opener: CodeOpener) -> None:
    """Have codes of a feature opened.

    Args:
        opener: gets the code and the postcode as they were typed, and the moment, in a unit of work. It
            returns the path to go on to, `None` when the code is none of its own or of another postcode.
    """
    OPENERS.append(opener)


def open_letter_code(typed_code: str, typed_postcode: str, *, at: datetime) -> str | None:
    """Return where a code with its postcode leads, `None` when no feature knows it."""
    paths = (opener(typed_code, typed_postcode, at) for opener in OPENERS)
    return next((path for path in paths if path is not None), None)
