"""Polls on a topic, and what members answered."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.discussion.models import Thread
from forum.discussion.rules import PostSource
from forum.kernel.actor import Party
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.polls import rules
from forum.polls.rules import PollKind


class Poll(Base):
    """A question with options, by a moderator of a party. Its version rises with every change before a vote.

    `closed_at` is empty until somebody closes it before its date, or it is over and counted; then
    `tenant_count` is how many could have voted. What followers were not told of yet is not `is_told`; who
    voted hears of the result when it is not `is_result_told`.
    """

    __tablename__ = "poll"
    __table_args__ = (CheckConstraint("most_choices >= 1", name="most_choices"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    question: Mapped[str] = mapped_column(String(300))
    kind: Mapped[PollKind] = mapped_column(state_column(PollKind))
    most_choices: Mapped[int] = mapped_column(default=1)
    is_result_after_closing: Mapped[bool] = mapped_column(default=True)
    party: Mapped[Party] = mapped_column(state_column(Party))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_why: Mapped[str] = mapped_column(String(300), default="")
    ballot_count: Mapped[int] = mapped_column(default=0)
    tenant_count: Mapped[int | None]
    is_told: Mapped[bool] = mapped_column(default=False)
    is_result_told: Mapped[bool] = mapped_column(default=False)

    thread: Mapped[Thread] = relationship()
    options: Mapped[list["PollOption"]] = relationship(
        order_by="PollOption.position", cascade="all, delete-orphan"
    )

    def is_open(self, at: datetime) -> bool:
        """Tell whether it takes ballots at a moment."""
        return rules.is_open(self.closes_at, self.closed_at, self.thread.closed_at, at)


class PollOption(Base):
    """One of the things to choose from; positions run from 1."""

    __tablename__ = "poll_option"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))


class Ballot(Base):
    """What one member answers; only they read it. Others get counts of whole answers, without members.

    `choices` are positions of options, parted by commas; in a ranking the best first.
    """

    __tablename__ = "ballot"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    choices: Mapped[str] = mapped_column(String(40))
    source: Mapped[PostSource] = mapped_column(state_column(PostSource))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def positions(self) -> tuple[int, ...]:
        """Return the options that were chosen."""
        return positions_in(self.choices)


def positions_in(choices: str) -> tuple[int, ...]:
    """Return the positions in a text that parts them by commas."""
    return tuple(int(position) for position in choices.split(","))


def as_text(positions: Sequence[int]) -> str:
    """Return positions as they are stored."""
    return ",".join(str(position) for position in positions)
