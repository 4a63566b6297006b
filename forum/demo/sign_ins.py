"""With what the demo can be looked at: one sign-in per role, read from the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from forum.accounts.models import Account
from forum.demo.content import read_content
from forum.demo.people import email_of
from forum.demo.people_steps import PASSWORD
from forum.kernel.actor import Party, Role
from forum.kernel.database import db
from forum.members.models import Member, RoleGrant

SHOWN_VOICE = 2
"""The tenant whose sign-in is printed: one who wrote in all topics."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who can sign in with what; a tenant without e-mail has their tenant number in the place of `email`."""

    role: Role
    party: Party | None
    name: str
    email: str
    password: str


def list_sign_ins() -> Sequence[SignIn]:
    """Return a sign-in for a tenant, and for each role of each party; the first person of each."""
    return [*_tenant(), *_staff()]


def list_number_sign_ins() -> Sequence[SignIn]:
    """Return a sign-in for a tenant without e-mail, if one of them made an account with a letter."""
    rows = db.session.execute(
        select(Member.display_name, Member.number)
        .join(Account, Account.member_id == Member.id)
        .where(Member.email.is_(None), Member.number.is_not(None))
        .order_by(Member.id)
        .limit(1)
    )
    return [SignIn(Role.TENANT, None, name, str(number), PASSWORD) for name, number in rows]


def _tenant() -> Sequence[SignIn]:
    voice = next(voice for voice in read_content().people.voices if voice.index == SHOWN_VOICE)
    email = email_of(voice.first_name, voice.last_name)
    rows = db.session.execute(
        select(Member.display_name, Member.email)
        .join(Account, Account.member_id == Member.id)
        .where(Member.email == email)
    )
    return [SignIn(Role.TENANT, None, name, str(address), PASSWORD) for name, address in rows]


def _staff() -> Sequence[SignIn]:
    rows = db.session.execute(
        select(RoleGrant.role, RoleGrant.party, Member.display_name, Member.email)
        .join(Member, Member.id == RoleGrant.member_id)
        .join(Account, Account.member_id == Member.id)
        .where(Member.email.is_not(None))
        .order_by(RoleGrant.id)
    )
    first: dict[tuple[Role, Party | None], SignIn] = {}
    for role, party, name, email in rows:
        first.setdefault((role, party), SignIn(role, party, name, str(email), PASSWORD))
    order = [(role, party) for role in Role for party in (Party.TENANTS, Party.LANDLORD, None)]
    return [first[place] for place in order if place in first]
