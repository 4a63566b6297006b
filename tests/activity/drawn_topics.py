"""Topics that hypothesis draws: few members and moments, so that much of it meets."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from forum.activity.scoring_facts import (
    EarlierScore,
    Facts,
    PollFact,
    PostFact,
    PostStatus,
    ReactionFact,
    ReactionKind,
    ScoredMember,
    Stance,
)

OPENED_AT = datetime(2026, 3, 27, 8, tzinfo=UTC)
FROZEN_AT = datetime(2026, 4, 2, 21, 59, 59, tzinfo=UTC)
MEMBER_IDS = [f"m{number}" for number in range(6)]

# Few moments, so that many facts share one; some lie on an edge of a day or just outside the window.
moments = st.builds(
    lambda hours, seconds: OPENED_AT + timedelta(hours=hours, seconds=seconds),
    st.one_of(st.integers(-3, 170), st.sampled_from([15, 39, 62, 86])),
    st.sampled_from([-1, 0, 0, 0]),
)
member_ids = st.sampled_from(MEMBER_IDS)
members = st.builds(
    ScoredMember,
    household=st.sampled_from([None, None, "h1", "h2"]),
    role=st.sampled_from(["tenant"] * 6 + ["moderator"]),
    verified=st.sampled_from([True] * 6 + [False]),
    suspended=st.sampled_from([False] * 6 + [True]),
)


@st.composite
def topics(draw: st.DrawFn) -> Facts:
    """Draw what six members did in one topic; a post may reply to somebody who wrote nothing."""
    post_count = draw(st.integers(0, 14))
    posts = [
        PostFact(
            id=f"p{number}",
            author=draw(member_ids),
            at=draw(moments),
            chars=draw(st.sampled_from([39, 40, 120, 120, 120])),
            reply_to=draw(st.one_of(st.none(), member_ids)),
            status=draw(st.sampled_from([PostStatus.VISIBLE] * 6 + list(PostStatus))),
            duplicate=draw(st.sampled_from([False] * 6 + [True])),
            upheld_flag=draw(st.sampled_from([False] * 9 + [True])),
        )
        for number in range(post_count)
    ]
    reaction_count = draw(st.integers(0, 40)) if posts else 0
    reactions = [
        ReactionFact(
            id=f"r{number}",
            post=f"p{draw(st.integers(0, post_count - 1))}",
            by=draw(member_ids),
            at=draw(moments),
            kind=draw(st.sampled_from([ReactionKind.VALUABLE] * 6 + [ReactionKind.AGREE])),
            withdrawn=draw(st.sampled_from([False] * 9 + [True])),
        )
        for number in range(reaction_count)
    ]
    answers = draw(st.lists(st.builds(PollFact, member_ids, st.sampled_from(Stance), moments), max_size=8))
    earlier = st.lists(
        st.builds(
            EarlierScore,
            st.integers(-2, 400).map(lambda age_days: FROZEN_AT - timedelta(days=age_days)),
            st.integers(0, 4000),
        ),
        max_size=3,
    )
    return Facts(
        opened_at=OPENED_AT,
        frozen_at=FROZEN_AT,
        members={member_id: draw(members) for member_id in MEMBER_IDS},
        posts=posts,
        reactions=reactions,
        poll=answers,
        carry=draw(st.dictionaries(member_ids, earlier)),
    )
