"""Numbers that somebody typed."""

import pytest

from forum.kernel.numbers import whole_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        pytest.param("0", 0, id="nought"),
        pytest.param("0012", 12, id="noughts in front"),
        pytest.param("999999999", 999_999_999, id="nine digits"),
        pytest.param("1000000000", None, id="ten digits"),
        pytest.param("9" * 5000, None, id="more than Python reads"),
        pytest.param("", None, id="nothing"),
        pytest.param("-1", None, id="below nought"),
        pytest.param("+1", None, id="a sign"),
        pytest.param("1.5", None, id="a part"),
        pytest.param(" 1", None, id="a space"),
        pytest.param("1_0", None, id="as in a program"),
        pytest.param("²", None, id="a power"),
        pytest.param("٣", None, id="an Arabic digit"),
    ],
)
def test_a_whole_number_is_up_to_nine_plain_digits(typed: str, number: int | None) -> None:
    assert whole_number(typed) == number
