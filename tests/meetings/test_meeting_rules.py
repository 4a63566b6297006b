"""When somebody can be present, how far minutes are, which files and which hours there are."""

import zipfile
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.kernel.clock import AMSTERDAM, moments_at
from forum.kernel.documents import MEDIA_TYPES, DocumentKind, kind_of
from forum.meetings.rules import (
    MinutesState,
    RemarkState,
    first_tick,
    is_answerable,
    is_late,
    is_lockable,
    is_meeting_day,
    is_point_answered,
    names_in,
    tick_moment,
    without_names,
)

STARTS = datetime(2026, 5, 4, 17, 30, tzinfo=UTC)
CLOSES = datetime(2026, 5, 12, 21, 59, 59, tzinfo=UTC)
SECOND = timedelta(seconds=1)
AGREED, OPEN, ACCEPTED, DIFFERS = RemarkState


@pytest.mark.parametrize(
    ("day", "clock", "hours_utc"),
    [
        pytest.param(date(2026, 5, 4), time(19, 30), [17.5], id="an evening"),
        pytest.param(date(2026, 3, 29), time(2, 30), [], id="the clock is put forward over it"),
        pytest.param(date(2026, 3, 29), time(3, 0), [1], id="the first hour after that"),
        pytest.param(date(2026, 10, 25), time(2, 0), [0, 1], id="the clock is put back over it"),
        pytest.param(date(2026, 10, 25), time(3, 0), [2], id="after it was put back"),
    ],
)
def test_a_clock_shows_a_time_once_twice_or_never(day: date, clock: time, hours_utc: list[float]) -> None:
    found = [at.hour + at.minute / 60 for at in moments_at(day, clock)]

    assert found == hours_utc


@given(st.integers(-3_000_000, 3_000_000))
def test_every_moment_is_among_those_at_which_its_clock_shows_its_time(minutes: int) -> None:
    at = STARTS + timedelta(minutes=minutes)
    local = at.astimezone(AMSTERDAM)

    assert at in moments_at(local.date(), local.time())


@pytest.mark.parametrize(
    ("state", "at", "all_answered", "answerable", "lockable"),
    [
        pytest.param(MinutesState.DRAFT, CLOSES, True, False, False, id="a draft"),
        pytest.param(MinutesState.CONCEPT, CLOSES, False, True, False, id="the last second"),
        pytest.param(MinutesState.CONCEPT, CLOSES - SECOND, True, True, True, id="all answered before"),
        pytest.param(MinutesState.CONCEPT, CLOSES + SECOND, False, False, True, id="after the window"),
        pytest.param(MinutesState.LOCKED, CLOSES - SECOND, True, False, False, id="locked"),
    ],
)
def test_a_concept_can_be_answered_or_locked(
    state: MinutesState, at: datetime, all_answered: bool, answerable: bool, lockable: bool
) -> None:
    closes_at = None if state is MinutesState.DRAFT else CLOSES

    assert is_answerable(state, closes_at, at) is answerable
    assert is_lockable(state, closes_at, at, all_answered=all_answered) is lockable


@pytest.mark.parametrize(
    ("answers", "is_answered"),
    [
        pytest.param([], False, id="nobody"),
        pytest.param([(1, 2, AGREED)], False, id="one of two"),
        pytest.param([(1, 2, AGREED), (2, 2, AGREED)], True, id="both"),
        pytest.param([(1, 2, AGREED), (2, 1, AGREED)], False, id="one agreed with an earlier text"),
        pytest.param([(1, 2, AGREED), (2, 1, ACCEPTED)], True, id="whose proposal became the text"),
        pytest.param([(1, 2, AGREED), (2, 2, DIFFERS)], True, id="a difference that stays visible"),
        pytest.param([(1, 2, AGREED), (2, 2, AGREED), (3, 1, OPEN)], False, id="a proposal waits"),
    ],
)
def test_a_point_is_answered_when_all_spoke_of_the_text_that_stands(
    answers: list[tuple[int, int, RemarkState]], is_answered: bool
) -> None:
    assert is_point_answered([1, 2], 2, answers) is is_answered


@given(st.integers(-3_000_000, 3_000_000), st.integers(0, 10_000))
def test_a_tick_is_made_between_the_day_before_and_now_and_beats_who_was_marked_absent(
    claimed: int, minutes_later: int
) -> None:
    now = STARTS + timedelta(minutes=minutes_later)

    made_at = tick_moment(STARTS + timedelta(minutes=claimed), STARTS, now)

    assert first_tick(STARTS) < made_at <= now


def test_minutes_are_late_after_their_days_and_a_meeting_past_midnight_has_two_days() -> None:
    day = date(2026, 5, 4)

    assert not is_late(STARTS, 14, STARTS + timedelta(days=14))
    assert is_late(STARTS, 14, STARTS + timedelta(days=14) + SECOND)
    assert [is_meeting_day(day, date(2026, 5, 5), date(2026, 5, number)) for number in range(3, 7)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_name_is_found_as_whole_words_in_whatever_capitals() -> None:
    texts = ["Jan de Vries vond het goed.", "De vriesruimte, zei JAN DE  VRIES!", "Jansen"]

    assert names_in(texts, ["Jan de Vries", "Jan", ""]) == [
        (0, "Jan de Vries"),
        (0, "Jan"),
        (1, "Jan de Vries"),
        (1, "Jan"),
    ]


def test_a_name_is_left_out_of_a_text_where_it_is_a_whole_one() -> None:
    assert without_names("Annie S. zei nee, annie s. ook. Annie St. niet.", ["Annie S.", " "]) == (
        "… zei nee, … ook. Annie St. niet."
    )


def _zip(members: dict[str, str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


WORD = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b"%PDF-1.7\n", DocumentKind.PDF, id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n...", DocumentKind.PNG, id="png"),
        pytest.param(b"\xff\xd8\xff\xe0", DocumentKind.JPEG, id="jpeg"),
        pytest.param(_zip(WORD), DocumentKind.DOCX, id="docx"),
        pytest.param(_zip({"mimetype": MEDIA_TYPES[DocumentKind.ODT]}), DocumentKind.ODT, id="odt"),
        pytest.param(_zip({**WORD, "word/vbaProject.bin": "x"}), None, id="docx with macros"),
        pytest.param(_zip({"mimetype": MEDIA_TYPES[DocumentKind.PDF]}), None, id="another odf"),
        pytest.param(_zip({"mimetype": "a" * 10_000_000}), None, id="a bomb in the place of its type"),
        pytest.param(_zip(WORD)[:40], None, id="half a zip"),
        pytest.param(b"<html><script>%PDF-", None, id="a page"),
        pytest.param(b"MZ\x90", None, id="a program"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_a_document_is_known_by_its_content(content: bytes, kind: DocumentKind | None) -> None:
    file = BytesIO(content)

    assert kind_of(file) is kind
    assert file.tell() == 0
