"""What staff did to reach a group, with how the group stood at that time."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.kernel.actor import Party
from forum.kernel.database import Base, UtcDateTime, state_column
from forum.voices.rules import ActionKind, Grouping


class VoiceAction(Base):
    """Something done for a group of one debate. The numbers are those that were shown when it was noted.

    They are empty where nothing was shown: a number that is hidden is not kept beside those that were seen.
    """

    __tablename__ = "voice_action"
    __table_args__ = (UniqueConstraint("thread_id", "kind", "grouping", "group_name", "done_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.topic_id"))
    kind: Mapped[ActionKind] = mapped_column(state_column(ActionKind))
    grouping: Mapped[Grouping] = mapped_column(state_column(Grouping))
    group_name: Mapped[str] = mapped_column(String(100))
    done_on: Mapped[date]
    readers: Mapped[int | None]
    all_readers: Mapped[int | None]
    writers: Mapped[int | None]
    all_writers: Mapped[int | None]
    party: Mapped[Party] = mapped_column(state_column(Party))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
