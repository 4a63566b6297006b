"""The dossier of a panel in the database: read as a whole, written an entry at a time."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.panels.dossier import Dossier, Entry, EntryKind
from forum.panels.dossier_record import Document, make_record
from forum.panels.dossier_resizing import resized_rules
from forum.panels.models import DossierEntry, Panel

RECORDS_KEPT = 64


def load_dossier(panel: Panel) -> Dossier:
    """Return everything that was recorded of a panel's selection."""
    return _load_dossier(panel.id)


def _load_dossier(panel_id: int) -> Dossier:
    rows = db.session.execute(
        select(DossierEntry.kind, DossierEntry.body, DossierEntry.sha256)
        .where(DossierEntry.panel_id == panel_id)
        .order_by(DossierEntry.number)
    )
    return Dossier(tuple(Entry(kind, body, sha256) for kind, body, sha256 in rows))


def save_new_entries(panel: Panel, before: Dossier, after: Dossier) -> None:
    """Store the entries that `after` has more than `before`; the panel must be locked."""
    for number, entry in enumerate(after.entries[len(before.entries) :], start=len(before.entries) + 1):
        db.session.add(
            DossierEntry(
                panel_id=panel.id,
                number=number,
                kind=entry.kind,
                body=dict(entry.body),
                sha256=entry.sha256,
            )
        )
    db.session.flush()


def find_head(panel: Panel) -> str | None:
    """Return the hash of the last entry, `None` for a dossier without one."""
    return db.session.scalar(
        select(DossierEntry.sha256)
        .where(DossierEntry.panel_id == panel.id)
        .order_by(DossierEntry.number.desc())
        .limit(1)
    )


def find_record(panel: Panel) -> Document | None:
    """Return the public record of a panel, `None` while nothing is fixed."""
    head = find_head(panel)
    return None if head is None else _record_at(panel.id, head)


@lru_cache(maxsize=RECORDS_KEPT)
def _record_at(panel_id: int, _head_sha256: str) -> Document:
    # A dossier can be large and everybody may ask for its record: it is read once for each of its heads
    return make_record(_load_dossier(panel_id))


def find_last(panel: Panel, kind: EntryKind) -> Mapping[str, Any] | None:
    """Return the last entry of a kind, without reading the rest of the dossier."""
    return db.session.scalar(
        select(DossierEntry.body)
        .where(DossierEntry.panel_id == panel.id, DossierEntry.kind == kind)
        .order_by(DossierEntry.number.desc())
        .limit(1)
    )


def get_frozen_rules(panel: Panel) -> Mapping[str, Any]:
    """Return the frozen rules and candidates.

    Raises:
        NotFound: nothing is frozen yet.
    """
    frozen = find_last(panel, EntryKind.FROZEN)
    if frozen is None:
        raise NotFound(panel_id=panel.id)
    rules: Mapping[str, Any] = frozen["snapshot"]
    return rules


def get_rules(panel: Panel) -> Mapping[str, Any]:
    """Return the frozen rules and candidates for the number of seats that stands.

    Raises:
        NotFound: nothing is frozen yet.
    """
    frozen, resized = get_frozen_rules(panel), find_last(panel, EntryKind.RESIZED)
    return resized_rules(frozen, resized["seats"]) if resized else frozen


def list_entries_after_last_round(panel: Panel, kind: EntryKind) -> list[Mapping[str, Any]]:
    """Return the entries of a kind that came after the last round: its signatures, or asked changes."""
    last_round = (
        select(DossierEntry.number)
        .where(DossierEntry.panel_id == panel.id, DossierEntry.kind == EntryKind.ROUND)
        .order_by(DossierEntry.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return list(
        db.session.scalars(
            select(DossierEntry.body)
            .where(
                DossierEntry.panel_id == panel.id,
                DossierEntry.kind == kind,
                DossierEntry.number > last_round,
            )
            .order_by(DossierEntry.number)
        )
    )


def list_trial_facts(panel: Panel) -> list[tuple[str, str]]:
    """Return moment and status of each trial run, oldest first, without reading what came of it."""
    rows = db.session.execute(
        select(DossierEntry.body["at"].as_string(), DossierEntry.body["result", "status"].as_string())
        .where(DossierEntry.panel_id == panel.id, DossierEntry.kind == EntryKind.TRIAL)
        .order_by(DossierEntry.number)
    )
    return [(at, status) for at, status in rows]
