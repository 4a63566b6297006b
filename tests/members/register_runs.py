"""Importing registers into the database of a test, and looking at what came of it."""

from sqlalchemy import func, select

from forum.audit.models import AuditEntry
from forum.kernel.actor import SYSTEM
from forum.kernel.database import db, unit_of_work
from forum.members.import_service import import_register
from forum.members.models import Complex, District, Household, Member
from forum.members.register_rows import Register
from tests.support.cast import T0

Counts = dict[str, int]


def run_import(register: Register) -> Counts:
    """Import a register as the command line does, and return its counts."""
    with unit_of_work():
        return import_register(register, SYSTEM, at=T0, agreed=None).counts


def counts(new: int = 0, changed: int = 0, unchanged: int = 0, gone: int = 0) -> Counts:
    """Return counts, zero where nothing is said."""
    return {"new": new, "changed": changed, "unchanged": unchanged, "gone": gone}


def member(number: str) -> Member:
    """Return the member with a tenant number."""
    return db.session.scalars(select(Member).where(Member.number == number)).one()


def count(model: type[Member | Household | Complex | District | AuditEntry]) -> int:
    """Return how many rows a table has."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0
