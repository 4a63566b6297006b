"""Who could be chosen for a panel in preparation; in a large debate that is counted in the background."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from forum.activity.queries import find_snapshot
from forum.discussion.models import Thread
from forum.discussion.queries import get_thread
from forum.kernel.database import db
from forum.panels.burden_rules import RestReason
from forum.panels.candidates import Person, list_people, list_people_so_far
from forum.panels.models import Panel, PanelSupply
from forum.panels.rules import ACTIVITY_MODES, Category, PanelState
from forum.panels.selection_prices import Stock, read_stock, take_stock
from forum.panels.selection_request import RequestedCandidate

AT_ONCE_MOST = 20_000
"""Posts of a debate whose scores a page may count while somebody waits."""
COUNTED_AGAIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Supply:
    """Who could be chosen: how many of each group, how many rest for which reason, and the people."""

    available: Mapping[tuple[str, str], int]
    resting: Mapping[str, int]
    stock: Stock

    def as_document(self) -> dict[str, Any]:
        """Return the supply as JSON holds it; of persons it has the number of a shared household only."""
        return {
            "available": [[*group, count] for group, count in self.available.items()],
            "resting": dict(self.resting),
            "stock": self.stock.as_document(),
        }


def find_supply(panel: Panel, *, at: datetime) -> Supply | None:
    """Return who could be chosen; until the list is fixed this can still change.

    In a large debate it is what the background counted last, and `None` before it did.
    """
    if get_thread(panel.topic_id or 0).post_count <= AT_ONCE_MOST:
        return count_supply(panel, at=at)
    counted = db.session.get(PanelSupply, panel.id)
    if counted is None or counted.made_for != made_for(panel):
        return None
    body = counted.body
    return Supply(
        available={(category, value): count for category, value, count in body["available"]},
        resting=body["resting"],
        stock=read_stock(body["stock"]),
    )


def categories_of(panel: Panel) -> Sequence[Category]:
    """Return the categories in which a panel is to look like all tenants."""
    return [Category(value) for value in sorted({quota.category for quota in panel.quotas})]


def count_supply(panel: Panel, *, at: datetime) -> Supply:
    """Count who could be chosen on their scores as they stand."""
    snapshot = find_snapshot(panel.topic_id or 0)
    people = (
        list_people(panel, snapshot, at=at)
        if snapshot
        else list_people_so_far(panel, get_thread(panel.topic_id or 0), at=at)
    )
    wanted = [category.value for category in categories_of(panel)]
    able = [person for person in people if person.barred is None]
    available = Counter(
        (category, value) for person in able for category in wanted if (value := person.attrs[category])
    )
    stock = take_stock(
        [_as_candidate(person, wanted) for person in able],
        sorted(available),
        seats=panel.seats,
        max_per_household=1 if panel.one_per_household else None,
        min_score=panel.min_score_cp,
    )
    barred = Counter(person.barred for person in people)
    return Supply(available, {str(why): barred[why] for why in RestReason if barred[why]}, stock)


def _as_candidate(person: Person, categories: Sequence[str]) -> RequestedCandidate:
    return RequestedCandidate(
        id=str(person.member_id),
        score=person.score_cp,
        household=str(person.household_id) if person.household_id else None,
        attrs={category: person.attrs[category] for category in categories},
    )


def list_panels_to_count(most: int, *, at: datetime) -> Sequence[Panel]:
    """Return panels in preparation in large debates whose supply was not counted lately, or for another."""
    rows = db.session.execute(
        select(Panel, PanelSupply)
        .join(Thread, Thread.topic_id == Panel.topic_id)
        .outerjoin(PanelSupply, PanelSupply.panel_id == Panel.id)
        .where(
            Panel.state == PanelState.DRAFT, Panel.mode.in_(ACTIVITY_MODES), Thread.post_count > AT_ONCE_MOST
        )
        .order_by(Panel.id)
    )
    due = [panel for panel, counted in rows if counted is None or _is_stale(panel, counted, at)]
    return due[:most]


def _is_stale(panel: Panel, counted: PanelSupply, at: datetime) -> bool:
    return counted.made_for != made_for(panel) or counted.counted_at <= at - COUNTED_AGAIN


def keep_supply(panel_id: int, supply: Supply, plan: str, *, at: datetime) -> None:
    """Keep what was counted for a panel with a plan, in the place of what was counted before."""
    db.session.merge(PanelSupply(panel_id=panel_id, made_for=plan, counted_at=at, body=supply.as_document()))


def forget_supply(panel: Panel) -> None:
    """Throw away what was counted, when the list of a panel is fixed."""
    db.session.execute(delete(PanelSupply).where(PanelSupply.panel_id == panel.id))


def made_for(panel: Panel) -> str:
    """Return what of a plan a supply depends on."""
    rest = ",".join(str(limit) for limit in panel.rest.as_document().values())
    return f"{panel.seats};{','.join(categories_of(panel))};{rest}"
