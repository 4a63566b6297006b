"""The public page with counts."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.kernel.actor import Party
from forum.kernel.clock import local_day, now
from forum.moderation.figures import FIRST_YEAR, LAST_YEAR, Month, first_year, read_figures
from forum.moderation.rules import CHOICES, DecisionKind
from forum.texts.catalogue import say
from forum.web.access import public
from forum.web.templating import current_site
from forum.web.times import show_month, show_number

figure_pages = Blueprint("figures", __name__)
SHOWN = (*CHOICES, DecisionKind.RESTORE)


@figure_pages.get("/huisregels/cijfers")
@public
def show_figures() -> ResponseReturnValue:
    """Show how much was flagged, decided and objected to in a year, by month and party."""
    at = now()
    this_year = local_day(at).year
    year = min(max(FIRST_YEAR, request.args.get("jaar", this_year, type=int)), LAST_YEAR)
    months = read_figures(year, at=at)
    busy = [month for month in months if not month.is_empty]
    return render_template(
        "moderation/figures.html",
        year=year,
        months=busy,
        empty_months=[show_month(month.begins_on) for month in months if month.is_empty],
        rows=[_whole_row(month) for month in busy],
        party_tables=[
            (current_site().name_of(party), [_party_row(month, party) for month in busy]) for party in Party
        ],
        kinds=_heads(),
        earlier=year - 1 if year > first_year(at=at) else None,
        later=year + 1 if year < this_year else None,
    )


def _heads() -> Sequence[str]:
    return [
        say("figures-month"),
        *(say(f"done-{kind}") for kind in SHOWN),
        say("figures-appeals"),
        say("figures-overturned"),
    ]


def _whole_row(month: Month) -> Sequence[str]:
    parties = month.parties.values()
    counts = (
        month.flags,
        sum(party.decisions.total() for party in parties),
        sum(party.appeals for party in parties),
        sum(party.overturned for party in parties),
    )
    return [show_month(month.begins_on), *map(show_number, counts)]


def _party_row(month: Month, party: Party) -> Sequence[str]:
    counts = month.parties[party]
    kinds = [counts.decisions[kind] for kind in SHOWN]
    return [show_month(month.begins_on), *map(show_number, (*kinds, counts.appeals, counts.overturned))]
