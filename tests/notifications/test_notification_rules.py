from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.kernel.clock import AMSTERDAM as AMS
from forum.notifications.errors import UnsubscribeLinkRefused
from forum.notifications.links import (
    NOTIFICATIONS,
    read_unsubscribe_token,
    unsubscribe_token,
)
from forum.notifications.rules import (
    FIRST_CHOICE,
    Frequency,
    NotificationKind,
    beginning_of,
    digest_day,
    is_quiet,
    shown_count,
)
from tests.support.cast import T0

KEYS = ["o" * 40, "n" * 40]


@pytest.mark.parametrize(
    ("local", "quiet", "expected"),
    [
        pytest.param(time(20, 59), (21, 8), False, id="just before the evening"),
        pytest.param(time(21, 0), (21, 8), True, id="the evening begins"),
        pytest.param(time(3, 0), (21, 8), True, id="at night"),
        pytest.param(time(7, 59), (21, 8), True, id="just before eight"),
        pytest.param(time(8, 0), (21, 8), False, id="the day begins"),
        pytest.param(time(13, 0), (12, 14), True, id="hours within a day"),
        pytest.param(time(14, 0), (12, 14), False, id="after hours within a day"),
        pytest.param(time(3, 0), None, False, id="never quiet"),
        pytest.param(time(3, 0), (3, 3), False, id="no hours at all"),
    ],
)
def test_quiet_hours_pass_midnight(local: time, quiet: tuple[int, int] | None, expected: bool) -> None:
    assert is_quiet(local, quiet) is expected


@pytest.mark.parametrize(
    ("how", "local", "day"),
    [
        pytest.param(Frequency.DAILY, datetime(2026, 3, 4, 8, 0, tzinfo=AMS), date(2026, 3, 4), id="today"),
        pytest.param(
            Frequency.DAILY, datetime(2026, 3, 4, 7, 59, tzinfo=AMS), date(2026, 3, 3), id="yesterday"
        ),
        pytest.param(
            Frequency.WEEKLY,
            datetime(2026, 3, 4, 12, 0, tzinfo=AMS),
            date(2026, 3, 2),
            id="last Monday",
        ),
        pytest.param(
            Frequency.WEEKLY, datetime(2026, 3, 2, 8, 0, tzinfo=AMS), date(2026, 3, 2), id="on Monday"
        ),
        pytest.param(
            Frequency.WEEKLY,
            datetime(2026, 3, 2, 7, 0, tzinfo=AMS),
            date(2026, 2, 23),
            id="early on Monday",
        ),
    ],
)
def test_a_digest_belongs_to_a_day(how: Frequency, local: datetime, day: date) -> None:
    assert digest_day(how, local) == day


@given(st.integers(0, 100_000))
def test_a_digest_is_of_the_past_and_a_weekly_one_of_a_monday(hours: int) -> None:
    local = (T0 + timedelta(hours=hours)).astimezone(AMS)

    daily, weekly = digest_day(Frequency.DAILY, local), digest_day(Frequency.WEEKLY, local)

    assert weekly <= daily <= local.date()
    assert weekly.weekday() == 0
    assert (daily - weekly).days < 7


def test_every_kind_has_a_first_choice() -> None:
    assert set(FIRST_CHOICE) == set(NotificationKind)


@pytest.mark.parametrize(("unread", "shown"), [(0, ""), (1, "1"), (99, "99"), (100, "99+")])
def test_the_menu_counts_to_ninety_nine(unread: int, shown: str) -> None:
    assert shown_count(unread) == shown


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        pytest.param("kort", "kort", id="short"),
        pytest.param("een\n\n twee", "een twee", id="on one line"),
        pytest.param("een twee drie", "een twee…", id="cut between words"),
        pytest.param("x" * 20, "x" * 10 + "…", id="one long word"),
    ],
)
def test_a_long_text_is_cut_between_words(text: str, beginning: str) -> None:
    assert beginning_of(text, 11) == beginning


@pytest.mark.parametrize("how", list(Frequency))
def test_a_link_to_stop_mail_says_whose_and_which(how: Frequency) -> None:
    assert read_unsubscribe_token(KEYS, unsubscribe_token(KEYS, 12, how)) == (12, how)


@pytest.mark.parametrize("token", ["", "is-niet-van-ons", unsubscribe_token(["z" * 40], 12, Frequency.DAILY)])
def test_a_link_that_is_not_of_the_forum_is_refused(token: str) -> None:
    with pytest.raises(UnsubscribeLinkRefused):
        read_unsubscribe_token(KEYS, token)


def test_a_link_signed_with_an_earlier_key_keeps_working() -> None:
    token = unsubscribe_token(KEYS[:1], 12, Frequency.WEEKLY)

    assert read_unsubscribe_token(KEYS, token) == (12, Frequency.WEEKLY)


def test_an_address_for_answers_is_known_again_whatever_its_capitals() -> None:
    address = NOTIFICATIONS.make(KEYS, 123, "antwoord.example.nl")

    assert len(address.split("@")[0]) <= 64
    assert NOTIFICATIONS.find_number(KEYS, address.upper(), "antwoord.example.nl") == 123
    assert NOTIFICATIONS.find_number([*KEYS, "p" * 40], address, "antwoord.example.nl") == 123


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(NOTIFICATIONS.make(["z" * 40], 123, "antwoord.example.nl"), id="another key"),
        pytest.param(NOTIFICATIONS.make(KEYS, 123, "elders.nl"), id="another domain"),
        pytest.param(
            NOTIFICATIONS.make(KEYS, 123, "antwoord.example.nl").replace("-123-", "-124-"),
            id="another number",
        ),
        pytest.param("antwoord-123-@antwoord.example.nl", id="no signature"),
        pytest.param("forum@antwoord.example.nl", id="no number"),
        pytest.param("", id="nothing"),
    ],
)
def test_an_address_that_the_forum_did_not_make_is_none(address: str) -> None:
    assert NOTIFICATIONS.find_number(KEYS, address, "antwoord.example.nl") is None


def test_without_a_mail_domain_no_address_is_one_for_answers() -> None:
    assert NOTIFICATIONS.find_number(KEYS, NOTIFICATIONS.make(KEYS, 123, ""), "") is None
