"""The result of a poll in numbers, as its page shows it."""

from collections.abc import Sequence
from typing import NamedTuple

from forum.members.queries import count_tenants
from forum.polls.models import Poll
from forum.polls.queries import count_ballots, count_entered
from forum.polls.rules import PollKind, borda_halves, count_choices, count_first_places
from forum.texts.catalogue import say
from forum.web.languages import dutch
from forum.web.times import show_halves, show_number


class Line(NamedTuple):
    """What one option got of the most it could: votes or half points; `first` is how often it came first."""

    option: str
    got: int
    most: int
    shown: str
    share: str
    first: int

    def as_row(self, kind: PollKind) -> Sequence[str]:
        """Return the cells of a table."""
        return (
            dutch(self.option),
            self.shown,
            show_number(self.first) if kind is PollKind.RANKING else self.share,
        )


class Turnout(NamedTuple):
    """How many took part of those who could, and how many of them not on the forum."""

    ballots: int
    tenants: int
    entered: int


def turnout_of(poll: Poll) -> Turnout:
    """Count who took part; once the poll is over and told of, of those who could have then."""
    tenants = count_tenants() if poll.tenant_count is None else poll.tenant_count
    return Turnout(poll.ballot_count, tenants, count_entered(poll.id))


def result_of(poll: Poll) -> Sequence[Line]:
    """Count the ballots of a poll: the option that got most comes first, else they stay in their order."""
    ballots, options = count_ballots(poll.id), len(poll.options)
    base, firsts = sum(ballots.values()), count_first_places(ballots, options)
    is_ranking = poll.kind is PollKind.RANKING
    got = borda_halves(ballots, options) if is_ranking else count_choices(ballots, options)
    most = 2 * base * (options - 1) if is_ranking else base
    lines = [
        Line(
            option.text,
            got[place],
            most,
            shown=show_halves(got[place]) if is_ranking else show_number(got[place]),
            share=say("share", percent=round(100 * got[place] / most)) if most else "",
            first=firsts[place],
        )
        for place, option in enumerate(poll.options)
    ]
    return sorted(lines, key=lambda line: -line.got)
