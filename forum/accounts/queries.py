"""Reading accounts, sign-ins and codes."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select

from forum.accounts.models import Account, ActivationChannel, ActivationCode, SignInAttempt, SignInSession
from forum.accounts.rules import ATTEMPT_WINDOW, plain_email, token_hash
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.kernel.reading import read
from forum.members.models import Member, MemberState, RoleGrant
from forum.members.rules import actor_of, is_suspended
from forum.notifications.queries import count_unread_of

_SIGN_IN = (
    select(
        SignInSession.created_at,
        SignInSession.member_id,
        Member.display_name,
        Member.interface_language,
        Member.suspended_until,
        RoleGrant.role,
        RoleGrant.party,
        count_unread_of(SignInSession.member_id).label("unread"),
    )
    .join(Member, Member.id == SignInSession.member_id)
    .outerjoin(RoleGrant, RoleGrant.member_id == Member.id)
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.expires_at > bindparam("at"),
        Member.state == MemberState.ACTIVE,
    )
    .order_by(RoleGrant.id)
)


def find_account(name: str) -> Account | None:
    """Return the account of the active member with this e-mail address or tenant number in the register.

    Of members who share an address somebody without a number has it, else the one with the oldest account;
    the others sign in with their number.
    """
    number = name.strip()
    return db.session.scalar(
        select(Account)
        .join(Account.member)
        .where(or_(Member.email == plain_email(name), Member.number.in_({number, number.upper()})))
        .where(Member.state == MemberState.ACTIVE)
        .order_by(Member.number.is_(None).desc(), Account.activated_at, Account.member_id)
        .limit(1)
    )


def get_account(member_id: int) -> Account:
    """Return the account of a member.

    Raises:
        NotFound: they have none.
    """
    account = db.session.get(Account, member_id)
    if account is None:
        raise NotFound(member_id=member_id)
    return account


class KnownSignIn(NamedTuple):
    """A sign-in that lasts, with whom it is of."""

    created_at: datetime
    actor: Actor
    display_name: str
    interface_language: str | None
    unread: int


def find_sign_in(token: str, at: datetime) -> KnownSignIn | None:
    """Return the sign-in that a cookie's token stands for, with its member, while it lasts."""
    rows = read(_SIGN_IN, token_hash=token_hash(token), at=at)
    if not rows:
        return None
    first = rows[0]
    grants = [(row.role, row.party) for row in rows if row.role]
    actor = actor_of(first.member_id, grants, suspended=is_suspended(first.suspended_until, at))
    return KnownSignIn(first.created_at, actor, first.display_name, first.interface_language, first.unread)


def count_attempts(name_hash: str, address_hash: str, at: datetime) -> tuple[int, int]:
    """Return how often sign-in failed lately for this name and from this address."""
    recent = SignInAttempt.at > at - ATTEMPT_WINDOW
    by_name = select(func.count()).where(SignInAttempt.name_hash == name_hash, recent).scalar_subquery()
    by_address = (
        select(func.count()).where(SignInAttempt.address_hash == address_hash, recent).scalar_subquery()
    )
    name_count, address_count = db.session.execute(select(by_name, by_address)).one()
    return name_count, address_count


def find_code(code: str, channel: ActivationChannel, at: datetime) -> ActivationCode | None:
    """Return an activation code that can still be used."""
    return db.session.scalar(
        select(ActivationCode)
        .join(ActivationCode.member)
        .where(
            ActivationCode.code_hash == token_hash(code),
            ActivationCode.channel == channel,
            ActivationCode.used_at.is_(None),
            ActivationCode.expires_at > at,
            or_(ActivationCode.email.is_(None), ActivationCode.email == Member.email),
            Member.state == MemberState.ACTIVE,
        )
    )


def list_members_by_email(email: str) -> list[Member]:
    """Return the active members with this e-mail address in the register; housemates may share one."""
    return list(
        db.session.scalars(
            select(Member)
            .where(Member.email == plain_email(email), Member.state == MemberState.ACTIVE)
            .order_by(Member.id)
            .limit(10)
        )
    )
