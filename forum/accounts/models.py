"""What a member signs in with: a password, and a row for every place they are signed in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.kernel.database import Base, UtcDateTime, state_column
from forum.members.models import Member


class Account(Base):
    """The password of a member, who signs in with the address or the number in the register.

    Whoever has no account cannot sign in.
    """

    __tablename__ = "account"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    activated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    member: Mapped[Member] = relationship()


class SignInSession(Base):
    """One browser in which a member is signed in. The cookie holds a random token; here is its hash."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInAttempt(Base):
    """A sign-in or code that failed; counted by name and by address over all server processes."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_name", "name_hash", "at"),
        Index("ix_sign_in_attempt_address", "address_hash", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ActivationChannel(StrEnum):
    """How the code reaches the member."""

    EMAIL = "email"
    LETTER = "letter"


class ActivationCode(Base):
    """A code that lets one member set a password once, by e-mail link or typed from a letter.

    A link works only while the member still has the address it was sent to (`email`).
    """

    __tablename__ = "activation_code"
    __table_args__ = (CheckConstraint("(channel = 'email') = (email IS NOT NULL)", name="email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    channel: Mapped[ActivationChannel] = mapped_column(state_column(ActivationChannel))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    member: Mapped[Member] = relationship()
