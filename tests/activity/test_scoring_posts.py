"""The rules of `activiteit-v1` on posts: which count, what each is worth, which are the best."""

from dataclasses import replace
from datetime import timedelta

import pytest

from forum.activity.scoring import score_topic, why_post_does_not_count
from forum.activity.scoring_facts import (
    EarlierScore,
    Facts,
    MemberWhyNot,
    PostFact,
    PostStatus,
    PostWhyNot,
    ScoredMember,
    ScoreParts,
)
from forum.activity.scoring_policy import DEFAULT_POLICY
from tests.activity.topics import DAY, FROZEN_AT, NOON, OPENED_AT, TICK, TopicMaker

# Which posts count


@pytest.mark.parametrize(
    ("changes", "why_not"),
    [
        pytest.param({}, None, id="plain"),
        pytest.param({"chars": 40}, None, id="just long enough"),
        pytest.param({"chars": 39}, PostWhyNot.TOO_SHORT, id="one character short"),
        pytest.param({"status": PostStatus.HIDDEN}, PostWhyNot.NOT_VISIBLE, id="hidden"),
        pytest.param({"status": PostStatus.DELETED}, PostWhyNot.NOT_VISIBLE, id="deleted"),
        pytest.param({"duplicate": True}, PostWhyNot.NEAR_DUPLICATE, id="near-duplicate"),
        pytest.param({"upheld_flag": True}, None, id="flagged but still visible"),
        pytest.param({"at": OPENED_AT}, None, id="at the opening"),
        pytest.param({"at": OPENED_AT - TICK}, PostWhyNot.OUTSIDE_WINDOW, id="before the opening"),
        pytest.param({"at": FROZEN_AT}, None, id="at the freeze"),
        pytest.param({"at": FROZEN_AT + TICK}, PostWhyNot.OUTSIDE_WINDOW, id="after the freeze"),
        pytest.param({"author": "moderator"}, PostWhyNot.AUTHOR_NOT_ABLE, id="by staff"),
        pytest.param({"author": "stranger"}, PostWhyNot.AUTHOR_NOT_ABLE, id="by nobody we know"),
    ],
)
def test_a_post_counts_unless(changes: dict[str, object], why_not: PostWhyNot | None) -> None:
    members = {"a": ScoredMember(), "moderator": ScoredMember(role="moderator")}
    post = replace(PostFact("p", "a", NOON, chars=120), **changes)  # type: ignore[arg-type]
    facts = Facts(opened_at=OPENED_AT, frozen_at=FROZEN_AT, members=members, posts=[post])

    scores = score_topic(facts)

    assert why_post_does_not_count(post, facts, DEFAULT_POLICY) == why_not
    assert scores["a"].counted_posts == (why_not is None)
    assert scores["a"].parts.posts == (100 if why_not is None else 0)


def test_a_post_that_does_not_count_is_listed_without_value() -> None:
    topic = TopicMaker()
    topic.post("a", NOON + DAY, post_id="short", chars=3)
    topic.post("a", NOON, post_id="long")

    details = topic.score("a").posts_detail

    assert [(detail.id, detail.value, detail.discount_pct, detail.counted) for detail in details] == [
        ("long", 100, 100, True),
        ("short", 0, 0, False),
    ]


# Which members are able


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(ScoredMember(role="delegate"), id="delegate"),
        pytest.param(ScoredMember(role="moderator"), id="moderator"),
        pytest.param(ScoredMember(role="coordinator"), id="coordinator"),
        pytest.param(ScoredMember(role="admin"), id="admin"),
        pytest.param(ScoredMember(verified=False), id="not verified"),
        pytest.param(ScoredMember(suspended=True), id="suspended"),
    ],
)
def test_who_is_not_able_neither_scores_nor_gives(member: ScoredMember) -> None:
    topic = TopicMaker()
    topic.member("unable", member)
    own_post, post_of_a = topic.post("unable", upheld_flag=True), topic.post("a")
    topic.appreciate("a", own_post)
    topic.appreciate("unable", post_of_a)
    topic.answer("unable")
    topic.carry["unable"] = [EarlierScore(NOON - 90 * DAY, 2000)]

    scores = score_topic(topic.facts())

    assert scores["unable"].parts == ScoreParts(flags=-500)
    assert scores["unable"].score == 0
    assert scores["unable"].why_not == (
        MemberWhyNot.NOT_ABLE,
        MemberWhyNot.NO_COUNTED_POST,
        MemberWhyNot.BELOW_MIN_SCORE,
    )
    assert scores["a"].parts == ScoreParts(posts=100, days=50)


