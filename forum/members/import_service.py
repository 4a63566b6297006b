"""Importing the tenant register: everything that a file says, or nothing of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import update

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.kernel.progress import Progress, in_silence
from forum.members import policy
from forum.members.errors import LargeDeparture, RegisterChanged, RegisterRefused
from forum.members.import_places import WRITE_BATCH, Values, insert_rows, place_rows, table_of, update_rows
from forum.members.import_queries import iterate_known_members, lock_register
from forum.members.models import Member, MemberState
from forum.members.register_diff import ChangedMember, GoneMember, RegisterDiff, compare
from forum.members.register_rows import AddressKey, Register, RegisterRow, address_key
from forum.texts.catalogue import say_dutch

T = TypeVar("T")

DISPLAY_NAME_LONGEST = 60
OWN_COLUMNS = ("first_name", "last_name", "email", "phone", "birth_year", "language")
"""Columns of the file that describe the person and not the home."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody agreed to: the preview they saw, and perhaps that many tenants are gone."""

    fingerprint: str
    large_departure: bool


class ImportFollower(Protocol):
    """What a feature does in the unit of work of an import, before the members change."""

    def __call__(self, diff: RegisterDiff, *, at: datetime) -> None:
        """Follow what is about to change."""


FOLLOWERS: list[ImportFollower] = []


def before_import(follower: ImportFollower) -> None:
    """Have a function called in each import, with what it changes; naming it again changes nothing."""
    if follower not in FOLLOWERS:
        FOLLOWERS.append(follower)


def preview_register(register: Register, actor: Actor) -> RegisterDiff:
    """Return what an import would do; writes nothing.

    Raises:
        Forbidden: the actor may not import the register.
        RegisterRefused: the file has errors.
    """
    _check_may_import(register, actor)
    return compare(register, iterate_known_members())


def import_register(
    register: Register,
    actor: Actor,
    *,
    at: datetime,
    agreed: Agreement | None,
    progress: Progress = in_silence,
) -> RegisterDiff:
    """Make the members what the file says they are, and return what that took.

    Who is not in the file is kept as gone and cannot sign in; staff and people without a number stay.

    Args:
        register: a file without errors.
        actor: who imports.
        at: now.
        agreed: to what preview; `None` on the command line, which shows none.
        progress: hears how far the work is.

    Raises:
        Forbidden: the actor may not import the register.
        RegisterRefused: the file has errors.
        RegisterChanged: the import would do something else than the preview said.
        LargeDeparture: many tenants would be gone, and nobody said that this is right.
    """
    _check_may_import(register, actor)
    lock_register()
    diff = compare(register, iterate_known_members())
    if agreed is not None:
        _check_agreement(diff, agreed)
    for follow in FOLLOWERS:
        follow(diff, at=at)
    _write(diff, register, progress)
    audit.record(actor, "register.imported", sha256=register.sha256, **diff.counts, at=at)
    db.session.expire_all()
    return diff


def display_name(first_name: str, last_name: str) -> str:
    """Return the name that a new member shows: first name and initial, `Anja V.`."""
    initial = next((mark for mark in last_name if mark.isalpha()), last_name[:1]).upper()[:1]
    if not first_name:
        return say_dutch("register-nameless", initial=initial)
    return f"{first_name[: DISPLAY_NAME_LONGEST - 3]} {initial}."


def _check_may_import(register: Register, actor: Actor) -> None:
    if not policy.can_import_register(actor):
        raise Forbidden(action="import-register")
    if register.error_count:
        raise RegisterRefused(errors=register.error_count)


def _check_agreement(diff: RegisterDiff, agreed: Agreement) -> None:
    if diff.fingerprint != agreed.fingerprint:
        raise RegisterChanged
    if diff.is_large_departure and not agreed.large_departure:
        raise LargeDeparture(gone=len(diff.gone))


def batches_of(items: Sequence[T]) -> list[Sequence[T]]:
    """Return the items in lists of a thousand, so that statements stay small."""
    return [items[start : start + WRITE_BATCH] for start in range(0, len(items), WRITE_BATCH)]


def _write(diff: RegisterDiff, register: Register, progress: Progress) -> None:
    """Write a thousand members at a time, telling after each how many are done."""
    households = place_rows([*diff.new, *(change.row for change in diff.changed)], register)
    written = 0
    for new in batches_of(diff.new):
        _add(new, households)
        written += len(new)
        progress("write", written)
    for changed in batches_of(diff.changed):
        _change(changed, households, register.columns)
        written += len(changed)
        progress("write", written)
    for gone in batches_of(diff.gone):
        _let_go(gone)
        written += len(gone)
        progress("write", written)


def _add(rows: Sequence[RegisterRow], households: dict[AddressKey, int]) -> None:
    insert_rows(
        Member,
        [
            {
                "number": row.number,
                "display_name": display_name(row.first_name, row.last_name),
                "household_id": _household_of(row, households),
                "state": MemberState.ACTIVE,
                **{name: getattr(row, name) for name in OWN_COLUMNS},
            }
            for row in rows
        ],
    )


def _change(
    changes: Sequence[ChangedMember], households: dict[AddressKey, int], columns: frozenset[str]
) -> None:
    own = [name for name in OWN_COLUMNS if name in columns]
    values: list[Values] = [
        {
            "row_id": change.member_id,
            "household_id": _household_of(change.row, households),
            "state": MemberState.ACTIVE,
            **{name: getattr(change.row, name) for name in own},
        }
        for change in changes
    ]
    update_rows(Member, values)


def _let_go(members: Sequence[GoneMember]) -> None:
    table = table_of(Member)
    ids = [member.member_id for member in members]
    db.session.execute(update(table).where(table.c.id.in_(ids)).values(state=MemberState.GONE))


def _household_of(row: RegisterRow, households: dict[AddressKey, int]) -> int:
    return households[address_key(row.postcode, row.house_number, row.street)]
