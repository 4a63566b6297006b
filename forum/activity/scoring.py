"""The activity score of the members of one topic, policy `activiteit-v1`.

Whole centipunten (cp, 100 = 1 punt), floored after each product. Pure: no clock, no randomness, no database.
Order of the input never matters; ties are broken by (time, id), ids compared as text.

Where the policy text leaves a choice:

- A member who is not able (staff, not verified, suspended) gets 0 for every part but `flags`, so scores 0.
- The stance is the first poll answer, whenever it was given; for poll points and an active day that first
  answer must lie in the window.
- An earlier topic that closed on a later local date than the freeze carries nothing over.
- Flags are counted on all posts of a member: hidden, deleted and out of the window as well.
- An appreciation beyond the day's limit is not valid, so that post may still be appreciated another day.
- A valid appreciation of weight 0 still counts as given: for reciprocity, giving and active days.
- A post of weight 0 is bare, whoever appreciated it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter

from forum.activity.appreciations import (
    Given,
    Received,
    Weights,
    authors_appreciated,
    first_answers,
    nth_pct,
    share_home,
    valid_appreciations,
    weigh_appreciations,
)
from forum.activity.local_days import LocalDays
from forum.activity.scoring_facts import (
    ActivityScore,
    EarlierScore,
    Facts,
    MemberWhyNot,
    PollFact,
    PostDetail,
    PostFact,
    PostStatus,
    PostWhyNot,
    ScoredMember,
    ScoreParts,
)
from forum.activity.scoring_policy import DEFAULT_POLICY, ScoringPolicy


@dataclass(frozen=True, slots=True)
class _Topic:
    """Hold what is known of the whole topic before its members are scored one by one.

    `posts` by author are taken out as members are scored: in a very large topic the scores would not fit in
    memory beside them.
    """

    facts: Facts
    policy: ScoringPolicy
    days: LocalDays
    answers: Mapping[str, PollFact]
    weights: Weights
    authors_given: Mapping[str, int]
    posts: dict[str, list[PostFact]]
    refused: Mapping[str, PostWhyNot]
    given: Mapping[str, Given]


@dataclass(slots=True)
class _Worth:
    """Work out what a counted post adds to its author's score."""

    post: PostFact
    value: int
    reply_cp: int
    is_bare: bool
    discount_pct: int = 0
    why_not: PostWhyNot | None = None

    @property
    def discounted_cp(self) -> int:
        return self.value * self.discount_pct // 100


def score_topic(facts: Facts, policy: ScoringPolicy = DEFAULT_POLICY) -> dict[str, ActivityScore]:
    """Score every member of `facts.members`, able or not, keyed by member id.

    Time and memory grow with the number of posts and reactions; members are never compared pair by pair.

    Raises:
        TypeError: a time is not aware.
    """
    topic = _survey(facts, policy)
    return {member_id: _score_member(member_id, member, topic) for member_id, member in facts.members.items()}


def _survey(facts: Facts, policy: ScoringPolicy) -> _Topic:
    """Settle what is valid and what it weighs; keeps no more than the members' scores need."""
    days = LocalDays(policy.time_zone)
    posts: dict[str, list[PostFact]] = defaultdict(list)
    counted: dict[str, PostFact] = {}
    refused: dict[str, PostWhyNot] = {}
    for post in facts.posts:
        posts[post.author].append(post)
        reason = why_post_does_not_count(post, facts, policy)
        if reason is None:
            counted[post.id] = post
        else:
            refused[post.id] = reason

    answers = first_answers(facts.poll)
    given = valid_appreciations(facts, counted, days, policy.appreciations_per_day)
    authors_given = authors_appreciated(given, counted)
    weights = weigh_appreciations(given, authors_given, counted, answers, policy)
    giving = {reactor: len(authors) for reactor, authors in authors_given.items()}
    return _Topic(facts, policy, days, answers, weights, giving, posts, refused, given)


