"""What ends soon, and how a post begins."""

from datetime import timedelta

import pytest

from forum.home.rules import BEGINNING_LONGEST, SOON, beginning, ends_soon
from tests.support.cast import T0

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("left", "is_soon"),
    [
        pytest.param(-SECOND, False, id="over"),
        pytest.param(timedelta(0), True, id="the last second"),
        pytest.param(SOON, True, id="two weeks"),
        pytest.param(SOON + SECOND, False, id="more than two weeks"),
    ],
)
def test_a_debate_ends_soon_in_its_last_two_weeks(left: timedelta, is_soon: bool) -> None:
    assert ends_soon(T0 + left, T0) is is_soon


@pytest.mark.parametrize(
    ("text", "is_whole", "line"),
    [
        pytest.param("Dag  allemaal.\n\nHoi.", True, "Dag allemaal. Hoi.", id="short, on one line"),
        pytest.param("", True, "", id="nothing"),
        pytest.param("Dag allemaal, het vo", False, "Dag allemaal, het …", id="half a word goes"),
        pytest.param("> Nee hoor.\n\nJa toch.", True, "Ja toch.", id="without the words of another"),
        pytest.param("> Nee hoor.", True, "> Nee hoor.", id="nothing but the words of another"),
        pytest.param("ab " * 60, True, "ab " * 30 + "…", id="whole words up to the longest"),
        pytest.param("a" * 300, True, "a" * BEGINNING_LONGEST + " …", id="one endless word"),
    ],
)
def test_how_a_post_begins(text: str, is_whole: bool, line: str) -> None:
    assert beginning(text, is_whole=is_whole) == line
