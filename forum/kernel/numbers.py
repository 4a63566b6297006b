"""Whole numbers that somebody typed, or that stand in an address."""

DIGITS_MOST = 9  # these fit in every database; Python refuses to read some thousands


def whole_number(typed: str) -> int | None:
    """Return a number of at most nine digits, 0 or more; `None` for all else, also for digits as ² or ٣."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= DIGITS_MOST else None