def why_post_does_not_count(post: PostFact, facts: Facts, policy: ScoringPolicy) -> PostWhyNot | None:
    """Return the first reason why a post is not a counted post, or None when it is one."""
    author = facts.members.get(post.author)
    if author is None or not author.is_able:
        return PostWhyNot.AUTHOR_NOT_ABLE
    if post.status != PostStatus.VISIBLE:
        return PostWhyNot.NOT_VISIBLE
    if post.chars < policy.min_chars:
        return PostWhyNot.TOO_SHORT
    if post.duplicate:
        return PostWhyNot.NEAR_DUPLICATE
    return None if facts.is_in_window(post.at) else PostWhyNot.OUTSIDE_WINDOW


def appreciation_cp(weight_pct: int, knots: Sequence[tuple[int, int]]) -> int:
    """Return the points for appreciation of one post, in centipunten (100 = 1 punt).

    Linear between the knots of the policy, flat after the last: the tenth admirer adds less than the first.

    Args:
        weight_pct: sum of the weights of valid reactions, in percent of one full reaction; 0 or more.
        knots: (weight_pct, cp) by rising weight; the first weight is 0.
    """
    (start_pct, start_cp), *rest = knots
    for end_pct, end_cp in rest:
        if weight_pct < end_pct:
            return start_cp + (end_cp - start_cp) * (weight_pct - start_pct) // (end_pct - start_pct)
        start_pct, start_cp = end_pct, end_cp
    return start_cp


def carry_cp(
    earlier: Iterable[EarlierScore], frozen_at: datetime, days: LocalDays, policy: ScoringPolicy
) -> int:
    """Return what earlier topics add, in centipunten, 0 to `max_carry_cp`.

    Age is counted in local dates, from the day the topic closed to the day of the freeze.
    """
    frozen_on = days.day_of(frozen_at)
    total_cp = 0
    for topic in earlier:
        age_days = (frozen_on - days.day_of(topic.closed_at)).days
        share_pct = next((pct for max_days, pct in policy.carry_steps if 0 <= age_days <= max_days), 0)
        total_cp += topic.score * share_pct // 100
    return min(total_cp, policy.max_carry_cp)


def _score_member(member_id: str, member: ScoredMember, topic: _Topic) -> ActivityScore:
    policy = topic.policy
    posts = sorted(topic.posts.pop(member_id, ()), key=attrgetter("at", "id"))
    worths = _worths([post for post in posts if post.id not in topic.refused], topic)
    upheld_flags = sum(post.upheld_flag for post in posts)
    flags_cp = -policy.upheld_flag_cp * upheld_flags
    parts = _parts(member_id, worths, flags_cp, topic) if member.is_able else ScoreParts(flags=flags_cp)

    why_not = _why_not_eligible(member, len(worths), parts.total_cp, upheld_flags, policy)
    received = topic.weights.of_author.get(member_id, Received())
    share_pct = received.reciprocal_pct * 100 // received.weight_pct if received.weight_pct else 0
    return ActivityScore(
        parts=parts,
        counted_posts=len(worths),
        why_not=why_not,
        tickets=0 if why_not else sum(parts.total_cp >= step_cp for step_cp in policy.ticket_steps_cp),
        reciprocal_share_pct=share_pct,
        is_mutual=share_pct >= policy.mutual_share_pct and received.reciprocal_people >= policy.mutual_people,
        posts_detail=_details(posts, topic.refused, worths),
    )


def _worths(counted: Sequence[PostFact], topic: _Topic) -> list[_Worth]:
    """Value a member's counted posts, which come by (time, id), discount each day and choose the best."""
    by_day: dict[date, list[_Worth]] = defaultdict(list)
    for post in counted:
        by_day[topic.days.day_of(post.at)].append(_worth(post, topic))
    for of_day in by_day.values():
        of_day.sort(key=lambda worth: -worth.value)  # stable: of equal ones the earliest stays first
        for nth, worth in enumerate(of_day):
            worth.discount_pct = nth_pct(nth, topic.policy.day_discount_pct)

    worths = [worth for of_day in by_day.values() for worth in of_day]
    _leave_out_all_but_best(worths, topic.policy)
    return worths


