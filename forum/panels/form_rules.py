"""What a participation form says about its panels: one checked value, read from data and written as data."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from enum import StrEnum

from forum.panels.errors import FormRulesRefused
from forum.panels.rules import QUOTA_CATEGORIES_MOST, QUOTA_MODES, SEATS_MOST, Category, FillingMode

GROUP = "group"
"""The category under which the seats of a panel are tied to groups; not one of the register."""
GROUPS_MOST, CRITERIA_MOST = 20, 6
NAME_LONGEST, TEXT_LONGEST = 100, 1000
MONTHS_MOST = 120
POINTS_MOST = 100


class AreaKind(StrEnum):
    """Where the tenants of a panel for everybody must live."""

    ANY = "any"
    COMPLEX = "complex"
    DISTRICT = "district"


class EndKind(StrEnum):
    """What ends a panel. A last day ends it as well, whichever of these it is."""

    MEETING = "meeting"
    DATE = "date"
    PROJECT = "project"
    ADVICE = "advice"


class Deciding(StrEnum):
    """How a panel comes to an end of a point. Never by counting votes."""

    ADVICE = "advice"
    CONSENSUS = "consensus"


class Changeable(StrEnum):
    """What whoever makes a panel may change of its form."""

    MODE = "mode"
    SEATS = "seats"
    CHAIR = "chair"
    OBSERVERS = "observers"
    RHYTHM = "rhythm"
    LAST_DAY = "last_day"


@dataclass(frozen=True, slots=True)
class SeatGroup:
    """Seats that are kept for one group of tenants."""

    name: str
    seats: int


@dataclass(frozen=True, slots=True)
class FormRules:
    """All that a form settles. What a panel started with stays with it, whatever becomes of the form.

    `min_points` counts on activity only. `criteria` are what a committee rates applications on.
    `term_months` gives a last day counted from the first meeting. `fixed_points` and `open_points` are what
    cannot and what can be influenced, for a panel without a topic that says so.
    """

    mode: FillingMode = FillingMode.QUOTA_TOP
    seats: int = 15
    min_points: int = 0
    categories: tuple[Category, ...] = ()
    area: AreaKind = AreaKind.ANY
    groups: tuple[SeatGroup, ...] = ()
    criteria: tuple[str, ...] = ()
    end: EndKind = EndKind.MEETING
    term_months: int | None = None
    rhythm_months: int | None = None
    chair: str = ""
    observers: str = ""
    purpose: str = ""
    fixed_points: str = ""
    open_points: str = ""
    deciding: Deciding = Deciding.ADVICE
    needs_coordinator: bool = False
    has_survey: bool = False
    changeable: tuple[Changeable, ...] = field(default=tuple(Changeable))

    @property
    def lives_on(self) -> bool:
        """Tell whether its panels go on after their first meeting."""
        return self.end is not EndKind.MEETING

    def may_change(self, what: Changeable) -> bool:
        """Tell whether whoever makes a panel may change this."""
        return what in self.changeable

    def as_document(self) -> dict[str, object]:
        """Return the rules as JSON holds them."""
        document = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in document.items()}


def read_rules(document: Mapping[str, object]) -> FormRules:
    """Return the rules that a JSON document holds; what is left out has its default.

    Raises:
        FormRulesRefused: a name that is no rule, a value of another kind, or a contradiction.
    """
    known = {rule.name for rule in fields(FormRules)}
    for name in document:
        if name not in known:
            raise FormRulesRefused(name)
    values: dict[str, object] = {}
    for name, value in document.items():
        try:
            values[name] = READERS[name](value)
        except (ValueError, TypeError, KeyError) as error:
            raise FormRulesRefused(name) from error
    rules = FormRules(**values)  # type: ignore[arg-type]
    check_rules(rules)
    return rules


def check_rules(rules: FormRules) -> None:
    """Refuse rules that contradict each other.

    Raises:
        FormRulesRefused: names the rule that is wrong.
    """
    names = [group.name for group in rules.groups]
    needs_last_day = rules.end is EndKind.DATE and rules.term_months is None
    faults = {
        "groups": len(set(names)) < len(names)
        or bool(names and (rules.mode is not FillingMode.APPLICATION or _seats_of(rules) != rules.seats)),
        "criteria": (rules.mode is FillingMode.APPLICATION) != bool(rules.criteria)
        or len(set(rules.criteria)) < len(rules.criteria),
        "categories": bool(rules.categories) and rules.mode not in QUOTA_MODES,
        "area": rules.area is not AreaKind.ANY and rules.mode is not FillingMode.EVERYONE,
        "min_points": bool(rules.min_points)
        and rules.mode in (FillingMode.EVERYONE, FillingMode.APPLICATION),
        "term_months": needs_last_day and not rules.may_change(Changeable.LAST_DAY),
        "rhythm_months": rules.rhythm_months is not None and not rules.lives_on,
    }
    for name, is_wrong in faults.items():
        if is_wrong:
            raise FormRulesRefused(name)


def _seats_of(rules: FormRules) -> int:
    return sum(group.seats for group in rules.groups)


def fillable_seats(rules: FormRules, seats: int, applicants: Mapping[str, int]) -> int:
    """Return how many seats can be filled from applications; those of a group only by that group.

    Args:
        rules: of the panel.
        seats: it has in all.
        applicants: how many applied, by group; the group of a panel without groups is empty.
    """
    if not rules.groups:
        return min(seats, sum(applicants.values()))
    return sum(min(group.seats, applicants.get(group.name, 0)) for group in rules.groups)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def last_day_of(rules: FormRules, typed: date | None, first_meeting: date) -> date | None:
    """Return the last day of a panel: the one that was typed, else by the term from its first meeting."""
    if typed is not None or rules.term_months is None:
        return typed
    return months_after(first_meeting, rules.term_months)


def groups_from_lines(text: str) -> tuple[SeatGroup, ...]:
    """Return the groups of a text with one on each line: name, colon, seats.

    Raises:
        ValueError: a line has another form.
    """
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, seats = line.rpartition(":")
        found.append(SeatGroup(_text(name.strip(), NAME_LONGEST, 1), _number(int(seats), 1, SEATS_MOST)))
    return tuple(found)


def lines_of_groups(groups: Sequence[SeatGroup]) -> str:
    """Return groups as a text with one on each line."""
    return "\n".join(f"{group.name}: {group.seats}" for group in groups)


def form_key(name: str, taken: Sequence[str]) -> str:
    """Return a key for a form that is new: its name in small letters, with a number when that is taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30] or "form"
    free = (key for number in range(1, len(taken) + 2) if (key := _numbered(plain, number)) not in taken)
    return next(free)


