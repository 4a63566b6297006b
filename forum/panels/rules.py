"""What is true of a panel: its states, the ways to fill it, the quotas that follow from the register."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from forum.kernel.actor import Party


class PanelState(StrEnum):
    """How far a panel is. `PROPOSED` waits for both parties; nothing is sent before `CONFIRMED`.

    `ENDED` is dissolved: nobody is invited any more, and what was there can be read.
    """

    DRAFT = "draft"
    COMMITTED = "committed"
    INFEASIBLE = "infeasible"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    HELD = "held"
    CANCELLED = "cancelled"
    ENDED = "ended"


CONFIRMED_STATES = frozenset({PanelState.CONFIRMED, PanelState.HELD, PanelState.ENDED})
"""States of a panel whose list both parties confirmed."""

ENDABLE_STATES = frozenset({PanelState.CONFIRMED, PanelState.HELD})
"""States of a panel that can be dissolved: it has members."""


PUBLIC_STATES = frozenset(PanelState) - {PanelState.DRAFT, PanelState.INFEASIBLE}
"""States of a panel that everybody hears of: its rules are fixed, and there was or can be a list."""


class FillingMode(StrEnum):
    """How the seats of a panel are filled; the names are those of the selection request."""

    TOP = "top"
    QUOTA_TOP = "quota_top"
    WEIGHTED_LOTTERY = "weighted_lottery"
    UNIFORM_LOTTERY = "uniform_lottery"
    EVERYONE = "everyone"
    APPLICATION = "application"


class Category(StrEnum):
    """Attributes of the register that a quota may use. Never origin, religion or health."""

    AGE = "age"
    DISTRICT = "district"
    COMPLEX = "complex"
    FIRST_TIME = "first_time"


FIRST, BEFORE = "first", "before"
"""Values of the category `FIRST_TIME`: never said yes to a panel, or did so before."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where the tenants of a panel live: in one complex, in one district, or anywhere."""

    complex_id: int | None = None
    district_id: int | None = None

    @property
    def key(self) -> str:
        """Return the area as a form holds it: `complex:3`, `district:2`, or nothing."""
        if self.complex_id is not None:
            return f"complex:{self.complex_id}"
        return "" if self.district_id is None else f"district:{self.district_id}"


EVERYWHERE = Area()


class AttendanceSource(StrEnum):
    """Who said that somebody is at a meeting: the list of the organiser, or the person at the door."""

    LIST = "list"
    DOOR = "door"


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


class ResizeReason(StrEnum):
    """Why a confirmed panel gets another number of seats; the code is in the dossier."""

    SHOW_UP = "show_up"
    MORE_ROOM = "more_room"
    LESS_ROOM = "less_room"
    OTHER = "other"


LEFT_CODES = frozenset({"declined", "no_answer", "withdrew"})
"""Reason codes of the selection for who was invited and will not come."""
LOTTERY_MODES = frozenset({FillingMode.WEIGHTED_LOTTERY, FillingMode.UNIFORM_LOTTERY})
QUOTA_MODES = LOTTERY_MODES | {FillingMode.QUOTA_TOP}
"""Modes in which the panel must look like all tenants, if the moderator asks so."""

TICKET_BANDS = ((0, 1), (1_000, 2), (2_000, 3))
"""Tickets in a weighted lottery: from so many centipunten, so many."""

ACTIVITY_MODES = QUOTA_MODES | {FillingMode.TOP}
"""Modes that choose among those who took part in a topic; without a topic they choose nobody."""

QUOTA_CATEGORIES_MOST = 4
QuotaRows = Sequence[tuple[str, str, int, int]]
"""Rows of category, value, and the least and most seats for it."""
DEFAULT_SLACK, SLACK_MOST = 1, 3
"""Seats that a group may have less or more than its share, when nobody says otherwise, and at most."""
FIRST_TIME_PART = 3
"""One seat in so many is for who was never in a panel."""
SEATS_MOST = 500
AGE_BANDS = ((30, "0-29"), (45, "30-44"), (65, "45-64"))
OLDEST_BAND = "65+"


