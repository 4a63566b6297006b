"""Scores that were frozen: the policy and each member's points when a topic's debate ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.database import Base, UtcDateTime


class ScoreSnapshot(Base):
    """The scores of one topic as they were at the freeze, with the whole policy that made them."""

    __tablename__ = "score_snapshot"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), unique=True)
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    policy_name: Mapped[str] = mapped_column(String(40))
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)
    facts_sha256: Mapped[str] = mapped_column(String(64))


class FrozenScore(Base):
    """One member's score in a snapshot, in centipunten, with the parts it is made of."""

    __tablename__ = "frozen_score"
    __table_args__ = (UniqueConstraint("snapshot_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("score_snapshot.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    score_cp: Mapped[int]
    parts: Mapped[dict[str, int]] = mapped_column(JSON)
    is_eligible: Mapped[bool]
    why_not: Mapped[list[str]] = mapped_column(JSON)