def _numbered(plain: str, number: int) -> str:
    return plain if number == 1 else f"{plain}-{number}"


def _number(value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError
    return value


def _text(value: object, most: int, least: int = 0) -> str:
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise ValueError
    return value


def _text_upto(most: int) -> Callable[[object], str]:
    return lambda value: _text(value, most)


def _one_of(kind: Callable[[str], object]) -> Callable[[object], object]:
    return lambda value: kind(_text(value, NAME_LONGEST))


def _some_of(kind: Callable[[str], object], most: int) -> Callable[[object], object]:
    return lambda value: tuple(kind(_text(row, NAME_LONGEST, 1)) for row in _list(value, most))


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _list(value: object, most: int) -> Sequence[object]:
    if not isinstance(value, list | tuple) or len(value) > most:
        raise ValueError
    return value


def _months(value: object) -> int | None:
    return None if value is None else _number(value, 1, MONTHS_MOST)


def _groups(value: object) -> tuple[SeatGroup, ...]:
    found = []
    for row in _list(value, GROUPS_MOST):
        if not isinstance(row, Mapping) or set(row) != {"name", "seats"}:
            raise ValueError
        found.append(SeatGroup(_text(row["name"], NAME_LONGEST, 1), _number(row["seats"], 1, SEATS_MOST)))
    return tuple(found)


READERS: Mapping[str, Callable[[object], object]] = {
    "mode": _one_of(FillingMode),
    "seats": lambda value: _number(value, 1, SEATS_MOST),
    "min_points": lambda value: _number(value, 0, POINTS_MOST),
    "categories": _some_of(Category, QUOTA_CATEGORIES_MOST),
    "area": _one_of(AreaKind),
    "groups": _groups,
    "criteria": _some_of(str, CRITERIA_MOST),
    "end": _one_of(EndKind),
    "term_months": _months,
    "rhythm_months": _months,
    "chair": _text_upto(NAME_LONGEST),
    "observers": _text_upto(TEXT_LONGEST),
    "purpose": _text_upto(TEXT_LONGEST),
    "fixed_points": _text_upto(TEXT_LONGEST),
    "open_points": _text_upto(TEXT_LONGEST),
    "deciding": _one_of(Deciding),
    "needs_coordinator": _yes_or_no,
    "has_survey": _yes_or_no,
    "changeable": _some_of(Changeable, len(Changeable)),
}
"""How the value of each rule is read; what cannot be read raises."""
