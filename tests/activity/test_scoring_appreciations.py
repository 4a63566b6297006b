"""The rules of `activiteit-v1` on appreciations: which are valid, and what each weighs."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from forum.activity.scoring import appreciation_cp, score_topic
from forum.activity.scoring_facts import (
    Facts,
    PostFact,
    PostStatus,
    PostWhyNot,
    ReactionFact,
    ReactionKind,
    ScoredMember,
    ScoreParts,
    Stance,
)
from forum.activity.scoring_policy import DEFAULT_POLICY
from tests.activity.topics import DAY, FROZEN_AT, NOON, OPENED_AT, TICK, TopicMaker

# Which appreciations are valid: the post is worth 300 with one, 100 without


@pytest.mark.parametrize(
    ("changes", "is_valid"),
    [
        pytest.param({}, True, id="plain"),
        pytest.param({"kind": ReactionKind.AGREE}, False, id="eens"),
        pytest.param({"withdrawn": True}, False, id="withdrawn"),
        pytest.param({"at": OPENED_AT}, True, id="at the opening"),
        pytest.param({"at": OPENED_AT - TICK}, False, id="before the opening"),
        pytest.param({"at": FROZEN_AT}, True, id="at the freeze"),
        pytest.param({"at": FROZEN_AT + TICK}, False, id="after the freeze"),
        pytest.param({"by": "a"}, False, id="on one's own post"),
        pytest.param({"by": "partner"}, False, id="on a post of the household"),
        pytest.param({"by": "neighbour"}, True, id="from another household"),
        pytest.param({"by": "stranger"}, False, id="by nobody we know"),
        pytest.param({"post": "hidden"}, False, id="on a post that does not count"),
        pytest.param({"post": "nowhere"}, False, id="on no post we know"),
    ],
)
def test_an_appreciation_is_valid_unless(changes: dict[str, object], is_valid: bool) -> None:
    reaction = replace(ReactionFact("r", "p", "b", NOON), **changes)  # type: ignore[arg-type]
    facts = Facts(
        opened_at=OPENED_AT,
        frozen_at=FROZEN_AT,
        members={
            "a": ScoredMember(household="h1"),
            "partner": ScoredMember(household="h1"),
            "neighbour": ScoredMember(household="h2"),
            "b": ScoredMember(),
        },
        posts=[
            PostFact("p", "a", NOON, 120),
            PostFact("hidden", "a", NOON, 120, status=PostStatus.HIDDEN),
        ],
        reactions=[reaction],
    )

    scores = score_topic(facts)

    assert scores["a"].parts.posts == (300 if is_valid else 100)
    assert sum(score.parts.giving for score in scores.values()) == (20 if is_valid else 0)


def test_two_unknown_households_are_not_one_household() -> None:
    topic = TopicMaker()
    topic.appreciate("b", topic.post("a", reply_to="b"))

    score = topic.score("a")

    assert score.parts.posts == 100 + 50 + 200


def test_one_person_appreciates_a_post_once() -> None:
    topic = TopicMaker()
    post_id = topic.post("a")
    topic.appreciate("b", post_id)
    topic.appreciate("b", post_id, NOON + DAY)

    scores = score_topic(topic.facts())

    assert scores["a"].parts.posts == 300
    assert scores["b"].parts == ScoreParts(days=50, giving=20)


def post_and_appreciate(topic: TopicMaker, numbers: range, at: datetime) -> None:
    """Let "busy" appreciate one post of each of many authors, in the order of the numbers."""
    for number in numbers:
        topic.appreciate("busy", topic.post(f"author {number}"), at + timedelta(seconds=number))


def valued(topic: TopicMaker) -> set[str]:
    scores = score_topic(topic.facts())
    return {member_id for member_id, score in scores.items() if score.parts.posts == 300}


def test_the_first_twenty_of_a_day_are_valid() -> None:
    topic = TopicMaker()
    post_and_appreciate(topic, range(22), NOON)

    assert valued(topic) == {f"author {number}" for number in range(20)}


def test_a_new_day_brings_twenty_new_ones() -> None:
    topic = TopicMaker()
    post_and_appreciate(topic, range(20), NOON)
    post_and_appreciate(topic, range(20, 40), NOON + DAY)

    assert len(valued(topic)) == 40


def test_invalid_appreciations_take_no_place_in_the_twenty() -> None:
    topic = TopicMaker()
    twice = topic.post("author 0")
    for second in range(5):
        topic.appreciate("busy", twice, NOON - timedelta(seconds=second))
    topic.appreciate("busy", topic.post("busy"), NOON - timedelta(minutes=1))
    post_and_appreciate(topic, range(1, 20), NOON)

    assert len(valued(topic)) == 20


def test_of_the_same_moment_the_lower_id_comes_first() -> None:
    topic = TopicMaker()
    for number in reversed(range(21)):
        topic.appreciate("busy", topic.post(f"author {number}"), reaction_id=f"r{number:02}")

    assert valued(topic) == {f"author {number}" for number in range(20)}


def test_what_fell_outside_the_twenty_may_be_appreciated_on_another_day() -> None:
    topic = TopicMaker()
    post_and_appreciate(topic, range(20), NOON)
    late = topic.post("late")
    topic.appreciate("busy", late, NOON + timedelta(hours=1))
    topic.appreciate("busy", late, NOON + DAY)

    assert "late" in valued(topic)


# What an appreciation weighs


def test_the_same_reactor_counts_whole_then_half_then_not() -> None:
    topic = TopicMaker()
    for day in range(3):
        topic.appreciate("b", topic.post("a", NOON + day * DAY, post_id=f"p{day}"), NOON + day * DAY)

    assert topic.values("a") == {"p0": 300, "p1": 200, "p2": 100}


def test_pairs_are_counted_in_order_of_time_then_id_not_of_input() -> None:
    topic = TopicMaker()
    for post_id in ("p0", "p1", "p2"):
        topic.post("a", post_id=post_id)
    topic.appreciate("b", "p2", NOON + DAY, reaction_id="r1")
    topic.appreciate("b", "p1", NOON, reaction_id="r3")
    topic.appreciate("b", "p0", NOON, reaction_id="r2")

    assert topic.values("a") == {"p0": 300, "p1": 200, "p2": 100}


def test_a_post_with_only_weightless_appreciation_is_bare() -> None:
    topic = TopicMaker()
    for day in range(6):
        topic.appreciate("b", topic.post("a", NOON + day * DAY), NOON + day * DAY)

    details = topic.score("a").posts_detail

    assert [detail.why_not for detail in details] == [None] * 5 + [PostWhyNot.BEYOND_BARE]


@pytest.mark.parametrize("back_at", [NOON - DAY, NOON + DAY], ids=["before", "after"])
def test_appreciation_both_ways_weighs_half(back_at: datetime) -> None:
    topic = TopicMaker()
    post_of_a, post_of_b = topic.post("a"), topic.post("b")
    topic.appreciate("b", post_of_a)
    topic.appreciate("a", post_of_b, back_at)

    assert topic.values("a")[post_of_a] == 100 + 100
    assert topic.values("b")[post_of_b] == 100 + 100


def test_an_invalid_appreciation_back_is_not_reciprocal() -> None:
    topic = TopicMaker()
    post_of_a, short_post_of_b = topic.post("a"), topic.post("b", chars=10)
    topic.appreciate("b", post_of_a)
    topic.appreciate("a", short_post_of_b)

    assert topic.values("a")[post_of_a] == 300


def test_a_weightless_third_appreciation_back_is_still_reciprocal() -> None:
    policy = replace(DEFAULT_POLICY, pair_pct=(0, 100))
    topic = TopicMaker()
    topic.appreciate("a", topic.post("b"))
    for number in range(2):
        topic.appreciate("b", topic.post("a", NOON + number * DAY), NOON + number * DAY)

    scores = score_topic(topic.facts(), policy)

    assert [detail.value for detail in scores["a"].posts_detail] == [100, 200]


@pytest.mark.parametrize(
    ("author_answers", "reactor_answers", "appreciation"),
    [
        pytest.param([Stance.FOR], [Stance.AGAINST], 280, id="for and against"),
        pytest.param([Stance.AGAINST], [Stance.FOR], 280, id="against and for"),
        pytest.param([Stance.FOR], [Stance.FOR], 200, id="both for"),
        pytest.param([Stance.FOR], [Stance.NEUTRAL], 200, id="for and neutral"),
        pytest.param([Stance.NEUTRAL], [Stance.NEUTRAL], 200, id="both neutral"),
        pytest.param([Stance.FOR], [], 200, id="reactor did not answer"),
        pytest.param([], [Stance.AGAINST], 200, id="author did not answer"),
        pytest.param([], [], 200, id="nobody answered"),
        pytest.param([Stance.FOR, Stance.AGAINST], [Stance.AGAINST], 280, id="author changed later"),
        pytest.param([Stance.FOR], [Stance.FOR, Stance.AGAINST], 200, id="reactor changed later"),
    ],
)
def test_appreciation_across_first_stances_weighs_more(
    author_answers: list[Stance], reactor_answers: list[Stance], appreciation: int
) -> None:
    topic = TopicMaker()
    post_id = topic.post("a")
    topic.appreciate("b", post_id)
    for member_id, answers in (("a", author_answers), ("b", reactor_answers)):
        for nth, answer in reversed(list(enumerate(answers))):
            topic.answer(member_id, answer, NOON + timedelta(hours=nth))

    assert topic.values("a")[post_id] == 100 + appreciation


def test_a_weight_is_floored() -> None:
    topic = TopicMaker()
    topic.answer("a", Stance.FOR)
    topic.answer("b", Stance.AGAINST)
    topic.appreciate("a", topic.post("b"))
    topic.appreciate("b", topic.post("a", post_id="first"))
    topic.appreciate("b", topic.post("a", NOON + DAY, post_id="second"), NOON + DAY)

    values = topic.values("a")

    assert values == {"first": 100 + 150, "second": 100 + 74}  # 75 % and 37.5 %


def test_a_weight_is_floored_once_after_the_whole_product() -> None:
    topic = TopicMaker()
    topic.answer("a", Stance.FOR)
    topic.answer("b", Stance.AGAINST)
    topic.appreciate("a", topic.post("b"))
    topic.appreciate("b", topic.post("a", post_id="p"))

    scores = score_topic(topic.facts(), replace(DEFAULT_POLICY, pair_pct=(35,)))

    assert [detail.value for detail in scores["a"].posts_detail] == [100 + 2 * 26]  # 35 × 50 × 150 is 26.25 %


@pytest.mark.parametrize(
    ("weight_pct", "points_cp"),
    [
        pytest.param(0, 0, id="nobody"),
        pytest.param(1, 2, id="the least"),
        pytest.param(37, 74, id="first piece"),
        pytest.param(100, 200, id="one full reaction"),
        pytest.param(101, 201, id="floored"),
        pytest.param(150, 280, id="between two knots, linear"),
        pytest.param(250, 420, id="third piece"),
        pytest.param(399, 559, id="just under a knot, floored"),
        pytest.param(450, 580, id="last piece"),
        pytest.param(500, 600, id="last knot"),
        pytest.param(900, 600, id="after the last knot, flat"),
    ],
)
def test_appreciation_flattens(weight_pct: int, points_cp: int) -> None:
    assert appreciation_cp(weight_pct, DEFAULT_POLICY.knots) == points_cp
