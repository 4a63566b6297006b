"""What the address of the search page asks, as typed values.

A choice that is none of ours is as good as left out; what somebody typed is kept, and refused with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from forum.discussion.rules import Stance
from forum.kernel.clock import first_moment, local_day
from forum.kernel.numbers import whole_number
from forum.search.engine import Filters, Order
from forum.texts.catalogue import say
from forum.web.forms import FIRST_DAY, LAST_DAY

TEXT_LONGEST = 200
NAME_LONGEST = 60
DAY_LONGEST = 20
PAGES_MOST = 50
THIS_YEAR = "jaar"
PERIODS = {"week": timedelta(days=7), "maand": timedelta(days=30)}
DAY_FORMATS = ("%Y-%m-%d", "%d-%m-%Y")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the search page. `since` and `until` are days as they were typed."""

    text: str
    topic_id: int | None
    author: str
    period: str
    since: str
    until: str
    stance: Stance | None
    is_answered: bool
    order: Order
    page: int

    @classmethod
    def from_address(cls, values: Mapping[str, str]) -> "Asked":
        """Read the part of an address after the question mark."""

        def typed(name: str) -> str:
            return values.get(name, "").replace("\x00", " ").strip()

        order, stance, period = typed("volgorde"), typed("mening"), typed("periode")
        return cls(
            text=typed("q"),
            topic_id=whole_number(typed("onderwerp")),
            author=typed("schrijver"),
            period=period if period in PERIODS or period == THIS_YEAR else "",
            since=typed("van"),
            until=typed("tot"),
            stance=Stance(stance) if stance in list(Stance) else None,
            is_answered=typed("antwoord") == "ja",
            order=Order(order) if order in list(Order) else Order.BEST,
            page=min(max(1, whole_number(typed("pagina")) or 1), PAGES_MOST),
        )

    @property
    def is_narrowed(self) -> bool:
        """Tell whether not all posts are asked for, but those of a topic, an author, a period and so on."""
        return (
            bool(self.topic_id or self.author or self.period or self.since or self.until or self.stance)
            or self.is_answered
        )

    def without_words(self) -> "Asked":
        """Return only what narrows the question."""
        return replace(self, text="", order=Order.BEST, page=1)

    def errors(self) -> dict[str, str]:
        """Return what is wrong, by the name of the field."""
        longest = {"q": (self.text, TEXT_LONGEST), "schrijver": (self.author, NAME_LONGEST)}
        errors = {
            name: say("field-too-long", most=most)
            for name, (text, most) in longest.items()
            if len(text) > most
        }
        days = {"van": self.since, "tot": self.until}
        errors |= {name: say("date-refused") for name, text in days.items() if text and _day(text) is None}
        since, until = _day(self.since), _day(self.until)
        if since and until and until < since:
            errors["tot"] = say("search-days-refused")
        return errors

    def filters(self, author_ids: frozenset[int] | None, at: datetime) -> Filters:
        """Return what a post must be like, at a moment; days are those in Amsterdam, whole."""
        since, until = _day(self.since), _day(self.until)
        starts = [first_moment(since)] if since else []
        if self.period == THIS_YEAR:
            starts.append(first_moment(local_day(at).replace(month=1, day=1)))
        elif self.period:
            starts.append(at - PERIODS[self.period])
        return Filters(
            topic_id=self.topic_id,
            author_ids=author_ids,
            since=max(starts, default=None),
            until=first_moment(until + timedelta(days=1)) if until else None,
            stance=self.stance,
            is_answered=self.is_answered,
        )

    def values(self, *, order: Order, page: int = 1, text: str | None = None) -> dict[str, Any]:
        """Return the same question as the part of an address: in this order, on this page, in these words."""
        values = {
            "q": self.text if text is None else text,
            "onderwerp": self.topic_id,
            "schrijver": self.author,
            "periode": self.period,
            "van": self.since,
            "tot": self.until,
            "mening": self.stance and self.stance.value,
            "antwoord": "ja" if self.is_answered else "",
            "volgorde": "" if order is Order.BEST else order.value,
            "pagina": page if page > 1 else "",
        }
        return {name: value for name, value in values.items() if value or name == "q"}


def _day(text: str) -> date | None:
    """Return a day as the calendar of a browser sends it or typed as 31-12-2026, `None` for anything else."""
    for format_ in DAY_FORMATS if 0 < len(text) <= DAY_LONGEST else ():
        try:
            day = datetime.strptime(text, format_).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return day if FIRST_DAY <= day <= LAST_DAY else None
    return None
