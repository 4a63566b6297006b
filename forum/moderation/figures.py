"""What everybody may know: how much was flagged, decided and objected to, by month and party. No persons."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Case, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from forum.kernel.actor import Party
from forum.kernel.clock import AMSTERDAM, local_day
from forum.kernel.database import db
from forum.moderation.models import Appeal, Flag, ModerationDecision
from forum.moderation.rules import AppealState, DecisionKind

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class PartyMonth:
    """What the moderators of one party did in a month, and what came of objections to what they decided."""

    decisions: Counter[DecisionKind]
    appeals: int
    upheld: int
    overturned: int

    @property
    def total(self) -> int:
        """Return how much there is to tell."""
        return self.decisions.total() + self.appeals + self.upheld + self.overturned


@dataclass(frozen=True, slots=True)
class Month:
    """The counts of one month."""

    begins_on: date
    flags: int
    parties: dict[Party, PartyMonth]

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was flagged, decided or objected to."""
        return not self.flags and not any(month.total for month in self.parties.values())


def read_figures(year: int, *, at: datetime) -> Sequence[Month]:
    """Return the months of a year that have begun, in four queries."""
    flags = _counted(year, Flag.at)
    decided = _counted(year, ModerationDecision.at, ModerationDecision.party, ModerationDecision.kind)
    appealed = _counted(year, Appeal.at, ModerationDecision.party)
    judged = _counted(year, Appeal.judged_at, ModerationDecision.party, Appeal.state)
    return [
        Month(
            begins_on,
            flags[number,],
            {
                party: PartyMonth(
                    Counter({kind: decided[number, party, kind] for kind in DecisionKind}),
                    appealed[number, party],
                    judged[number, party, AppealState.UPHELD],
                    judged[number, party, AppealState.OVERTURNED],
                )
                for party in Party
            },
        )
        for number in range(1, 13)
        if (begins_on := date(year, number, 1)) <= local_day(at)
    ]


def first_year(*, at: datetime) -> int:
    """Return the year of the first flag or decision; this year when there is none."""
    firsts = [db.session.scalar(select(func.min(column))) for column in (Flag.at, ModerationDecision.at)]
    return min(local_day(first or at).year for first in firsts)


def _counted(
    year: int, moment: InstrumentedAttribute[Any], *by: InstrumentedAttribute[Any]
) -> Counter[tuple[Any, ...]]:
    """Count the rows of a year by their month in Amsterdam and these columns."""
    starts = [_month_start(year, number) for number in range(1, 14)]
    month: Case[int] = case(*((moment < start, number) for number, start in enumerate(starts[1:], start=1)))
    counted: Select[Any] = (
        select(month, *by, func.count())
        .select_from(moment.class_)
        .where(moment >= starts[0], moment < starts[-1])
        .group_by(month, *by)
    )
    if moment.class_ is Appeal:
        counted = counted.join(ModerationDecision, ModerationDecision.id == Appeal.decision_id)
    return Counter({tuple(row[:-1]): row[-1] for row in db.session.execute(counted)})


def _month_start(year: int, number: int) -> datetime:
    """Return the first moment of a month in Amsterdam; number 13 is the first month of the next year."""
    years, months = divmod(number - 1, 12)
    return datetime(year + years, months + 1, 1, tzinfo=AMSTERDAM).astimezone(UTC)
