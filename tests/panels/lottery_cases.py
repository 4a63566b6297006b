"""Small lottery requests, and a reference that walks the lots and tries every panel."""

import hashlib
import hmac
import itertools
from typing import Any

from hypothesis import strategies as st

from tests.panels.selection_cases import Document, documents, is_valid_panel

BANDS = [[0, 1], [2, 2], [4, 5]]


def lot_of(document: Document, key: str, ticket: int) -> int:
    message = f"{key}\x1f{ticket}".encode()
    return int.from_bytes(hmac.new(bytes.fromhex(document["seed"]), message, hashlib.sha256).digest(), "big")


def tickets_of(document: Document, score: int) -> int:
    if document["mode"] == "uniform_lottery":
        return 1
    return max(
        ((least, tickets) for least, tickets in document["tickets"] if least <= score), default=(0, 0)
    )[1]


def best_lots(document: Document) -> dict[str, int]:
    """The best lot of everybody who may take part."""
    fixed, excluded = document.get("fixed", []), document.get("excluded", {})
    return {
        person["id"]: min(
            lot_of(document, person["id"], ticket)
            for ticket in range(max(1, tickets_of(document, person["score"])))
        )
        for person in document["candidates"]
        if person["id"] in fixed
        or (
            person["id"] not in excluded
            and person["score"] >= document.get("min_score", 0)
            and tickets_of(document, person["score"]) > 0
        )
    }


def drawn_list(document: Document) -> list[str]:
    """One of each household, the best lot first; nobody beside a fixed housemate."""
    lots, fixed = best_lots(document), document.get("fixed", [])
    households = {person["id"]: person["household"] for person in document["candidates"]}
    drawn: list[str] = []
    taken = {households[key] for key in fixed} - {None}
    for key in sorted(lots.keys() - set(fixed), key=lots.__getitem__):
        household = households[key]
        if document.get("max_per_household", 1) == 1 and household is not None:
            if household in taken:
                continue
            taken.add(household)
        drawn.append(key)
    return drawn


def walk(document: Document, drawn: list[str]) -> set[str] | None:
    """Who is accepted from the drawn list, each time trying every way to go on."""
    chosen = list(document.get("fixed", []))
    if not _can_complete(document, chosen, drawn):
        return None
    for key in drawn:
        if len(chosen) < document["seats"] and _can_complete(document, [*chosen, key], drawn):
            chosen.append(key)
    return set(chosen)


def _can_complete(document: Document, chosen: list[str], drawn: list[str]) -> bool:
    rest = [key for key in drawn if key not in chosen]
    free = document["seats"] - len(chosen)
    return free >= 0 and any(
        is_valid_panel(document, [*chosen, *others]) for others in itertools.combinations(rest, free)
    )


@st.composite
def lottery_documents(draw: st.DrawFn, most_people: int = 8) -> Document:
    """Requests for a lottery, now and then with somebody fixed or declined."""
    document = draw(documents(most_people=most_people))
    document["mode"] = draw(st.sampled_from(["uniform_lottery", "weighted_lottery"]))
    document["tickets"] = draw(st.sampled_from([BANDS, [[1, 1], [3, 3]]]))
    document["seed"] = draw(st.integers(0, 50).map(lambda number: f"{number:064x}"))
    ids = [person["id"] for person in document["candidates"]]
    if draw(st.booleans()):
        document["fixed"] = [draw(st.sampled_from(ids))]
        left: Any = sorted(set(ids) - set(document["fixed"]))
        document["excluded"] = dict.fromkeys(left[:1], "declined")
    return document
