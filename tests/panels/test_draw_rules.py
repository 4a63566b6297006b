"""The public value of a draw: how it is written, and from when."""

from datetime import date
from typing import Any

import pytest

from forum.panels.draw_rules import PublicKind, announcement, kind_of, read_public_value, tidy_public_value
from forum.panels.errors import PublicValueNeeded, PublicValueTooEarly

DAY = date(2026, 12, 5)


def committed(kind: PublicKind, drawn_on: date | None = None) -> dict[str, Any]:
    return {"public_source": "de trekking", "policy": announcement(kind, drawn_on)}


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        pytest.param(PublicKind.SIX_DIGITS, " 31 41-59 ", "314159", id="six digits as they are called out"),
        pytest.param(PublicKind.SIX_DIGITS, "012345", "012345", id="a nought in front stays"),
        pytest.param(PublicKind.SIX_DIGITS, "12345", None, id="five digits"),
        pytest.param(PublicKind.SIX_DIGITS, "٣١٤١٥٩", None, id="digits of another script"),
        pytest.param(PublicKind.LOTTERY, "41, 3 en 28", None, id="words between the numbers"),
        pytest.param(PublicKind.LOTTERY, "41, 03; 28", "3 28 41", id="any order, one writing"),
        pytest.param(PublicKind.LOTTERY, "41", None, id="one number is no draw"),
        pytest.param(PublicKind.OTHER, "  Kop of munt: kop ", "Kop of munt: kop", id="anything else"),
        pytest.param(PublicKind.OTHER, "   ", None, id="nothing"),
    ],
)
def test_a_value_is_written_in_one_way(kind: PublicKind, typed: str, value: str | None) -> None:
    assert tidy_public_value(kind, typed) == value
    if value is None:
        with pytest.raises(PublicValueNeeded):
            read_public_value(committed(kind), typed, DAY)


def test_the_numbers_of_a_lottery_count_from_its_day() -> None:
    announced = committed(PublicKind.LOTTERY, DAY)

    with pytest.raises(PublicValueTooEarly):
        read_public_value(announced, "1 2 3", date(2026, 12, 4))

    assert read_public_value(announced, "3 2 1", DAY) == "1 2 3"


def test_a_dossier_from_before_there_were_kinds_takes_any_value() -> None:
    assert kind_of({"public_source": "getal", "policy": {}}) is PublicKind.OTHER
