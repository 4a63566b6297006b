from datetime import timedelta

import pytest

from forum.mail.rules import MOST_ATTEMPTS, message_id, pause_after
from tests.support.cast import T0


@pytest.mark.parametrize(
    ("attempts", "pause"),
    [
        pytest.param(1, timedelta(minutes=1), id="after the first"),
        pytest.param(2, timedelta(minutes=2), id="doubles"),
        pytest.param(9, timedelta(minutes=256), id="the last that doubles"),
        pytest.param(10, timedelta(hours=6), id="never longer than six hours"),
        pytest.param(MOST_ATTEMPTS - 1, timedelta(hours=6), id="before the last"),
        pytest.param(MOST_ATTEMPTS, None, id="the last"),
        pytest.param(MOST_ATTEMPTS + 1, None, id="after the last"),
    ],
)
def test_pauses_grow_and_end(attempts: int, pause: timedelta | None) -> None:
    assert pause_after(attempts) == pause


def test_the_attempts_span_more_than_a_day_and_less_than_two() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]

    total = sum((pause for pause in pauses if pause), timedelta())

    assert timedelta(days=1) < total < timedelta(days=2)


def test_a_message_id_is_the_same_every_time() -> None:
    assert message_id("a:1", T0, "forum.example.nl") == message_id("a:1", T0, "forum.example.nl")


@pytest.mark.parametrize(
    ("key", "seconds"),
    [pytest.param("a:2", 0, id="another key"), pytest.param("a:1", 1, id="another database")],
)
def test_another_message_has_another_message_id(key: str, seconds: int) -> None:
    other = message_id(key, T0 + timedelta(seconds=seconds), "forum.example.nl")

    assert other != message_id("a:1", T0, "forum.example.nl")


def test_a_message_id_fits_its_column() -> None:
    assert len(message_id("a" * 120, T0, "a." * 120 + "nl")) <= 120
