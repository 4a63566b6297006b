"""Slips: what tenants wrote on paper."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.discussion.models import Post, Thread
from forum.discussion.rules import Stance
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.members.models import Member


class Slip(Base):
    """One slip, entered with the consent that its tenant gave on it: a post, a stance, or both.

    The code is on its receipt: who phones about a slip reads it out.
    """

    __tablename__ = "slip"
    __table_args__ = (CheckConstraint("post_id IS NOT NULL OR stance IS NOT NULL", name="not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), unique=True)
    stance: Mapped[Stance | None] = mapped_column(state_column(Stance, "slip_stance"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    thread: Mapped[Thread] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=member_id)
    post: Mapped[Post | None] = relationship()
