"""What candidates may ask of a selection: worked out once for a confirmed panel, and kept with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select as select_rows
from sqlalchemy import update

from forum.audit import service as audit
from forum.kernel.actor import SYSTEM
from forum.kernel.database import db, lock
from forum.panels.dossier import ROUND_FIELDS, Dossier, Entry, EntryKind, copy_fields, frozen_request
from forum.panels.models import Candidate, Panel
from forum.panels.selection import Result, Status, select
from forum.panels.selection_chances import simulate_chances
from forum.panels.selection_pool import Pool, make_pool
from forum.panels.selection_request import LOTTERIES, Mode, Request, read_request
from forum.panels.selection_required import required_scores


@dataclass(frozen=True)
class Explained:
    """Required scores in centipunten and chances as "1 op so many", by pseudonym."""

    result_sha256: str
    required_cp: Mapping[str, int | None] = field(default_factory=dict)
    one_in: Mapping[str, int] = field(default_factory=dict)


def explain_dossier(dossier: Dossier, *, go_on: Callable[[], bool]) -> Explained:
    """Work out what the candidates of a selection may ask; takes seconds, and no database.

    It is about the choice that both parties confirmed: of a later round the chances are those of one seat.

    Args:
        dossier: with a round that has a panel.
        go_on: asked between two pieces of work; when it says no, what is left is not in the answer.
    """
    entries = dossier.entries
    signed = [place for place, entry in enumerate(entries) if entry.kind is EntryKind.SIGNED]
    chosen = entries[: signed[-1]] if signed else entries
    last = max(place for place, entry in enumerate(chosen) if _has_panel(entry))
    dossier = Dossier(entries[: last + 1])  # the seats may have changed since
    body = dossier.entries[last].body
    seed = dossier.bodies(EntryKind.REVEALED)[-1]["seed"]
    request = read_request({**frozen_request(dossier), **copy_fields(body, ROUND_FIELDS), "seed": seed})
    pool, result = make_pool(request), select(request)
    sha256 = str(result.as_document()["audit"]["result_sha256"])  # type: ignore[index]
    if request.mode in LOTTERIES:
        return Explained(sha256, one_in=_chances(request, pool))
    if request.mode == Mode.EVERYONE:
        return Explained(sha256)
    return Explained(sha256, required_cp=_required(pool, result, go_on))


def _has_panel(entry: Entry) -> bool:
    result = entry.body.get("result")
    return entry.kind is EntryKind.ROUND and isinstance(result, dict) and result["status"] == Status.OK


def _chances(request: Request, pool: Pool) -> dict[str, int]:
    chances = simulate_chances(pool, request.seed)
    kinds = {person.id: (person.profile, person.tickets) for person in pool.people}
    return {key: chances[kind].one_in or 0 for key, kind in kinds.items() if kind in chances}


def _required(pool: Pool, result: Result, go_on: Callable[[], bool]) -> dict[str, int | None]:
    places = {person.id: place for place, person in enumerate(pool.people)}
    required = required_scores(pool, sorted(places[key] for key in result.panel), go_on=go_on)
    return {pool.people[place].id: score for place, score in required.items()}


def keep_explained(panel: Panel, explained: Explained, *, at: datetime) -> None:
    """Keep what was worked out with the candidates; another process may have been first."""
    lock(panel)
    if panel.explained_sha256 is not None:
        return
    numbers = db.session.execute(
        select_rows(Candidate.pseudonym, Candidate.id).where(Candidate.panel_id == panel.id)
    )
    rows = [
        {
            "id": candidate_id,
            "required_cp": explained.required_cp.get(key),
            "one_in": explained.one_in.get(key),
        }
        for key, candidate_id in numbers
        if key in explained.required_cp or key in explained.one_in
    ]
    if rows:
        db.session.execute(update(Candidate), rows)
    panel.explained_sha256 = explained.result_sha256
    audit.record(SYSTEM, "panel.explained", panel_id=panel.id, candidates=len(rows), at=at)
