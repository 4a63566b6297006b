"""Small selection requests, and a reference that tries every panel."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from forum.panels.selection_canonical import lot

SEED = "5d" * 32

# Many drawn requests have no panel, or only those have what a property is about: the rest is thrown away.
_PATIENT = [HealthCheck.too_slow, HealthCheck.filter_too_much]
thorough = settings(max_examples=300, deadline=None, suppress_health_check=_PATIENT)
brief = settings(max_examples=80, deadline=None, suppress_health_check=_PATIENT)

Document = dict[str, Any]


def candidate(
    candidate_id: str, score: int, household: str | None = None, **attrs: str | None
) -> dict[str, Any]:
    return {"id": candidate_id, "score": score, "household": household, "attrs": attrs}


def request_of(candidates: Sequence[dict[str, Any]], seats: int, **fields: Any) -> Document:
    return {"mode": "quota_top", "seats": seats, "seed": SEED, "candidates": list(candidates), **fields}


def eligible_ids(document: Document) -> list[str]:
    """Ids in canonical order: fixed members, and whoever reaches the threshold and is not excluded."""
    fixed, excluded = document.get("fixed", []), document.get("excluded", {})
    least = document.get("min_score", 0)
    people = [
        person
        for person in document["candidates"]
        if person["id"] in fixed or (person["id"] not in excluded and person["score"] >= least)
    ]
    ordered = sorted(people, key=lambda person: (-person["score"], lot(document["seed"], person["id"])))
    return [person["id"] for person in ordered]


def is_valid_panel(document: Document, panel: Sequence[str]) -> bool:
    people = {person["id"]: person for person in document["candidates"]}
    if not set(document.get("fixed", [])) <= set(panel):
        return False
    if document.get("max_per_household", 1) == 1:
        households = [people[key]["household"] for key in panel if people[key]["household"] is not None]
        if len(households) != len(set(households)):
            return False
    return all(
        least <= sum(people[key]["attrs"].get(category) == value for key in panel) <= most
        for category, rows in document.get("quotas", {}).items()
        for value, (least, most) in rows.items()
    )


def valid_panels(document: Document) -> Iterator[tuple[str, ...]]:
    """Every valid panel, lexicographically in canonical order."""
    for panel in itertools.combinations(eligible_ids(document), document["seats"]):
        if is_valid_panel(document, panel):
            yield panel


def total_of(document: Document, panel: Sequence[str]) -> int:
    scores = {person["id"]: person["score"] for person in document["candidates"]}
    return sum(scores[key] for key in panel)


def first_best_panel(document: Document) -> tuple[str, ...] | None:
    # max() keeps the first of equals, and panels come in canonical order.
    return max(valid_panels(document), key=lambda panel: total_of(document, panel), default=None)


def is_impossible_sum(document: Document) -> bool:
    """Whether minimums or maximums of a category exclude each other before looking at anybody."""
    for category, rows in document.get("quotas", {}).items():
        values = Counter(person["attrs"].get(category) for person in document["candidates"])
        if sum(least for least, _ in rows.values()) > document["seats"]:
            return True
        if sum(most for _, most in rows.values()) < document["seats"] and values.keys() <= rows.keys():
            return True
    return False


@st.composite
def documents(draw: st.DrawFn, most_people: int = 9, top_score: int = 6) -> Document:
    """Requests small enough to try every panel, with many ties, shared households and tight quotas."""
    size = draw(st.integers(1, most_people))
    values: dict[str, list[str | None]] = {"wijk": ["Haven", "Oost", None], "leeftijd": ["jong", "oud", None]}
    people = [
        candidate(
            f"p{number}",
            draw(st.integers(0, top_score)),
            draw(st.sampled_from(["h1", "h2", "h3", None, None])),
            **{category: draw(st.sampled_from(options)) for category, options in values.items()},
        )
        for number in range(size)
    ]
    seats = draw(st.integers(1, max(1, min(4, size))))
    quotas: dict[str, dict[str, list[int]]] = {}
    for category, value in draw(
        st.sets(st.sampled_from([(c, v) for c, options in values.items() for v in options if v]), max_size=4)
    ):
        least = draw(st.integers(0, 2))
        quotas.setdefault(category, {})[value] = [least, draw(st.integers(least, 4))]
    document = request_of(people, seats, quotas=quotas)
    if draw(st.booleans()):
        document["min_score"] = draw(st.integers(0, 2))
    if draw(st.integers(0, 3)) == 0:
        document["max_per_household"] = None
    return document
