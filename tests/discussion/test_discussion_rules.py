"""What is true of threads and posts, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.discussion.rules import (
    PAGE_SIZE,
    Period,
    Phase,
    is_editable,
    is_near_duplicate,
    page_of,
    phase_of,
    reply_depth,
    text_key,
)

OPENS = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=42)
ANSWERING = CLOSES + timedelta(days=30)
CLOSED = ANSWERING + timedelta(days=30)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        pytest.param(OPENS - SECOND, Phase.PLANNED, id="a second before it opens"),
        pytest.param(OPENS, Phase.OPEN, id="the moment it opens"),
        pytest.param(CLOSES, Phase.OPEN, id="the last second"),
        pytest.param(CLOSES + SECOND, Phase.PANEL, id="a second after the period"),
        pytest.param(ANSWERING, Phase.ANSWER, id="the panel has met"),
        pytest.param(CLOSED, Phase.CLOSED, id="closed"),
    ],
)
def test_the_phase_follows_from_the_moments(at: datetime, phase: Phase) -> None:
    assert phase_of(Period(OPENS, CLOSES, ANSWERING, CLOSED), at) is phase


def test_a_thread_without_later_moments_stays_in_the_panel_phase() -> None:
    assert phase_of(Period(OPENS, CLOSES), CLOSED + timedelta(days=900)) is Phase.PANEL


@pytest.mark.parametrize(("parent", "depth"), [(0, 1), (1, 2), (2, 2)])
def test_replies_stand_two_levels_deep_at_most(parent: int, depth: int) -> None:
    assert reply_depth(parent) == depth


@pytest.mark.parametrize(
    ("minutes", "editable"),
    [(0, True), (60, True), (61, False)],
    ids=["at once", "on the edge of the window", "after the window"],
)
def test_a_post_can_be_changed_within_the_window(minutes: int, editable: bool) -> None:
    at = OPENS + timedelta(minutes=minutes)

    assert is_editable(OPENS, at, timedelta(minutes=60)) is editable


@given(st.integers(1, 10_000))
def test_a_post_stands_on_the_page_whose_range_holds_its_number(number: int) -> None:
    page = page_of(number)

    assert (page - 1) * PAGE_SIZE < number <= page * PAGE_SIZE


LONG = "De lift is deze maand vier keer stuk geweest en mijn buurvrouw komt niet meer naar buiten."


def words(count: int) -> str:
    """Return so many words; three that follow one another are a piece."""
    return " ".join(f"woord{number}" for number in range(count))


@pytest.mark.parametrize(
    ("text", "earlier", "duplicate"),
    [
        pytest.param(LONG, [], False, id="nothing written before"),
        pytest.param(LONG, [LONG.upper() + "!!"], True, id="the same in capitals"),
        pytest.param(LONG, [LONG + " Ja."], True, id="one word more"),
        pytest.param(LONG, ["Mijn buurvrouw wil een lift die het doet."], False, id="the same subject"),
        pytest.param("Ja", ["Nee"], False, id="short and different"),
        pytest.param("Eens!", ["eens"], True, id="short and the same"),
        pytest.param("!!!", ["???"], True, id="no words at all"),
        pytest.param(words(22), [words(19)], True, id="17 of 20 pieces are the same: 85 percent"),
        pytest.param(words(22), [words(18)], False, id="16 of 20 are not enough"),
    ],
)
def test_near_duplicates_are_recognised(text: str, earlier: list[str], duplicate: bool) -> None:
    assert is_near_duplicate(text, earlier) is duplicate


@given(st.text(max_size=200))
def test_a_text_is_a_near_duplicate_of_itself(text: str) -> None:
    assert is_near_duplicate(text, [text])


def test_the_key_of_a_text_ignores_marks_and_capitals() -> None:
    assert text_key("Ja,  hoor!") == text_key("ja hoor")
    assert text_key("Ja hoor") != text_key("Nee hoor")


def test_texts_without_words_differ_by_their_marks() -> None:
    assert text_key("\N{THUMBS UP SIGN}") != text_key("\N{PARTY POPPER}")
    assert text_key("?!") == text_key(" ?! ")
