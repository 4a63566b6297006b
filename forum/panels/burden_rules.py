"""How much panels may ask of one person: what they asked so far, and who rests because of it."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

YEAR = timedelta(days=365)
"""How far back invitations and hours are counted."""


class RestReason(StrEnum):
    """Why somebody rests; the selection keeps them out with this code."""

    RECENT_PANEL = "recent_panel"
    MANY_INVITATIONS = "many_invitations"
    MANY_HOURS = "many_hours"


@dataclass(frozen=True, slots=True)
class Burden:
    """What panels asked of one person.

    Attributes:
        invitations: of the last year.
        minutes: of meetings in the last year of panels they said yes to.
        sits_until: when the last meeting ends, gone or to come, of a panel they said yes to; `None` without
            one.
    """

    invitations: int = 0
    minutes: int = 0
    sits_until: datetime | None = None


NO_BURDEN = Burden()


@dataclass(frozen=True, slots=True)
class RestRules:
    """From when somebody rests; `None` where there is no limit.

    Attributes:
        months_after_panel: how long after their last meeting nobody is asked again.
        invitations_most: with so many in the last year somebody is asked no more.
        hours_most: with so many hours in the last year somebody is asked no more.
    """

    months_after_panel: int | None
    invitations_most: int | None
    hours_most: int | None

    def as_document(self) -> Mapping[str, int | None]:
        """Return the rules as the dossier holds them."""
        return {
            "months_after_panel": self.months_after_panel,
            "invitations_most": self.invitations_most,
            "hours_most": self.hours_most,
        }


NO_REST = RestRules(None, None, None)
DEFAULT_REST = RestRules(months_after_panel=6, invitations_most=4, hours_most=24)
MONTHS_MOST, INVITATIONS_MOST, HOURS_MOST = 60, 100, 1000
"""What a moderator may ask for at most."""


def months_later(at: datetime, months: int) -> datetime:
    """Return the same day and time so many months later, or the last day of a shorter month."""
    years, month = divmod(at.month - 1 + months, 12)
    year, month = at.year + years, month + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))


def why_resting(burden: Burden, rules: RestRules, at: datetime) -> RestReason | None:
    """Return why somebody is not asked now, `None` when they may be asked.

    Who sits in a panel that still meets rests as well, where there is a rest after a panel.
    """
    rest, sits_until = rules.months_after_panel, burden.sits_until
    if rest is not None and sits_until is not None and at < months_later(sits_until, rest):
        return RestReason.RECENT_PANEL
    if rules.invitations_most is not None and burden.invitations >= rules.invitations_most:
        return RestReason.MANY_INVITATIONS
    if rules.hours_most is not None and burden.minutes >= 60 * rules.hours_most:
        return RestReason.MANY_HOURS
    return None
