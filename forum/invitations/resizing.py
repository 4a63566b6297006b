"""More or fewer seats for a panel whose people are invited, and who is asked for them."""

from datetime import datetime

from forum.invitations.errors import SeatsImpossible
from forum.invitations.service import fill_free_seats
from forum.kernel.actor import Actor
from forum.panels.models import Panel
from forum.panels.resizing import resize_panel
from forum.panels.rules import ResizeReason


def change_seats(
    panel: Panel, seats: int, actor: Actor, *, why: ResizeReason, words: str, at: datetime
) -> int:
    """Give a panel other seats, and ask reserves for those that are new; return how many are asked.

    Raises:
        Forbidden: as for `resize_panel`.
        SeatsImpossible: so many people cannot be found within the quotas. The caller keeps nothing then:
            with seats that can never be filled nobody would be asked for a seat that comes free either.
    """
    before = panel.seats
    resize_panel(panel, seats, actor, why=why, words=words, at=at)
    asked = len(fill_free_seats(panel, at=at))
    if seats > before and not asked:
        raise SeatsImpossible(seats=seats)
    return asked
