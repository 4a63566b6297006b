"""The chance that people had in a lottery, from simulated draws."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given

from forum.panels.selection import Status, explain, select, select_document
from forum.panels.selection_chances import Chance, simulate_chances
from forum.panels.selection_pool import make_pool
from forum.panels.selection_request import read_request
from tests.panels.lottery_cases import lottery_documents
from tests.panels.selection_cases import SEED, Document, brief, candidate, request_of


def chance_for(document: Document, key: str) -> Chance | None:
    request = read_request(document)
    return explain(request, select(request), key).chance


def crowd(haven: int, oost: int, score: int = 1) -> list[dict[str, Any]]:
    people = [candidate(f"h{number}", score, wijk="Haven") for number in range(haven)]
    return people + [candidate(f"o{number}", score, wijk="Oost") for number in range(oost)]


@pytest.mark.parametrize(
    ("document", "key", "one_in"),
    [
        pytest.param(request_of(crowd(6, 6), 2), "h0", 6, id="two seats, twelve people"),
        pytest.param(request_of(crowd(1, 0), 1), "h0", 1, id="certain"),
        pytest.param(
            request_of(crowd(2, 8), 2, quotas={"wijk": {"Haven": [1, 1]}}), "h1", 2, id="a seat for two"
        ),
        pytest.param(
            request_of(crowd(2, 8), 2, quotas={"wijk": {"Haven": [1, 1]}}), "o1", 8, id="a seat for eight"
        ),
        pytest.param(
            request_of(crowd(2, 8), 2, quotas={"wijk": {"Haven": [0, 0]}}), "h0", None, id="no seat ever"
        ),
    ],
)
def test_the_chance_is_one_in(document: Document, key: str, one_in: int | None) -> None:
    chance = chance_for(document | {"mode": "uniform_lottery"}, key)

    assert chance is not None
    assert (chance.one_in, chance.draws) == (one_in, 1000)


def test_two_tickets_give_twice_the_chance_for_one_seat() -> None:
    people = [candidate("anna", 5)] + [candidate(f"p{number}", 1) for number in range(4)]
    document = request_of(people, 1, mode="weighted_lottery", tickets=[[1, 1], [5, 2]])

    chances = [chance_for(document, key) for key in ("anna", "p0")]

    assert [chance and chance.one_in for chance in chances] == [3, 6]


def test_a_household_has_one_chance_together() -> None:
    people = [candidate(f"a{number}", 1, "h1", wijk="Haven") for number in range(2)]
    people += [candidate(f"p{number}", 1, wijk="Oost") for number in range(2)]

    chances = [chance_for(request_of(people, 1, mode="uniform_lottery"), key) for key in ("a0", "p0")]
    grouped = request_of(
        people, 1, mode="uniform_lottery", quotas={"wijk": {"Haven": [0, 1], "Oost": [0, 1]}}
    )

    # Balls out of an urn: each of the four has one, and who draws brings no housemate along.
    assert [chance and chance.one_in for chance in chances] == [4, 4]
    assert [one_in(chance_for(grouped, key)) for key in ("a0", "p0")] == [4, 4]


def one_in(chance: Chance | None) -> int | None:
    return None if chance is None else chance.one_in


@pytest.mark.parametrize(
    ("chance", "one_in"),
    [
        pytest.param(Chance(1, 1000, 1000), 1, id="always"),
        pytest.param(Chance(1, 700, 1000), 1, id="more than two in three"),
        pytest.param(Chance(1, 400, 1000), 3, id="half is rounded up"),
        pytest.param(Chance(12, 2000, 1000), 6, id="many people"),
        pytest.param(Chance(3, 0, 1000), None, id="never"),
    ],
)
def test_a_chance_is_rounded(chance: Chance, one_in: int | None) -> None:
    assert chance.one_in == one_in


@brief
@given(lottery_documents())
def test_every_draw_fills_the_free_seats_or_none(document: Document) -> None:
    result = select_document(document)
    assume(result.status is not Status.INVALID)
    pool = make_pool(read_request(document))

    chances = simulate_chances(pool, SEED, draws=20)

    assert sum(chance.selected for chance in chances.values()) % max(1, pool.free_seats) == 0
    assert chances == simulate_chances(pool, SEED, draws=20)
    if result.status is Status.OK and not any(person.household for person in pool.people):
        assert sum(chance.selected for chance in chances.values()) == 20 * pool.free_seats


def test_the_simulated_draws_agree_with_real_draws_of_other_seeds() -> None:
    people = crowd(5, 4, score=3) + [candidate(f"x{n}", 1, f"h{n // 2}", wijk="Haven") for n in range(4)]
    quotas = {"wijk": {"Haven": [1, 2], "Oost": [1, 2]}}
    document = request_of(people, 3, mode="weighted_lottery", tickets=[[0, 1], [3, 3]], quotas=quotas)
    drawn: Counter[str] = Counter()
    for number in range(1500):
        drawn.update(key[0] for key in select_document(document | {"seed": f"{number:064x}"}).panel)

    for name, persons in {"h": 5, "o": 4, "x": 4}.items():
        chance = chance_for(document, f"{name}0")

        assert chance is not None
        assert chance.selected / chance.persons / 1000 == pytest.approx(
            drawn[name] / persons / 1500, abs=0.05
        )
