"""Who reads a debate, and what they think and value. Pure but for the chance that the caller brings along.

People are told apart by their tenant number. A few do a lot and most do little, as in real consultations.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from random import Random

from forum.demo.debate_plan import PlannedPost
from forum.demo.moments import MINUTE, Window, busy_day, free_moment
from forum.discussion.rules import ReactionKind, Stance

STANCE_SHARE = 0.7
"""Part of those who take part that answers the stance question."""
RETURN_SHARE = 0.3
"""Part of them that comes back to read what was done."""
REREAD_SHARE = 0.1
"""Part of the old posts that they look at again."""
READER_SHARES = (0.25, 0.4)
MOST_REACTIONS = 45

APPEAL = {1: 0.2, 2: 0.6, 3: 1.0, 4: 1.8, 5: 3.0}
"""How many people a post of a quality reaches."""
VALUED = {1: 0.08, 2: 0.25, 3: 0.45, 4: 0.7, 5: 0.85}
"""How likely somebody of the same opinion values it."""
VALUED_ACROSS = (1.0, 0.85, 0.5)
AGREED = (0.7, 0.25, 0.05)
"""By how far the opinions lie apart."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads a debate at each visit, and reacts to so many posts in all."""

    number: str
    stance: Stance
    reactions: int
    visits: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class PlannedStance:
    """An answer to the stance question."""

    number: str
    stance: Stance
    at: datetime


@dataclass(frozen=True, slots=True)
class PlannedReaction:
    """A reaction to a post, by its key."""

    number: str
    post: str
    kind: ReactionKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Debate:
    """A debate as it was written: its posts, when, and the number of each voice that is a tenant."""

    posts: Sequence[PlannedPost]
    during: Window
    answers: Window | None
    numbers: Mapping[int, str]


def make_readers(debate: Debate, online: Sequence[str], rng: Random) -> Sequence[Reader]:
    """Return who reads along: the writers who can sign in, and a part of all others who can.

    Args:
        debate: what was written.
        online: numbers of the tenants who can sign in.
        rng: the chance.
    """
    opinions = _opinions(debate)
    others = [number for number in online if number not in opinions]
    chosen = rng.sample(others, round(rng.uniform(*READER_SHARES) * len(others)))
    shares = Counter(post.content.stance for post in debate.posts if post.content.stance is not None)
    readers = [_writer(debate, number, opinions[number], rng) for number in online if number in opinions]
    for number in chosen:
        stance = rng.choices(list(shares), list(shares.values()))[0]
        reactions = min(MOST_REACTIONS, int(2 * rng.paretovariate(1.05)))
        visits = _visits(debate, 1 + reactions // 6, rng)
        readers.append(Reader(number, stance, reactions, visits))
    return readers


def _opinions(debate: Debate) -> Mapping[str, Stance]:
    """Return what each tenant who writes thinks, by number."""
    return {
        debate.numbers[post.content.author]: post.content.stance
        for post in debate.posts
        if post.content.stance is not None
    }


def _writer(debate: Debate, number: str, stance: Stance, rng: Random) -> Reader:
    """Return a writer, who reads before writing and comes back to see what was answered."""
    own = [post.at - MINUTE * rng.randint(10, 40) for post in _posts_of(debate, number)]
    during = [at for at in own if debate.during.start < at <= debate.during.end]
    visits = sorted([*during, *_visits(debate, 2, rng)])
    return Reader(number, stance, min(MOST_REACTIONS, int(5 * rng.paretovariate(1.2))), visits)


def _visits(debate: Debate, count: int, rng: Random) -> Sequence[datetime]:
    """Return when somebody came by, and perhaps came back to read what was done."""
    during = [free_moment(busy_day(debate.during, rng), rng) for _ in range(count)]
    visits = [at for at in during if debate.during.start < at <= debate.during.end]
    if debate.answers is not None and rng.random() < RETURN_SHARE:
        at = free_moment(rng.choice(debate.answers.days), rng)
        visits += [at] if debate.answers.start < at <= debate.answers.end else []
    return sorted(visits)


def plan_stances(debate: Debate, readers: Sequence[Reader], rng: Random) -> Sequence[PlannedStance]:
    """Return the answers to the stance question: given before anything is written or valued."""
    planned = []
    for reader in readers:
        wrote_at = [post.at for post in _posts_of(debate, reader.number)]
        arrived_at = min([*reader.visits, *wrote_at], default=debate.during.end)
        at = arrived_at - timedelta(seconds=rng.randint(60, 720))
        if rng.random() < STANCE_SHARE and debate.during.start <= at <= debate.during.end:
            planned.append(PlannedStance(reader.number, reader.stance, at))
    return planned


def plan_reactions(debate: Debate, readers: Sequence[Reader], rng: Random) -> Sequence[PlannedReaction]:
    """Return who valued or agreed with what, and when: never one's own post, never after the end."""
    appeal = {
        post.content.key: APPEAL[post.content.quality] * rng.lognormvariate(0, 0.5) for post in debate.posts
    }
    planned: list[PlannedReaction] = []
    for reader in readers:
        unread = [post for post in debate.posts if debate.numbers.get(post.content.author) != reader.number]
        share = max(1, round(reader.reactions / max(1, len(reader.visits))))
        for visit in reader.visits:
            read = _choose(_found_at(visit, unread, debate, rng), visit, share, appeal, rng)
            unread = [post for post in unread if post not in read]
            planned += _react(debate, reader, visit, read, rng)
    return planned


def _found_at(
    visit: datetime, unread: Sequence[PlannedPost], debate: Debate, rng: Random
) -> Sequence[PlannedPost]:
    """Return what somebody comes across at a visit; who comes back later looks for what is new."""
    there = [post for post in unread if post.at < visit]
    if visit <= debate.during.end:
        return there
    return [post for post in there if post.at > debate.during.end or rng.random() < REREAD_SHARE]


def _choose(
    posts: Sequence[PlannedPost], visit: datetime, count: int, appeal: Mapping[str, float], rng: Random
) -> Sequence[PlannedPost]:
    """Return the posts that catch the eye at a visit: good ones and new ones."""
    left = {post.content.key: post for post in posts}
    weights = {
        key: appeal[key] * (0.25 + exp(-(visit - post.at) / timedelta(days=9))) for key, post in left.items()
    }
    chosen = []
    for _ in range(min(count, len(left))):
        key = rng.choices(list(left), [weights[key] for key in left])[0]
        chosen.append(left.pop(key))
    return chosen


def _react(
    debate: Debate, reader: Reader, visit: datetime, read: Sequence[PlannedPost], rng: Random
) -> Iterator[PlannedReaction]:
    end = debate.during.end
    if debate.answers is not None and visit > end:
        end = debate.answers.end
    at = visit
    for post in read:
        at += timedelta(seconds=rng.randint(15, 180))
        if at > end:
            return
        apart = _apart(reader.stance, post.content.stance)
        if rng.random() < VALUED[post.content.quality] * VALUED_ACROSS[apart]:
            yield PlannedReaction(reader.number, post.content.key, ReactionKind.VALUABLE, at)
        if rng.random() < AGREED[apart]:
            yield PlannedReaction(reader.number, post.content.key, ReactionKind.AGREE, at)


def _apart(one: Stance, other: Stance | None) -> int:
    """Return how far two opinions lie apart: 0, 1 or 2; somebody without one stands in the middle."""
    if one is other:
        return 0
    return 2 if {one, other} == {Stance.FOR, Stance.AGAINST} else 1


def _posts_of(debate: Debate, number: str) -> Sequence[PlannedPost]:
    return [post for post in debate.posts if debate.numbers.get(post.content.author) == number]
