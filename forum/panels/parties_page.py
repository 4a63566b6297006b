"""What the page of a panel tells each party of the other: the changes it asked for, who confirmed for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from forum.audit.queries import list_acts_on_panel
from forum.kernel.actor import Party
from forum.kernel.database import db
from forum.members.models import Member
from forum.panels.models import Panel
from forum.panels.queries import names_of_candidates
from forum.panels.resizing import RESIZED
from forum.panels.result_queries import CHANGE_ASKED, signatures

CHANGES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change that a party asked for: of whom, what, why, and who asked when."""

    name: str
    kind: str
    why: str
    words: str
    party: str
    asked_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ResizeLine:
    """Another number of seats: from how many to how many, why, and who chose so when."""

    before: int
    seats: int
    why: str
    words: str
    party: str
    chosen_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Who confirmed the list for a party, and when."""

    name: str
    at: datetime


def change_lines(panel: Panel) -> Sequence[ChangeLine]:
    """Return the changes that both parties asked for, oldest first, at most the last hundred.

    They come from the logbook: the words are for the other party, the dossier holds the codes only.
    """
    acts = list_acts_on_panel(CHANGE_ASKED, panel.id, most=CHANGES_SHOWN)
    candidates = names_of_candidates(panel, [act.details["candidate"] for act in acts])
    askers = _names_of({act.member_id for act in acts})
    return [
        ChangeLine(
            name=candidates[act.details["candidate"]].display_name,
            kind=act.details["kind"],
            why=act.details["why"],
            words=act.details["words"],
            party=act.party or "",
            asked_by=askers.get(act.member_id, ""),
            at=act.at,
        )
        for act in acts
    ]


def resize_lines(panel: Panel) -> Sequence[ResizeLine]:
    """Return the other numbers of seats that were chosen, oldest first, at most the last hundred."""
    acts = list_acts_on_panel(RESIZED, panel.id, most=CHANGES_SHOWN)
    choosers = _names_of({act.member_id for act in acts})
    return [
        ResizeLine(
            before=act.details["seats_before"],
            seats=act.details["seats"],
            why=act.details["why"],
            words=act.details["words"],
            party=act.party or "",
            chosen_by=choosers.get(act.member_id, ""),
            at=act.at,
        )
        for act in acts
    ]


def _names_of(member_ids: set[int | None]) -> Mapping[int | None, str]:
    rows = db.session.execute(select(Member.id, Member.display_name).where(Member.id.in_(member_ids)))
    return {member_id: name for member_id, name in rows}


def signature_lines(panel: Panel) -> Mapping[Party, SignatureLine]:
    """Return who confirmed the list that stands now, for each party that did."""
    return {
        party: SignatureLine(str(body["name"]), datetime.fromisoformat(str(body["at"])))
        for party, body in signatures(panel).items()
    }
