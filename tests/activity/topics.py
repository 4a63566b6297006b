"""A topic whose facts are made step by step, and the moments it lives by."""

from datetime import UTC, datetime, timedelta

from forum.activity.scoring import score_topic
from forum.activity.scoring_facts import (
    ActivityScore,
    EarlierScore,
    Facts,
    PollFact,
    PostFact,
    ReactionFact,
    ScoredMember,
    Stance,
)

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
