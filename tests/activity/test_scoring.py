"""The rules of `activiteit-v1`, each as a table of named cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from forum.activity.local_days import LocalDays
from forum.activity.scoring import appreciation_cp, carry_cp, score_topic, why_post_does_not_count
from forum.activity.scoring_facts import (
    ActivityScore,
    EarlierScore,
    Facts,
    MemberWhyNot,
    PollFact,
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

OPENED_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
FROZEN_AT = datetime(2026, 4, 13, 21, 59, 59, tzinfo=UTC)
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)


class TopicMaker:
    """Makes the facts of one topic step by step; members come into being when they are named."""

    def __init__(self) -> None:
        self.members: dict[str, ScoredMember] = {}
        self.posts: list[PostFact] = []
        self.reactions: list[ReactionFact] = []
        self.poll: list[PollFact] = []
        self.carry: dict[str, list[EarlierScore]] = {}

    def member(self, member_id: str, member: ScoredMember = ScoredMember()) -> str:  # noqa: B008 - frozen
        self.members.setdefault(member_id, member)
        return member_id

    def post(
        self,
        author: str,
        at: datetime = NOON,
        *,
        post_id: str | None = None,
        reply_to: str | None = None,
        chars: int = 120,
        upheld_flag: bool = False,
    ) -> str:
        post_id = post_id or f"p{len(self.posts):04}"
        self.member(author)
        if reply_to is not None:
            self.member(reply_to)
        self.posts.append(PostFact(post_id, author, at, chars, reply_to, upheld_flag=upheld_flag))
        return post_id

    def appreciate(
        self, by: str, post_id: str, at: datetime = NOON, *, reaction_id: str | None = None
    ) -> None:
        reaction_id = reaction_id or f"r{len(self.reactions):05}"
        self.reactions.append(ReactionFact(reaction_id, post_id, self.member(by), at))

    def answer(self, by: str, answer: Stance = Stance.NEUTRAL, at: datetime = NOON) -> None:
        self.poll.append(PollFact(self.member(by), answer, at))

    def facts(self) -> Facts:
        return Facts(
            opened_at=OPENED_AT,
            frozen_at=FROZEN_AT,
            members=self.members,
            posts=self.posts,
            reactions=self.reactions,
            poll=self.poll,
            carry=self.carry,
        )

    def score(self, member_id: str) -> ActivityScore:
        return score_topic(self.facts())[member_id]

    def values(self, member_id: str) -> dict[str, int]:
        return {detail.id: detail.value for detail in self.score(member_id).posts_detail}


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
