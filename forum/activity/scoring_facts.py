"""The facts of one topic that the activity score looks at, and the score itself. Plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

TENANT = "tenant"


class PostStatus(StrEnum):
    """Say whether a post can be read."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    DELETED = "deleted"


class ReactionKind(StrEnum):
    """Say what a reaction means; only `VALUABLE` counts."""

    VALUABLE = "waardevol"
    AGREE = "eens"


class Stance(StrEnum):
    """Name an answer to the opening poll."""

    FOR = "voor"
    AGAINST = "tegen"
    NEUTRAL = "neutraal"


@dataclass(frozen=True, slots=True)
class ScoredMember:
    """Describe a member as they are at the freeze. No household means: a household of one."""

    household: str | None = None
    role: str = TENANT
    verified: bool = True
    suspended: bool = False

    @property
    def is_able(self) -> bool:
        """Tell whether the member takes part in scoring: a verified tenant who is not suspended."""
        return self.role == TENANT and self.verified and not self.suspended


@dataclass(frozen=True, slots=True)
class PostFact:
    """Describe a post as it is at the freeze.

    `reply_to` is the member replied to; `chars` is the length after quotes and links are taken out.
    """

    id: str
    author: str
    at: datetime
    chars: int
    reply_to: str | None = None
    status: PostStatus = PostStatus.VISIBLE
    duplicate: bool = False
    upheld_flag: bool = False


@dataclass(frozen=True, slots=True)
class ReactionFact:
    """Describe one reaction of the member `by` on the post with the id `post`."""

    id: str
    post: str
    by: str
    at: datetime
    kind: ReactionKind = ReactionKind.VALUABLE
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class PollFact:
    """Describe one answer of the member `by` to the opening poll."""

    by: str
    answer: Stance
    at: datetime


@dataclass(frozen=True, slots=True)
class EarlierScore:
    """Describe what a member scored in an earlier topic, in centipunten."""

    closed_at: datetime
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Hold everything the score of one topic depends on. All times are aware.

    A member may have several poll answers; only the first one counts. Where the reactions of each member come
    together, `are_reactions_grouped`, they are looked at once and need not be in memory as facts.
    """

    opened_at: datetime
    frozen_at: datetime
    members: Mapping[str, ScoredMember]
    posts: Sequence[PostFact] = ()
    reactions: Iterable[ReactionFact] = ()
    are_reactions_grouped: bool = False
    poll: Sequence[PollFact] = ()
    carry: Mapping[str, Sequence[EarlierScore]] = field(default_factory=dict)

    def is_in_window(self, at: datetime) -> bool:
        """Tell whether a moment lies between opening and freeze, both included."""
        return self.opened_at <= at <= self.frozen_at


class PostWhyNot(StrEnum):
    """Say why a post adds nothing to its author's score."""

    AUTHOR_NOT_ABLE = "author_not_able"
    NOT_VISIBLE = "not_visible"
    TOO_SHORT = "too_short"
    NEAR_DUPLICATE = "near_duplicate"
    OUTSIDE_WINDOW = "outside_window"
    BEYOND_BARE = "beyond_bare"
    BEYOND_BEST = "beyond_best"


class MemberWhyNot(StrEnum):
    """Say why a member is not eligible."""

    NOT_ABLE = "not_a_verified_active_tenant"
    NO_COUNTED_POST = "no_counted_post"
    BELOW_MIN_SCORE = "below_min_score"
    TOO_MANY_UPHELD_FLAGS = "too_many_upheld_flags"


@dataclass(frozen=True, slots=True)
class PostDetail:
    """Show what one post is worth, in centipunten before the day discount, and what became of it.

    `reply_cp` is what is in `value` because it replies to somebody; the rest beyond the post is appreciation.
    """

    id: str
    value: int
    discount_pct: int
    why_not: PostWhyNot | None
    reply_cp: int = 0

    @property
    def counted(self) -> bool:
        """Tell whether the post is among the best ones that make up the author's `posts` part."""
        return self.why_not is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreParts:
    """Hold the parts of a score, in centipunten. Only `flags` can be negative."""

    posts: int = 0
    days: int = 0
    giving: int = 0
    poll: int = 0
    carry: int = 0
    flags: int = 0

    @property
    def total_cp(self) -> int:
        """Add up the parts; never below 0."""
        return max(0, self.posts + self.days + self.giving + self.poll + self.carry + self.flags)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityScore:
    """Hold the score of one member in one topic, in centipunten, and how it came about.

    `posts_detail` lists all posts of the member by (time, id). `is_mutual` is advice for the moderator.
    """

    parts: ScoreParts
    counted_posts: int
    why_not: tuple[MemberWhyNot, ...]
    tickets: int
    reciprocal_share_pct: int
    is_mutual: bool
    posts_detail: tuple[PostDetail, ...]

    @property
    def score(self) -> int:
        """Return the score in centipunten, 0 or more."""
        return self.parts.total_cp

    @property
    def eligible(self) -> bool:
        """Tell whether the member may be selected on activity."""
        return not self.why_not
