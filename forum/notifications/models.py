"""What members were told, and how each wants to hear of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.kernel.database import Base, UtcDateTime, state_column
from forum.members.models import Member
from forum.notifications.rules import Frequency, NotificationKind


class Notification(Base):
    """One thing a member is told. `key` names the event, so nobody is told of it twice.

    What it says follows from kind, `event` and `count`. Text of others is not copied here: `about` and
    `about_id` say of what it is, and the feature that has it is asked whenever it is shown. `text` may tell
    that feature more, such as which recommendations; without `about_id` it is what is shown. `subject` brings
    what belongs together under one title in a digest. `mail_as` is empty once no mail has to tell of it.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("member_id", "key"),
        Index("ix_notification_newest", "member_id", "at", "id"),
        Index(
            "ix_notification_unread",
            "member_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notification_to_mail",
            "mail_as",
            "at",
            sqlite_where=text("mail_as IS NOT NULL"),
            postgresql_where=text("mail_as IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[NotificationKind] = mapped_column(state_column(NotificationKind))
    event: Mapped[str] = mapped_column(String(20), default="")
    key: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    path: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(1000), default="")
    about: Mapped[str] = mapped_column(String(20), default="")
    about_id: Mapped[int | None]
    count: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_as: Mapped[Frequency | None] = mapped_column(state_column(Frequency, "mail_as"))
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    member: Mapped[Member] = relationship()


class NotificationChoice(Base):
    """How a member wants to hear by mail of one kind; without a row it is the first choice."""

    __tablename__ = "notification_choice"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    kind: Mapped[NotificationKind] = mapped_column(state_column(NotificationKind), primary_key=True)
    how: Mapped[Frequency] = mapped_column(state_column(Frequency, "how"))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
