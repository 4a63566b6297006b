"""The rules of `activiteit-v1` on a whole topic, each as a table of named cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from forum.activity.local_days import LocalDays
from forum.activity.scoring import carry_cp, score_topic
from forum.activity.scoring_facts import (
    EarlierScore,
    MemberWhyNot,
    PostFact,
    PostStatus,
    ScoredMember,
    ScoreParts,
    Stance,
)
from forum.activity.scoring_policy import DEFAULT_POLICY
from tests.activity.topics import DAY, FROZEN_AT, NOON, OPENED_AT, TICK, TopicMaker

# The examples of the policy, to the centipunt


def test_one_reply_and_the_poll_on_one_day_is_just_enough() -> None:
    topic = TopicMaker()
    topic.post("a", reply_to="b")
    topic.answer("a")

    score = topic.score("a")

    assert score.parts == ScoreParts(posts=150, days=50, poll=100)
    assert (score.score, score.eligible, score.tickets) == (300, True, 1)


def test_four_valued_replies_on_four_days_give_three_tickets() -> None:
    topic = TopicMaker()
    for day in range(4):
        post_id = topic.post("a", NOON + day * DAY, reply_to="b")
        for reactor in range(3):
            topic.appreciate(f"reactor {day}.{reactor}", post_id, NOON + day * DAY)
    topic.answer("a")

    score = topic.score("a")

    assert score.parts == ScoreParts(posts=4 * (150 + 480), days=200, poll=100)
    assert (score.score, score.tickets) == (2820, 3)


def test_thirty_bare_replies_on_one_day_saturate() -> None:
    topic = TopicMaker()
    for minute in range(30):
        topic.post("a", NOON + timedelta(minutes=minute), reply_to="b")

    score = topic.score("a")

    assert score.parts == ScoreParts(posts=150 + 75 + 37, days=50)
    assert (score.score, score.counted_posts) == (312, 30)


def test_three_bare_replies_a_day_for_twenty_days_saturate() -> None:
    topic = TopicMaker()
    for day in range(20):
        for hour in range(3):
            topic.post("a", NOON + day * DAY + timedelta(hours=hour), reply_to="b")

    score = topic.score("a")

    assert score.parts == ScoreParts(posts=3 * 150, days=500)
    assert score.score == 950


def test_a_ring_of_six_that_values_each_other_earns_little() -> None:
    topic = TopicMaker()
    ring = [f"ring {number}" for number in range(6)]
    for day in range(2):
        for author in ring:
            post_id = topic.post(author, NOON + day * DAY, reply_to=ring[ring.index(author) - 1])
            for reactor in ring:
                if reactor != author:
                    topic.appreciate(reactor, post_id, NOON + day * DAY)
    for member_id in ring:
        topic.answer(member_id)

    scores = score_topic(topic.facts())

    for member_id in ring:
        assert scores[member_id].parts == ScoreParts(posts=570 + 390, days=100, giving=100, poll=100)
        assert scores[member_id].score == 1260
        assert scores[member_id].reciprocal_share_pct == 100
        assert scores[member_id].is_mutual


def test_appreciation_from_the_other_stance_counts_most() -> None:
    topic = TopicMaker()
    post_id = topic.post("a")
    topic.answer("a", Stance.FOR)
    for reactor, stance in (
        ("b", Stance.AGAINST),
        ("c", Stance.AGAINST),
        ("d", Stance.FOR),
        ("e", Stance.NEUTRAL),
    ):
        topic.answer(reactor, stance)
        topic.appreciate(reactor, post_id)

    score = topic.score("a")

    assert score.parts == ScoreParts(posts=100 + 600, days=50, poll=100)
    assert score.score == 850


# Days


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        pytest.param("2026-03-05T22:59:59Z", "2026-03-05T23:00:00Z", 2, id="winter midnight is 23:00 UTC"),
        pytest.param("2026-03-05T23:00:00Z", "2026-03-06T22:59:59.999999Z", 1, id="one whole winter day"),
        pytest.param("2026-04-05T21:59:59.999999Z", "2026-04-05T22:00:00Z", 2, id="summer: 22:00 UTC"),
        pytest.param("2026-04-05T22:00:00Z", "2026-04-06T21:59:59Z", 1, id="one whole summer day"),
        pytest.param("2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", 2, id="start of the day of 23 hours"),
        pytest.param("2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", 1, id="the whole day of 23 hours"),
        pytest.param("2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z", 2, id="end of the day of 23 hours"),
        pytest.param("2026-03-05T00:30:00+01:00", "2026-03-04T23:45:00Z", 1, id="another offset"),
    ],
)
def test_days_are_those_of_amsterdam(first: str, second: str, days: int) -> None:
    topic = TopicMaker()
    topic.post("a", datetime.fromisoformat(first))
    topic.post("a", datetime.fromisoformat(second))

    score = topic.score("a")

    assert score.parts.days == 50 * days
    assert score.parts.posts == (200 if days == 2 else 150)


def test_the_day_of_25_hours_is_one_day() -> None:
    days = LocalDays("Europe/Amsterdam")
    midnight = datetime(2026, 10, 24, 22, tzinfo=UTC)

    local_days = [
        days.day_of(midnight + timedelta(minutes=minutes)).day for minutes in (-1, 0, 25 * 60 - 1, 25 * 60)
    ]

    assert local_days == [24, 25, 25, 26]


def test_a_day_is_active_by_a_post_an_appreciation_or_the_poll() -> None:
    topic = TopicMaker()
    post_of_b = topic.post("b")
    topic.post("a", NOON)
    topic.appreciate("a", post_of_b, NOON + DAY)
    topic.answer("a", at=NOON + 2 * DAY)

    assert topic.score("a").parts.days == 150


def test_a_day_is_not_active_by_what_does_not_count() -> None:
    topic = TopicMaker()
    short_post_of_b = topic.post("b", chars=1)
    topic.post("a", NOON, chars=39)
    topic.appreciate("a", short_post_of_b, NOON + DAY)
    topic.answer("a", at=OPENED_AT - TICK)

    assert topic.score("a").parts == ScoreParts()


def test_at_most_ten_days_count() -> None:
    topic = TopicMaker()
    for day in range(11):
        topic.post("a", NOON + day * DAY)

    assert topic.score("a").parts.days == 500


# Giving, poll


def test_giving_counts_distinct_authors() -> None:
    topic = TopicMaker()
    for author in ("b", "b", "b", "b", "c"):
        topic.appreciate("a", topic.post(author))

    assert topic.score("a").parts.giving == 40


def test_giving_counts_at_most_ten_authors() -> None:
    topic = TopicMaker()
    for number in range(11):
        topic.appreciate("a", topic.post(f"author {number}"))

    assert topic.score("a").parts.giving == 200


@pytest.mark.parametrize(
    ("at", "poll_cp"),
    [
        pytest.param(OPENED_AT - TICK, 0, id="before the opening"),
        pytest.param(OPENED_AT, 100, id="at the opening"),
        pytest.param(FROZEN_AT, 100, id="at the freeze"),
        pytest.param(FROZEN_AT + TICK, 0, id="after the freeze"),
    ],
)
def test_the_poll_pays_in_the_window(at: datetime, poll_cp: int) -> None:
    topic = TopicMaker()
    topic.answer("a", at=at)

    assert topic.score("a").parts == ScoreParts(poll=poll_cp, days=poll_cp // 2)


# Carry: the freeze is on 13 April 2026 in Amsterdam, a second before midnight


@pytest.mark.parametrize(
    ("earlier", "expected_cp"),
    [
        pytest.param([], 0, id="nothing"),
        pytest.param([("2025-12-01T12:00:00Z", 1500)], 375, id="this winter"),
        pytest.param([("2025-10-11T22:00:00Z", 1000)], 250, id="183 local days"),
        pytest.param([("2025-10-11T21:59:59Z", 1000)], 100, id="184 local days"),
        pytest.param([("2025-04-12T22:00:00Z", 1000)], 100, id="365 local days"),
        pytest.param([("2025-04-12T21:59:59Z", 1000)], 0, id="366 local days"),
        pytest.param([("2026-04-13T01:00:00Z", 1000)], 250, id="the day of the freeze"),
        pytest.param([("2026-04-14T12:00:00Z", 1000)], 0, id="after the freeze"),
        pytest.param([("2025-12-01T12:00:00Z", 399)], 99, id="floored"),
        pytest.param([("2025-12-01T12:00:00Z", 3), ("2025-12-02T12:00:00Z", 3)], 0, id="each floored"),
        pytest.param([("2025-12-01T12:00:00Z", 1500), ("2025-06-01T12:00:00Z", 999)], 474, id="added up"),
        pytest.param([("2025-12-01T12:00:00Z", 1500)] * 2, 500, id="capped"),
    ],
)
def test_carry_fades_with_age(earlier: list[tuple[str, int]], expected_cp: int) -> None:
    topics = [EarlierScore(datetime.fromisoformat(closed_at), score) for closed_at, score in earlier]
    topic = TopicMaker()
    topic.member("a")
    topic.carry["a"] = topics

    assert carry_cp(topics, FROZEN_AT, LocalDays("Europe/Amsterdam"), DEFAULT_POLICY) == expected_cp
    assert topic.score("a").parts == ScoreParts(carry=expected_cp)


# Flags, eligibility, tickets


def test_an_upheld_flag_costs_also_on_a_post_that_is_gone() -> None:
    topic = TopicMaker()
    topic.post("a", reply_to="b")
    topic.posts.append(PostFact("gone", "a", NOON, 5, status=PostStatus.DELETED, upheld_flag=True))
    topic.answer("a")

    score = topic.score("a")

    assert score.parts == ScoreParts(posts=150, days=50, poll=100, flags=-500)
    assert score.score == 0


@pytest.mark.parametrize(
    ("flags", "why_not", "tickets"),
    [
        pytest.param(0, (), 3, id="none"),
        pytest.param(1, (), 2, id="one"),
        pytest.param(2, (MemberWhyNot.TOO_MANY_UPHELD_FLAGS,), 0, id="two"),
        pytest.param(
            6, (MemberWhyNot.BELOW_MIN_SCORE, MemberWhyNot.TOO_MANY_UPHELD_FLAGS), 0, id="below zero"
        ),
    ],
)
def test_upheld_flags_cost_points_and_in_the_end_eligibility(
    flags: int, why_not: tuple[MemberWhyNot, ...], tickets: int
) -> None:
    topic = TopicMaker()
    for day in range(4):
        post_id = topic.post("a", NOON + day * DAY, reply_to="b")
        for reactor in range(3):
            topic.appreciate(f"reactor {day}.{reactor}", post_id, NOON + day * DAY)
    for _ in range(flags):
        topic.post("a", FROZEN_AT + DAY, upheld_flag=True)

    score = topic.score("a")

    assert score.parts.flags == -500 * flags
    assert score.score == max(0, 2720 - 500 * flags)
    assert (score.why_not, score.eligible, score.tickets) == (why_not, not why_not, tickets)


def test_why_not_lists_all_that_fails_in_a_fixed_order() -> None:
    topic = TopicMaker()
    topic.member("a", ScoredMember(suspended=True))
    for _ in range(2):
        topic.post("a", upheld_flag=True)

    assert topic.score("a").why_not == (
        "not_a_verified_active_tenant",
        "no_counted_post",
        "below_min_score",
        "too_many_upheld_flags",
    )


def test_without_a_counted_post_nobody_is_eligible() -> None:
    topic = TopicMaker()
    topic.answer("a")
    topic.carry["a"] = [EarlierScore(NOON - 90 * DAY, 4000)]

    score = topic.score("a")

    assert (score.score, score.why_not, score.tickets) == (650, ("no_counted_post",), 0)


@pytest.mark.parametrize(
    ("score_cp", "tickets"),
    [(299, 0), (300, 1), (999, 1), (1000, 2), (2499, 2), (2500, 3), (9000, 3)],
)
def test_tickets_go_by_steps(score_cp: int, tickets: int) -> None:
    topic = TopicMaker()
    topic.post("a")
    policy = replace(DEFAULT_POLICY, post_cp=score_cp - 50)

    score = score_topic(topic.facts(), policy)["a"]

    assert (score.score, score.tickets, score.eligible) == (score_cp, tickets, tickets > 0)


# Advice to the moderator


@pytest.mark.parametrize(
    ("mutual", "one_way", "share_pct", "is_mutual"),
    [
        pytest.param(0, 0, 0, False, id="nothing received"),
        pytest.param(0, 3, 0, False, id="all one way"),
        pytest.param(2, 0, 100, False, id="only two people"),
        pytest.param(3, 0, 100, True, id="three people"),
        pytest.param(3, 1, 60, True, id="just sixty percent"),
        pytest.param(4, 2, 50, False, id="half"),
        pytest.param(4, 1, 66, True, id="floored"),
    ],
)
def test_mutual_appreciation_is_shown(mutual: int, one_way: int, share_pct: int, is_mutual: bool) -> None:
    topic = TopicMaker()
    post_of_a = topic.post("a")
    for number in range(mutual):
        topic.appreciate(f"friend {number}", post_of_a)
        topic.appreciate("a", topic.post(f"friend {number}"))
    for number in range(one_way):
        topic.appreciate(f"admirer {number}", post_of_a)

    score = topic.score("a")

    assert (score.reciprocal_share_pct, score.is_mutual) == (share_pct, is_mutual)


def test_many_mutual_appreciations_from_two_people_are_not_shown() -> None:
    topic = TopicMaker()
    for friend in ("b", "c"):
        topic.appreciate("a", topic.post(friend))
        for day in range(3):
            topic.appreciate(friend, topic.post("a", NOON + day * DAY), NOON + day * DAY)

    score = topic.score("a")

    assert (score.reciprocal_share_pct, score.is_mutual) == (100, False)


# The whole topic


def test_every_member_gets_a_score_also_who_did_nothing() -> None:
    topic = TopicMaker()
    topic.member("quiet")

    scores = score_topic(topic.facts())

    assert scores["quiet"].parts == ScoreParts()
    assert scores["quiet"].why_not == ("no_counted_post", "below_min_score")


def test_a_time_without_offset_is_an_error() -> None:
    topic = TopicMaker()
    topic.post("a", datetime(2026, 3, 5, 12))  # noqa: DTZ001 - on purpose

    with pytest.raises(TypeError, match="offset-naive"):
        topic.score("a")
