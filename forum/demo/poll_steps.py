"""A step of the demo year: two polls, one that is open and one of which the result can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from forum.demo.moments import COURSES, days_before, local_moment
from forum.demo.panel_steps import Happening
from forum.demo.year import DemoYear
from forum.discussion.queries import get_thread
from forum.discussion.rules import PostSource
from forum.kernel.actor import Party, Role
from forum.kernel.clock import last_moment
from forum.members.import_places import insert_rows
from forum.polls.models import Ballot, Poll, as_text
from forum.polls.queries import get_poll
from forum.polls.rules import PollKind
from forum.polls.service import Answer, PollText, enter_ballot, make_poll
from forum.polls.telling import tell_of_poll
from forum.texts.catalogue import say


@dataclass(frozen=True, slots=True)
class DemoPoll:
    """A poll of the demo: its sentences, its topic, when, and how many of ten tenants online answer it."""

    key: str
    topic: str
    party: Party
    kind: PollKind
    opens: int
    closes: int
    of_ten: int


POLLS = (
    DemoPoll("repair", "lift-schimmel", Party.TENANTS, PollKind.RANKING, opens=6, closes=-8, of_ten=3),
    DemoPoll("meeting", "samenleven", Party.LANDLORD, PollKind.MULTIPLE, opens=30, closes=16, of_ten=4),
)
"""Days are counted back from today."""


def plan_polls(year: DemoYear) -> Sequence[Happening]:
    """Return the polls, what tenants answer, and telling of the result of the one that is over."""
    happenings = []
    for plan in POLLS:
        assert plan.opens < COURSES[plan.topic].opens, "a poll stands on a debate that has begun"
        made: list[int] = []
        at = local_moment(days_before(year.order.today, plan.opens), 11)
        happenings.append(Happening(at, partial(_hold, year, plan, made, at)))
        if plan.closes > 0:
            over = local_moment(days_before(year.order.today, plan.closes - 1), 1)
            happenings.append(Happening(over, partial(_tell_result, made, over)))
    return happenings


def _hold(year: DemoYear, plan: DemoPoll, made: list[int], at: datetime) -> None:
    """Open a poll, enter an answer by phone, and store the others in one go."""
    text = PollText(
        question=say(f"demo-poll-{plan.key}"),
        options=say(f"demo-poll-{plan.key}-options").split("\n"),
        kind=plan.kind,
        most_choices=3,
        closes_at=last_moment(days_before(year.order.today, plan.closes)),
        is_result_after_closing=True,
    )
    moderator = year.officers[Role.MODERATOR, plan.party]
    poll = make_poll(get_thread(year.topics[plan.topic]), text, moderator, at=at)
    made.append(poll.id)
    tell_of_poll(poll, at=at)
    chance = year.chance(f"poll {plan.key}")
    voters = [number for number in year.online if chance.random() < plan.of_ten / 10]
    by_phone = next(number for number in sorted(year.members) if number not in voters)
    enter_ballot(poll, Answer((3, 1), 1), by_phone, PostSource.PHONE, moderator, at=at + timedelta(hours=3))
    _vote(year, poll, voters, at)


def _vote(year: DemoYear, poll: Poll, voters: Sequence[str], at: datetime) -> None:
    chance = year.chance(f"ballots {poll.id}")
    most = poll.most_choices if poll.kind is PollKind.MULTIPLE else len(poll.options)
    rows = []
    for number in voters:
        liked = sorted(range(1, len(poll.options) + 1), key=lambda position: position * chance.random())
        row = {"poll_id": poll.id, "member_id": year.members[number], "source": PostSource.WEB}
        row["choices"] = as_text(liked[: chance.randint(1, most)])
        row["at"] = at + timedelta(minutes=chance.randint(10, 4000))
        rows.append(row)
    insert_rows(Ballot, rows)
    poll.ballot_count += len(rows)


def _tell_result(made: Sequence[int], at: datetime) -> None:
    tell_of_poll(get_poll(made[0]), at=at)
