"""What is frozen of a panel before its seed is known: rules, candidates, and what the scores stand on."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from forum.activity.models import ScoreSnapshot
from forum.activity.scoring_policy import DEFAULT_POLICY
from forum.panels.candidates import Person, candidate_documents, list_people
from forum.panels.form_rules import GROUP, fillable_seats
from forum.panels.models import Panel
from forum.panels.rating_queries import list_applicants, rating_policy
from forum.panels.rules import ACTIVITY_MODES, QUOTA_MODES, TICKET_BANDS, FillingMode

Document = dict[str, Any]


def people_to_freeze(panel: Panel, snapshot: ScoreSnapshot | None, *, at: datetime) -> Sequence[Person]:
    """Return who the panel is filled from: applicants by their ratings, or members by their scores."""
    if panel.mode is FillingMode.APPLICATION:
        return list_applicants(panel, at=at)
    return list_people(panel, snapshot, at=at)


def seats_to_fill(panel: Panel, people: Sequence[Person]) -> int:
    """Return for how many seats there are people: everybody has one, and those of a group wait for it."""
    if panel.mode is FillingMode.EVERYONE:
        return len(people)
    if panel.mode is FillingMode.APPLICATION:
        groups = Counter(person.attrs[GROUP] or "" for person in people if person.barred is None)
        return max(1, fillable_seats(panel.form_rules, panel.seats, groups))
    return panel.seats


def policy_document(panel: Panel, snapshot: ScoreSnapshot | None) -> Document:
    """Return on what the scores and tickets stand."""
    if panel.mode is FillingMode.APPLICATION:
        return rating_policy(panel)
    tickets = {"tickets": [list(band) for band in TICKET_BANDS]}
    return {
        "scoring": DEFAULT_POLICY.name,
        "scores_sha256": snapshot.facts_sha256 if snapshot else None,
        "rest": panel.rest.as_document(),
        **(tickets if panel.mode is FillingMode.WEIGHTED_LOTTERY else {}),
    }


def frozen_document(panel: Panel, people: Sequence[Person], key: str) -> Document:
    """Return the rules and candidates as the dossier freezes them; only on activity one a household."""
    is_limited = panel.one_per_household and panel.mode in ACTIVITY_MODES
    categories = sorted({quota.category for quota in panel.quotas})
    return {
        "mode": panel.mode.value,
        "seats": panel.seats,
        "max_per_household": 1 if is_limited else None,
        "min_score": panel.min_score_cp,
        "quotas": _quota_document(panel),
        "candidates": candidate_documents(key, people, categories),
    }


def _quota_document(panel: Panel) -> dict[str, dict[str, list[int]]]:
    document: dict[str, dict[str, list[int]]] = {}
    if panel.mode in QUOTA_MODES | {FillingMode.APPLICATION}:
        for quota in panel.quotas:
            document.setdefault(quota.category, {})[quota.value] = [quota.least, quota.most]
    return document
