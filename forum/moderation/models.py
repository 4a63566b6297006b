"""What members flagged, what moderators decided, and who objected."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.discussion.models import Post
from forum.discussion.rules import HouseRule
from forum.kernel.actor import Party
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.members.models import Member
from forum.moderation.rules import (
    VIEW_NAME_LONGEST,
    AppealState,
    DecisionKind,
    FlagReason,
    FlagState,
    QueueFilter,
    Referral,
    Standing,
)
from forum.moderation.warning_signs import Sign


class ModerationDecision(Base):
    """What a moderator decided on a post. Taken back it stays, with the moment."""

    __tablename__ = "moderation_decision"
    __table_args__ = (
        CheckConstraint("(kind = 'pause') = (paused_until IS NOT NULL)", name="pause"),
        CheckConstraint("(kind = 'refer') = (referral IS NOT NULL)", name="referred"),
        CheckConstraint("(kind = 'restore') = (reverts_id IS NOT NULL)", name="reverts"),
        CheckConstraint("(kind IN ('keep', 'restore')) = (rule IS NULL)", name="rule"),
        CheckConstraint("(rule IS NULL) = (appeal_until IS NULL)", name="appealable"),
        Index("ix_moderation_decision_author", "author_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    post_version: Mapped[int]
    kind: Mapped[DecisionKind] = mapped_column(state_column(DecisionKind))
    rule: Mapped[HouseRule | None] = mapped_column(state_column(HouseRule))
    words: Mapped[str] = mapped_column(Text, default="")
    referral: Mapped[Referral | None] = mapped_column(state_column(Referral))
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    party: Mapped[Party] = mapped_column(state_column(Party))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    appeal_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reverted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reverts_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_decision.id"), unique=True)

    post: Mapped[Post] = relationship()
    author: Mapped[Member] = relationship(foreign_keys=author_id)
    moderator: Mapped[Member] = relationship(foreign_keys=moderator_id)
    appeal: Mapped["Appeal | None"] = relationship(back_populates="decision")

    def as_standing(self) -> Standing:
        """Return what rules ask for."""
        return Standing(self.kind, self.rule, self.words, self.paused_until)


class Flag(Base):
    """A member tells the moderators of a post. Once per post, until somebody decided."""

    __tablename__ = "flag"
    __table_args__ = (
        Index(
            "uq_flag_open",
            "post_id",
            "member_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_flag_member", "member_id", "at"),
        CheckConstraint("(state = 'open') = (decision_id IS NULL)", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    post_version: Mapped[int]
    reason: Mapped[FlagReason] = mapped_column(state_column(FlagReason))
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    state: Mapped[FlagState] = mapped_column(state_column(FlagState), default=FlagState.OPEN)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_decision.id"), index=True)

    post: Mapped[Post] = relationship()
    decision: Mapped[ModerationDecision | None] = relationship()


class SavedView(Base):
    """A list of flagged posts that a moderator gave a name; without topic or reason it holds all of them."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("member_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    name: Mapped[str] = mapped_column(String(VIEW_NAME_LONGEST))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    reason: Mapped[FlagReason | None] = mapped_column(state_column(FlagReason))

    @property
    def shows(self) -> QueueFilter:
        """Return which posts are on the list."""
        return QueueFilter(self.topic_id, self.reason)


class FirstPostsWish(Base):
    """What a party wants of first posts: a look within some days, or none; its last wish counts."""

    __tablename__ = "first_posts_wish"
    __table_args__ = (CheckConstraint("days > 0", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party: Mapped[Party] = mapped_column(state_column(Party))
    days: Mapped[int | None]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PostSign(Base):
    """Why a post is worth a look by a moderator, and whether one had that look."""

    __tablename__ = "post_sign"
    __table_args__ = (
        UniqueConstraint("post_id", "sign"),
        CheckConstraint("(seen_at IS NULL) = (seen_by_id IS NULL)", name="seen"),
        Index(
            "ix_post_sign_unseen",
            "post_id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    sign: Mapped[Sign] = mapped_column(state_column(Sign))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))


class Appeal(Base):
    """The author objects to a decision, once; a moderator of the other party judges it."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('upheld', 'overturned')) = (judged_by_id IS NOT NULL)",
            name="judged",
        ),
        Index("ix_appeal_open", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("moderation_decision.id"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    state: Mapped[AppealState] = mapped_column(state_column(AppealState), default=AppealState.OPEN)
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    reason: Mapped[str] = mapped_column(Text, default="")

    decision: Mapped[ModerationDecision] = relationship(back_populates="appeal")
