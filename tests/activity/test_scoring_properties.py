"""What holds for the score of every topic, whatever happens in it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from forum.activity.scoring import score_topic
from forum.activity.scoring_facts import (
    Facts,
    PollFact,
    PostFact,
    ReactionFact,
    ReactionKind,
    ScoredMember,
    Stance,
)
from forum.activity.scoring_policy import DEFAULT_POLICY
from tests.activity.drawn_topics import FROZEN_AT, OPENED_AT, member_ids, moments, topics

ACCOMPLICE = "accomplice"
Row = TypeVar("Row")


@given(topics(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_is_irrelevant(facts: Facts, random: Random) -> None:
    def shuffled(rows: Sequence[Row]) -> list[Row]:
        return random.sample(rows, len(rows))

    other = replace(
        facts,
        members=dict(shuffled(list(facts.members.items()))),
        posts=shuffled(facts.posts),
        reactions=shuffled(list(facts.reactions)),
        poll=shuffled(facts.poll),
    )

    assert score_topic(other) == score_topic(facts)


@given(topics())
def test_no_part_leaves_its_range(facts: Facts) -> None:
    policy = DEFAULT_POLICY
    for score in score_topic(facts).values():
        parts = score.parts
        assert score.score >= 0
        assert 0 <= parts.posts <= policy.best_posts * (150 + 600)
        assert 0 <= parts.days <= 500
        assert 0 <= parts.giving <= 200
        assert parts.poll in {0, 100}
        assert 0 <= parts.carry <= 500
        assert parts.flags <= 0
        assert 0 <= score.reciprocal_share_pct <= 100
        assert score.eligible == (score.tickets > 0)


@given(topics())
def test_the_detail_adds_up_to_the_part_and_lists_every_post(facts: Facts) -> None:
    for member_id, score in score_topic(facts).items():
        details = score.posts_detail
        own_posts = {post.id for post in facts.posts if post.author == member_id}
        counted_cp = sum(post.value * post.discount_pct // 100 for post in details if post.counted)

        assert counted_cp == score.parts.posts
        assert {post.id for post in details} == own_posts


@given(topics())
def test_reactions_that_are_not_valid_change_nothing(facts: Facts) -> None:
    plain = [
        reaction
        for reaction in facts.reactions
        if facts.members[reaction.by].is_able
        and reaction.kind is ReactionKind.VALUABLE
        and not reaction.withdrawn
        and facts.is_in_window(reaction.at)
    ]

    assert score_topic(replace(facts, reactions=plain)) == score_topic(facts)


@given(topics(), member_ids)
def test_staff_change_nothing_for_others(facts: Facts, member_id: str) -> None:
    staff = {**facts.members, member_id: ScoredMember(role="moderator")}
    posts_of_staff = {post.id for post in facts.posts if post.author == member_id}
    with_staff = score_topic(replace(facts, members=staff))
    without = score_topic(
        replace(
            facts,
            members=staff,
            posts=[post for post in facts.posts if post.author != member_id],
            reactions=[
                reaction
                for reaction in facts.reactions
                if reaction.by != member_id and reaction.post not in posts_of_staff
            ],
            poll=[answer for answer in facts.poll if answer.by != member_id],
        )
    )

    assert with_staff[member_id].score == 0
    assert {**with_staff, member_id: None} == {**without, member_id: None}


def gain_by_accomplice(facts: Facts, author: str, stance: Stance, times: list[datetime]) -> int:
    """Return what somebody new adds to an author by appreciating all their posts at the given times."""
    author_posts = [post.id for post in facts.posts if post.author == author]
    helped = replace(
        facts,
        members={**facts.members, ACCOMPLICE: ScoredMember()},
        reactions=[
            *facts.reactions,
            *(
                ReactionFact(f"x{nth} {post_id}", post_id, ACCOMPLICE, at)
                for nth, at in enumerate(times)
                for post_id in author_posts
            ),
        ],
        poll=[*facts.poll, PollFact(ACCOMPLICE, stance, OPENED_AT)],
    )
    before, after = score_topic(facts)[author], score_topic(helped)[author]
    return after.parts.total_cp - before.parts.total_cp


@given(topics(), member_ids, st.sampled_from(Stance), st.lists(moments, min_size=1, max_size=4))
def test_one_accomplice_adds_at_most_430_unless_bare_posts_were_left_out(
    facts: Facts, author: str, stance: Stance, times: list[datetime]
) -> None:
    counted_posts = score_topic(facts)[author].counted_posts

    gain_cp = gain_by_accomplice(facts, author, stance, times)

    # Two posts that are no longer bare make room for two other bare ones, of at most 150 each.
    assert 0 <= gain_cp <= (430 if counted_posts <= 3 else 730)


def test_one_accomplice_makes_room_for_two_more_bare_posts() -> None:
    posts = [PostFact(f"p{day}", "a", OPENED_AT + timedelta(days=day), 120, reply_to="b") for day in range(6)]
    facts = Facts(
        opened_at=OPENED_AT,
        frozen_at=FROZEN_AT,
        members={"a": ScoredMember(), "b": ScoredMember()},
        posts=posts,
        poll=[PollFact("a", Stance.FOR, OPENED_AT)],
    )

    assert gain_by_accomplice(replace(facts, posts=posts[:3]), "a", Stance.AGAINST, [FROZEN_AT]) == 430
    assert gain_by_accomplice(facts, "a", Stance.AGAINST, [FROZEN_AT]) == 730


# The policy text once more, word by word and slowly


def day_of(at: datetime) -> str:
    return str(at.astimezone(ZoneInfo("Europe/Amsterdam")).date())


def is_counted(post: PostFact, facts: Facts) -> bool:
    is_able = facts.members[post.author].is_able
    is_sound = post.status == "visible" and post.chars >= 40 and not post.duplicate
    return is_able and is_sound and OPENED_AT <= post.at <= FROZEN_AT


def same_home(one: str, other: str, facts: Facts) -> bool:
    homes = [facts.members[member_id].household or f"home of {member_id}" for member_id in (one, other)]
    return homes[0] == homes[1]


def slow_valid(facts: Facts) -> list[tuple[str, PostFact, datetime]]:
    posts = {post.id: post for post in facts.posts if is_counted(post, facts)}
    valid: list[tuple[str, PostFact, datetime]] = []
    for reaction in sorted(facts.reactions, key=lambda reaction: (reaction.at, reaction.id)):
        by, post = reaction.by, posts.get(reaction.post)
        if post is None or reaction.kind != "waardevol" or reaction.withdrawn:
            continue
        if not facts.members[by].is_able or not OPENED_AT <= reaction.at <= FROZEN_AT:
            continue
        today = [row for row in valid if row[0] == by and day_of(row[2]) == day_of(reaction.at)]
        is_again = any(row[0] == by and row[1] is post for row in valid)
        if not same_home(by, post.author, facts) and not is_again and len(today) < 20:
            valid.append((by, post, reaction.at))
    return valid


def slow_weights(facts: Facts) -> dict[str, int]:
    valid = slow_valid(facts)
    pairs = [(by, post.author) for by, post, _ in valid]
    stances: dict[str, str] = {}
    for answer in sorted(facts.poll, key=lambda answer: (answer.at, answer.answer)):
        stances.setdefault(answer.by, answer.answer)
    weights: dict[str, int] = defaultdict(int)
    for place, (by, post, _) in enumerate(valid):
        nth = pairs[:place].count((by, post.author))
        pair = 100 if nth == 0 else 50 if nth == 1 else 0
        reciprocity = 50 if (post.author, by) in pairs else 100
        cross = 150 if {stances.get(by), stances.get(post.author)} == {"voor", "tegen"} else 100
        weights[post.id] += pair * reciprocity * cross // 10000
    return weights


def slow_appreciation(weight: int) -> int:
    slopes = [200, 160, 120, 80, 40]
    return sum(min(max(weight - 100 * piece, 0), 100) * slope for piece, slope in enumerate(slopes)) // 100


def slow_posts(member_id: str, facts: Facts) -> int:
    weights = slow_weights(facts)
    by_day: dict[str, list[tuple[int, datetime, str]]] = defaultdict(list)
    for post in facts.posts:
        if post.author == member_id and is_counted(post, facts):
            is_reply = post.reply_to is not None and not same_home(member_id, post.reply_to, facts)
            value = 100 + 50 * is_reply + slow_appreciation(weights[post.id])
            by_day[day_of(post.at)].append((-value, post.at, post.id))
    discounted = [
        (value * discount // 100, post_id)
        for posts in by_day.values()
        for (value, _, post_id), discount in zip(sorted(posts), [-100, -50, -25] + [0] * 99, strict=False)
    ]
    bare = [row for row in sorted(discounted, key=lambda row: (-row[0], row[1])) if not weights[row[1]]]
    allowed = [row[0] for row in discounted if row not in bare[3:]]
    return sum(sorted(allowed, reverse=True)[:10])


@settings(max_examples=300)
@given(topics())
def test_the_score_is_what_the_policy_text_says(facts: Facts) -> None:
    scores = score_topic(facts)

    valid = slow_valid(facts)
    for member_id, member in facts.members.items():
        parts = scores[member_id].parts
        answers = sorted(answer.at for answer in facts.poll if answer.by == member_id)
        has_answered = bool(answers) and OPENED_AT <= answers[0] <= FROZEN_AT
        days = {day_of(at) for by, _, at in valid if by == member_id}
        days |= {
            day_of(post.at) for post in facts.posts if post.author == member_id and is_counted(post, facts)
        }
        days |= {day_of(answers[0])} if has_answered else set()
        assert parts.posts == slow_posts(member_id, facts)
        assert parts.giving == 20 * min(10, len({post.author for by, post, _ in valid if by == member_id}))
        assert parts.days == (50 * min(10, len(days)) if member.is_able else 0)
        assert parts.poll == (100 if has_answered and member.is_able else 0)
        assert parts.flags == -500 * sum(post.upheld_flag for post in facts.posts if post.author == member_id)
