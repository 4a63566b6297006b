"""What is true of a panel: its states, the ways to fill it, the quotas that follow from the register."""

from collections.abc import Mapping
from enum import StrEnum

from forum.kernel.actor import Party


class PanelState(StrEnum):
    """How far a panel is. `PROPOSED` waits for both parties; nothing is sent before `CONFIRMED`."""

    DRAFT = "draft"
    COMMITTED = "committed"
    INFEASIBLE = "infeasible"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    HELD = "held"
    CANCELLED = "cancelled"


CONFIRMED_STATES = frozenset({PanelState.CONFIRMED, PanelState.HELD})
"""States of a panel whose list both parties confirmed."""


PUBLIC_STATES = frozenset(PanelState) - {PanelState.DRAFT, PanelState.INFEASIBLE}
"""States of a panel that everybody hears of: its rules are fixed, and there was or can be a list."""


class FillingMode(StrEnum):
    """How the seats of a panel are filled; the names are those of the selection request."""

    TOP = "top"
    QUOTA_TOP = "quota_top"
    EVERYONE = "everyone"


class Category(StrEnum):
    """Attributes of the register that a quota may use. Never origin, religion or health."""

    AGE = "age"
    DISTRICT = "district"
    COMPLEX = "complex"


class ChangeKind(StrEnum):
    """A party asks to take somebody off the list, or to put somebody on it."""

    REMOVE = "remove"
    ADD = "add"


class ChangeReason(StrEnum):
    """Why a party asks for a change; the code is in the dossier, the words are for the other party."""

    MOVED = "moved"
    DECEASED = "deceased"
    SUSPENDED = "suspended"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    ACCESS_NEEDS = "access_needs"
    OTHER = "other"


QUOTA_CATEGORIES_MOST = 4
SEATS_MOST = 500
AGE_BANDS = ((30, "0-29"), (45, "30-44"), (65, "45-64"))
OLDEST_BAND = "65+"


def age_band(birth_year: int | None, year: int) -> str | None:
    """Return the age band somebody falls in at the end of a year; `None` when the birth year is unknown."""
    if birth_year is None:
        return None
    age = year - birth_year
    return next((band for below, band in AGE_BANDS if age < below), OLDEST_BAND)


def proposed_bounds(seats: int, counts: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Return the least and most seats for each value, from how many tenants have it.

    One seat of slack on either side: least = floor(seats x share) - 1, not below 0; most = ceil(seats x
    share) + 1, not above the seats. Values nobody has are left out.

    Args:
        seats: of the panel.
        counts: tenants of the target area by value.
    """
    total = sum(counts.values())
    return {
        value: (max(0, seats * count // total - 1), min(seats, -(-seats * count // total) + 1))
        for value, count in counts.items()
        if count
    }


def is_confirmed(signed_by: frozenset[Party]) -> bool:
    """Tell whether a named person of each party signed the list."""
    return signed_by == frozenset(Party)
