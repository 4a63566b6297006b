"""Which appreciations in a topic are valid, and what each of them weighs. Pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import attrgetter

from forum.activity.local_days import LocalDays
from forum.activity.scoring_facts import Facts, PollFact, PostFact, ReactionFact, ReactionKind, Stance
from forum.activity.scoring_policy import ScoringPolicy

_OPPOSITE: Mapping[Stance | None, Stance] = {Stance.FOR: Stance.AGAINST, Stance.AGAINST: Stance.FOR}


@dataclass(frozen=True, slots=True)
class Given:
    """Hold the valid appreciations of one member: the posts in order of (time, id), and the days."""

    posts: tuple[str, ...]
    days: tuple[date, ...]


@dataclass(slots=True)
class Received:
    """Add up what came to one author, in percent of one full appreciation each.

    `reciprocal_people` counts the members whose appreciation of the author is reciprocal.
    """

    weight_pct: int = 0
    reciprocal_pct: int = 0
    reciprocal_people: int = 0


@dataclass(slots=True)
class Weights:
    """Add up the weights of valid appreciations per post and per author."""

    of_post: dict[str, int] = field(default_factory=dict)
    of_author: dict[str, Received] = field(default_factory=dict)


def valid_appreciations(
    facts: Facts, counted: Mapping[str, PostFact], days: LocalDays, per_day: int
) -> dict[str, Given]:
    """Return the valid appreciations by reactor.

    Whether one is valid depends only on its post and on earlier ones of the same reactor; so validity is
    settled before any weight, which looks at both directions.

    Args:
        facts: the whole topic.
        counted: the counted posts by id.
        days: the calendar of the policy.
        per_day: the most valid appreciations of one member on one day.
    """
    reactor_of = attrgetter("by")
    grouped = facts.reactions if facts.are_reactions_grouped else sorted(facts.reactions, key=reactor_of)
    given = {}
    for reactor, reactions in groupby(grouped, key=reactor_of):
        member = facts.members.get(reactor)
        if member is not None and member.is_able:
            candidates = [one for one in reactions if _is_candidate(one, facts, counted)]
            given[reactor] = _first_of_each_day(candidates, counted, days, per_day)
    return given


def authors_appreciated(
    given: Mapping[str, Given], counted: Mapping[str, PostFact]
) -> dict[str, tuple[str, ...]]:
    """Return the distinct authors that each reactor gave a valid appreciation, sorted.

    Sorted tuples, because sets of a hundred thousand members would take seven times the memory.
    """
    return {
        reactor: tuple(sorted({counted[post_id].author for post_id in mine.posts}))
        for reactor, mine in given.items()
    }


def weigh_appreciations(
    given: Mapping[str, Given],
    authors_given: Mapping[str, Sequence[str]],
    counted: Mapping[str, PostFact],
    answers: Mapping[str, PollFact],
    policy: ScoringPolicy,
) -> Weights:
    """Add up pair × reciprocity × cross of all valid appreciations, each floored to a whole percent.

    Args:
        given: the valid appreciations by reactor.
        authors_given: the authors each reactor gave one to, sorted.
        counted: the counted posts by id.
        answers: the first poll answer of each member.
        policy: the weights.
    """
    weights = Weights()
    sides = {member_id: answer.answer for member_id, answer in answers.items()}
    for reactor, mine in given.items():
        given_before: dict[str, int] = {}
        opposite = _OPPOSITE.get(sides.get(reactor))
        for post_id in mine.posts:
            author = counted[post_id].author
            nth = given_before.get(author, 0)
            given_before[author] = nth + 1
            is_reciprocal = _is_in_sorted(reactor, authors_given.get(author, ()))
            reciprocity_pct = policy.reciprocal_pct if is_reciprocal else 100
            is_cross = opposite is not None and sides.get(author) == opposite
            cross_pct = policy.cross_pct if is_cross else 100
            weight_pct = nth_pct(nth, policy.pair_pct) * reciprocity_pct * cross_pct // 10000

            weights.of_post[post_id] = weights.of_post.get(post_id, 0) + weight_pct
            received = weights.of_author.setdefault(author, Received())
            received.weight_pct += weight_pct
            if is_reciprocal:
                received.reciprocal_pct += weight_pct
                received.reciprocal_people += nth == 0
    return weights


def first_answers(poll: Iterable[PollFact]) -> dict[str, PollFact]:
    """Return the first poll answer of each member: the one given before any post was shown."""
    first: dict[str, PollFact] = {}
    for answer in sorted(poll, key=attrgetter("at", "answer")):
        first.setdefault(answer.by, answer)
    return first


def share_home(one_id: str, other_id: str, facts: Facts) -> bool:
    """Tell whether two member ids are one member or one household; unknown means a household of one."""
    if one_id == other_id:
        return True
    one, other = facts.members.get(one_id), facts.members.get(other_id)
    if one is None or other is None or one.household is None:
        return False
    return one.household == other.household


def nth_pct(nth: int, percents: Sequence[int]) -> int:
    """Return the percent for place `nth`, counted from 0; 0 after the last."""
    return percents[nth] if nth < len(percents) else 0


def _is_candidate(reaction: ReactionFact, facts: Facts, counted: Mapping[str, PostFact]) -> bool:
    if reaction.withdrawn or reaction.kind != ReactionKind.VALUABLE or reaction.post not in counted:
        return False
    if not facts.is_in_window(reaction.at):
        return False
    return not share_home(reaction.by, counted[reaction.post].author, facts)


def _first_of_each_day(
    reactions: Iterable[ReactionFact], counted: Mapping[str, PostFact], days: LocalDays, per_day: int
) -> Given:
    """Keep one reaction per post and the first `per_day` of those on each day; all are of one reactor."""
    kept: dict[str, None] = {}
    kept_on: Counter[date] = Counter()
    for reaction in sorted(reactions, key=attrgetter("at", "id")):
        day = days.day_of(reaction.at)
        if reaction.post not in kept and kept_on[day] < per_day:
            kept[counted[reaction.post].id] = None  # the same text as of the post, not another one in memory
            kept_on[day] += 1
    return Given(posts=tuple(kept), days=tuple(kept_on))


def _is_in_sorted(member_id: str, sorted_ids: Sequence[str]) -> bool:
    place = bisect_left(sorted_ids, member_id)
    return place < len(sorted_ids) and sorted_ids[place] == member_id
