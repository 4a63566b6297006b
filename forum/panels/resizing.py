"""Other seats for a panel that both parties confirmed, and a seat taken again by somebody who left."""

from collections.abc import Collection
from datetime import datetime

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import lock
from forum.kernel.errors import Forbidden
from forum.panels import policy
from forum.panels.dossier import EntryKind, record_resize, record_return
from forum.panels.dossier_resizing import may_return
from forum.panels.entries import find_last, get_rules, load_dossier, save_new_entries
from forum.panels.models import Panel
from forum.panels.rules import ResizeReason

RESIZED = "panel.resized"
"""What the logbook calls another number of seats; it alone holds the words of who chose it."""


def resize_panel(
    panel: Panel, seats: int, actor: Actor, *, why: ResizeReason, words: str, at: datetime
) -> Panel:
    """Give a confirmed panel other seats, for a reason; the same number twice changes nothing.

    Nobody who accepted or may still answer loses a seat. The caller fills what comes free.

    Raises:
        Forbidden: the actor is no moderator, or the panel is not confirmed, over, or one for everybody.
    """
    lock(panel)
    until = panel.members_until
    if not policy.can_resize_panel(actor, panel.state, panel.mode, members_until=until, at=at):
        raise Forbidden(action="resize-panel", panel_id=panel.id)
    if seats == panel.seats:
        return panel
    before = load_dossier(panel)
    after = record_resize(before, seats=seats, reason_code=why, party=actor.party or "", at=at)
    save_new_entries(panel, before, after)
    audit.record(
        actor, RESIZED, panel_id=panel.id, seats_before=panel.seats, seats=seats, why=why, words=words, at=at
    )
    grown = seats - panel.seats if why is ResizeReason.SHOW_UP else 0
    panel.seats, panel.extra_seats = seats, min(max(0, panel.extra_seats + grown), seats - 1)
    return panel


def who_may_return(panel: Panel, sitting: Collection[str], left: Collection[str]) -> frozenset[str]:
    """Return who of those who left may come back: a seat is free, and they fit with who sits."""
    if not left or len(sitting) >= panel.seats:
        return frozenset()
    rules = get_rules(panel)
    return frozenset(key for key in left if may_return(rules, sitting, key))


def take_seat_again(panel: Panel, pseudonym: str, *, at: datetime) -> None:
    """Record that somebody who left sits again; the panel must be locked, and the seat free.

    When no round followed on their leaving, the dossier still has them in their seat.
    """
    last = find_last(panel, EntryKind.ROUND)
    if last is None or pseudonym not in last["excluded"]:
        return
    before = load_dossier(panel)
    save_new_entries(panel, before, record_return(before, candidate_id=pseudonym, at=at))