def _worth(post: PostFact, topic: _Topic) -> _Worth:
    weight_pct = topic.weights.of_post.get(post.id, 0)
    is_reply = post.reply_to is not None and not share_home(post.author, post.reply_to, topic.facts)
    reply_cp = topic.policy.reply_cp if is_reply else 0
    value = _post_value_cp(weight_pct, reply_cp, topic.policy)
    return _Worth(post, value, reply_cp, is_bare=weight_pct == 0)


@lru_cache(maxsize=2048)  # a million posts share a few hundred values: saves their memory
def _post_value_cp(weight_pct: int, reply_cp: int, policy: ScoringPolicy) -> int:
    return policy.post_cp + reply_cp + appreciation_cp(weight_pct, policy.knots)


def _leave_out_all_but_best(worths: Iterable[_Worth], policy: ScoringPolicy) -> None:
    taken = bare_taken = 0
    for worth in sorted(worths, key=lambda worth: (-worth.discounted_cp, worth.post.id)):
        if taken == policy.best_posts:
            worth.why_not = PostWhyNot.BEYOND_BEST
        elif worth.is_bare and bare_taken == policy.best_bare_posts:
            worth.why_not = PostWhyNot.BEYOND_BARE
        else:
            taken += 1
            bare_taken += worth.is_bare


def _parts(member_id: str, worths: Sequence[_Worth], flags_cp: int, topic: _Topic) -> ScoreParts:
    """Add up the parts of an able member."""
    policy, facts, days = topic.policy, topic.facts, topic.days
    active_days = {days.day_of(worth.post.at) for worth in worths}
    if member_id in topic.given:
        active_days.update(topic.given[member_id].days)
    poll_cp = 0
    answer = topic.answers.get(member_id)
    if answer is not None and facts.is_in_window(answer.at):
        poll_cp = policy.poll_cp
        active_days.add(days.day_of(answer.at))
    return ScoreParts(
        posts=sum(worth.discounted_cp for worth in worths if worth.why_not is None),
        days=policy.active_day_cp * min(len(active_days), policy.max_active_days),
        giving=policy.giving_cp * min(topic.authors_given.get(member_id, 0), policy.max_giving_authors),
        poll=poll_cp,
        carry=carry_cp(facts.carry.get(member_id, ()), facts.frozen_at, days, policy),
        flags=flags_cp,
    )


def _why_not_eligible(
    member: ScoredMember, counted_posts: int, score: int, upheld_flags: int, policy: ScoringPolicy
) -> tuple[MemberWhyNot, ...]:
    failed = {
        MemberWhyNot.NOT_ABLE: not member.is_able,
        MemberWhyNot.NO_COUNTED_POST: counted_posts == 0,
        MemberWhyNot.BELOW_MIN_SCORE: score < policy.min_score_cp,
        MemberWhyNot.TOO_MANY_UPHELD_FLAGS: upheld_flags > policy.max_upheld_flags,
    }
    return tuple(reason for reason, has_failed in failed.items() if has_failed)


def _details(
    posts: Iterable[PostFact], refused: Mapping[str, PostWhyNot], worths: Iterable[_Worth]
) -> tuple[PostDetail, ...]:
    worth_of = {worth.post.id: worth for worth in worths}
    details = []
    for post in posts:
        worth = worth_of.get(post.id)
        if worth is None:
            details.append(PostDetail(post.id, 0, 0, refused[post.id]))
        else:
            details.append(
                PostDetail(post.id, worth.value, worth.discount_pct, worth.why_not, worth.reply_cp)
            )
    return tuple(details)