def age_band(birth_year: int | None, year: int) -> str | None:
    """Return the age band somebody falls in at the end of a year; `None` when the birth year is unknown."""
    if birth_year is None:
        return None
    age = year - birth_year
    return next((band for below, band in AGE_BANDS if age < below), OLDEST_BAND)


def proposed_bounds(
    seats: int, counts: Mapping[str, int], slack: int = DEFAULT_SLACK
) -> dict[str, tuple[int, int]]:
    """Return the least and most seats for each value, from how many tenants have it.

    With slack on either side: least = floor(seats x share) - slack, not below 0; most = ceil(seats x share) +
    slack, not above the seats. Values nobody has are left out.

    Args:
        seats: of the panel.
        counts: tenants of the target area by value.
        slack: in seats; without it one.
    """
    total = sum(counts.values())
    return {
        value: (max(0, seats * count // total - slack), min(seats, -(-seats * count // total) + slack))
        for value, count in counts.items()
        if count
    }


def needs_new_quotas(seats: tuple[int, int], categories: tuple[Collection[str], Collection[str]]) -> bool:
    """Tell whether a changed plan asks for quotas anew: another mix, or another number of seats to mix.

    Args:
        seats: of the panel, before and after.
        categories: of its quotas, before and after.
    """
    seats_before, seats_after = seats
    mixed_before, mixed_after = map(set, categories)
    return mixed_before != mixed_after or (bool(mixed_after) and seats_before != seats_after)


def first_time_bounds(seats: int, slack: int = DEFAULT_SLACK) -> dict[str, tuple[int, int]]:
    """Return the seats for who was never in a panel: a third of them less the slack, and no limit above.

    Nearly all tenants were never in one, so their share of the register says nothing here.
    """
    return {FIRST: (max(0, -(-seats // FIRST_TIME_PART) - slack), seats)}


def bounds_of(
    category: Category, seats: int, counts: Mapping[str, int], slack: int = DEFAULT_SLACK
) -> Mapping[str, tuple[int, int]]:
    """Return the least and most seats for each value of a category; see the two rules it takes them from."""
    if category is Category.FIRST_TIME:
        return first_time_bounds(seats, slack)
    return proposed_bounds(seats, counts, slack)


def committable_from(mode: FillingMode, closes_at: datetime, at: datetime) -> datetime | None:
    """Return from when the list of a panel can be fixed, `None` when it can be already.

    Scores are fixed when the debate is over; a panel that is not filled on activity asks for none.

    Args:
        mode: how the panel is filled.
        closes_at: the last moment of the debate.
        at: now.
    """
    if mode not in ACTIVITY_MODES or at > closes_at:
        return None
    return closes_at + timedelta(seconds=1)


SHOW_UP_CASES_LEAST = 20
"""Fewer people say too little about who will come."""
SHOW_UP_PERCENT_LEAST = 50
"""However few came before: never more than twice the seats are asked."""


@dataclass(frozen=True, slots=True)
class ShowUp:
    """How many of those who had said yes came, over meetings that were held."""

    expected: int = 0
    came: int = 0

    @property
    def percent(self) -> int:
        """Return the share that came, in whole percents, rounded down."""
        return 100 * self.came // self.expected if self.expected else 0


def extra_seats(seats: int, show_up: ShowUp) -> int | None:
    """Return how many people more to ask so that about so many come, `None` with too few cases.

    The seats over the share that came, rounded up; a share under the floor counts as the floor.
    """
    if show_up.expected < SHOW_UP_CASES_LEAST:
        return None
    came = max(show_up.came * 100, show_up.expected * SHOW_UP_PERCENT_LEAST)
    return -(-seats * show_up.expected * 100 // came) - seats


def is_confirmed(signed_by: frozenset[Party]) -> bool:
    """Tell whether a named person of each party signed the list."""
    return signed_by == frozenset(Party)
