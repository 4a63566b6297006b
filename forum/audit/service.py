"""Write the logbook, in the unit of work of the act itself."""

import hashlib
import json
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy import func, select, text

from forum.audit.models import AuditEntry
from forum.kernel.actor import Actor
from forum.kernel.database import db

CHAIN_LOCK = 7_200_601
"""Key of the PostgreSQL advisory lock that keeps the chain a chain when two people act at once."""


def record(actor: Actor, action: str, *, at: datetime, **details: object) -> None:
    """Add an act to the logbook, chained to the entry before it."""
    session = db.session()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
    last_id = session.scalar(select(func.max(AuditEntry.id)))
    before = session.scalar(select(AuditEntry.sha256).where(AuditEntry.id == last_id)) or ""
    entry = AuditEntry(
        id=(last_id or 0) + 1,
        at=at,
        member_id=actor.member_id,
        party=actor.party,
        action=action,
        details=json.loads(json.dumps(details, default=str)),
    )
    entry.sha256 = chained_hash(before, entry)
    session.add(entry)
    session.flush()


def chained_hash(before: str, entry: AuditEntry) -> str:
    """Return the SHA-256 (hex) of an entry and the hash of the entry before it."""
    content = json.dumps(
        [
            before,
            entry.id,
            entry.at.astimezone(UTC).isoformat(),
            entry.member_id,
            entry.party,
            entry.action,
            entry.details,
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(content.encode()).hexdigest()


def find_broken_entry() -> int | None:
    """Return the id of the first entry whose hash does not follow from what stands before it."""
    before, expected_id = "", 1
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000))
    with closing(entries):
        for entry in entries:
            if entry.id != expected_id or entry.sha256 != chained_hash(before, entry):
                return entry.id
            before, expected_id = entry.sha256, entry.id + 1
    return None