# What a post is worth


@pytest.mark.parametrize(
    ("reply_to", "value"),
    [
        pytest.param(None, 100, id="no reply"),
        pytest.param("neighbour", 150, id="to another household"),
        pytest.param("loner", 150, id="to an unknown household"),
        pytest.param("moderator", 150, id="to staff"),
        pytest.param("partner", 100, id="to the own household"),
        pytest.param("a", 100, id="to oneself"),
    ],
)
def test_a_reply_outside_the_household_is_worth_more(reply_to: str | None, value: int) -> None:
    topic = TopicMaker()
    topic.member("a", ScoredMember(household="h1"))
    topic.member("partner", ScoredMember(household="h1"))
    topic.member("neighbour", ScoredMember(household="h2"))
    topic.member("moderator", ScoredMember(role="moderator"))

    post_id = topic.post("a", reply_to=reply_to)

    assert topic.values("a") == {post_id: value}


def test_without_a_household_a_reply_to_oneself_is_worth_no_more() -> None:
    topic = TopicMaker()

    post_id = topic.post("a", reply_to="a")

    assert topic.values("a") == {post_id: 100}


def test_the_best_post_of_a_day_counts_whole_whatever_its_time() -> None:
    topic = TopicMaker()
    for hour, reply_to in enumerate([None, None, "b", None]):
        topic.post("a", NOON + timedelta(hours=hour), reply_to=reply_to)

    details = topic.score("a").posts_detail

    assert [detail.discount_pct for detail in details] == [50, 25, 100, 0]


def test_posts_of_one_moment_are_discounted_by_id() -> None:
    topic = TopicMaker()
    for post_id in ("p2", "p1", "p3"):
        topic.post("a", post_id=post_id)

    details = topic.score("a").posts_detail

    assert {detail.id: detail.discount_pct for detail in details} == {"p1": 100, "p2": 50, "p3": 25}


def test_the_discount_is_floored() -> None:
    topic = TopicMaker()
    for number in range(3):
        topic.post("a", NOON + timedelta(hours=number), reply_to="b")

    assert topic.score("a").parts.posts == 150 + 75 + 37


# Which posts are the best


def test_ten_posts_count_and_the_lower_id_wins_a_tie() -> None:
    topic = TopicMaker()
    for number in range(12):
        post_id = topic.post("a", NOON + (11 - number) * DAY, post_id=f"p{number:02}")
        topic.appreciate(f"reactor {number}", post_id, NOON + 12 * DAY)

    score = topic.score("a")

    assert score.parts.posts == 10 * 300
    left_out = {detail.id: detail.why_not for detail in score.posts_detail if not detail.counted}
    assert left_out == {"p10": PostWhyNot.BEYOND_BEST, "p11": PostWhyNot.BEYOND_BEST}


def test_the_fourth_bare_post_is_skipped_for_a_lower_one_that_was_valued() -> None:
    topic = TopicMaker()
    for day in range(5):
        topic.post("a", NOON + day * DAY, post_id=f"bare {day}", reply_to="b")
    topic.appreciate("b", topic.post("a", NOON + 6 * DAY, post_id="best", reply_to="b"), NOON + 6 * DAY)
    topic.appreciate("c", topic.post("a", NOON + 6 * DAY, post_id="half"), NOON + 6 * DAY)
    topic.appreciate("d", topic.post("a", NOON + 6 * DAY, post_id="quarter"), NOON + 6 * DAY)

    score = topic.score("a")

    assert score.parts.posts == 3 * 150 + 350 + 150 + 75
    assert [detail.id for detail in score.posts_detail if not detail.counted] == ["bare 3", "bare 4"]
