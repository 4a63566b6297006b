"""Reading which tenants a letter with a code can help to a password."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import Account, ActivationChannel, ActivationCode
from forum.accounts.rules import LetterList
from forum.kernel.database import db
from forum.members.models import IS_TENANT, Member

LETTERS_MOST = 50
"""Letters that are made at once; a longer list comes in parts."""
_CAN_GET_A_LETTER = (
    IS_TENANT,
    Member.household_id.is_not(None),
    Member.id.not_in(select(Account.member_id)),
)


def page_of_letters(
    which: LetterList, *, after_id: int, at: datetime
) -> tuple[list[tuple[Member, datetime | None]], int | None]:
    """Return up to 50 tenants without a password, each with when the letter that still works was made.

    Args:
        which: without e-mail and without a letter; with a letter; or with e-mail and without a letter.
        after_id: the tenant to go on after, 0 for the first page.
        at: this moment.

    Returns:
        the tenants, and after whom to go on; `None` at the end.
    """
    made_at = _working_letter(at)
    found = (
        select(Member, made_at)
        .where(*_CAN_GET_A_LETTER, *_conditions(which, made_at), Member.id > after_id)
        .options(joinedload(Member.household))
        .order_by(Member.id)
        .limit(LETTERS_MOST + 1)
    )
    rows = [(member, moment) for member, moment in db.session.execute(found)]
    shown = rows[:LETTERS_MOST]
    return shown, shown[-1][0].id if len(rows) > LETTERS_MOST else None


def list_receivers(ids: Collection[int]) -> list[Member]:
    """Return those of these members who can get a letter: tenants without a password or role, with a home."""
    found = (
        select(Member)
        .where(*_CAN_GET_A_LETTER, Member.id.in_(list(ids)[:LETTERS_MOST]))
        .options(joinedload(Member.household))
        .order_by(Member.id)
    )
    return list(db.session.scalars(found))


def _working_letter(at: datetime) -> ScalarSelect[Any]:
    return (
        select(func.max(ActivationCode.made_at))
        .where(
            ActivationCode.member_id == Member.id,
            ActivationCode.channel == ActivationChannel.LETTER,
            ActivationCode.used_at.is_(None),
            ActivationCode.expires_at > at,
        )
        .scalar_subquery()
    )


def _conditions(which: LetterList, made_at: ScalarSelect[Any]) -> Collection[ColumnElement[bool]]:
    conditions: Mapping[LetterList, Collection[ColumnElement[bool]]] = {
        LetterList.NEW: (Member.email.is_(None), made_at.is_(None)),
        LetterList.SENT: (made_at.is_not(None),),
        LetterList.WITH_EMAIL: (Member.email.is_not(None), made_at.is_(None)),
    }
    return conditions[which]
