"""What is worth a look, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.moderation.warning_signs import Glance, Sign, signs_of, watched_words

CALM = "De lift was deze week drie keer stuk. Kan de monteur niet vaker komen kijken, ook in het weekend?"


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        pytest.param(CALM, set(), id="nothing"),
        pytest.param("Zie https://a.nl en https://b.nl", set(), id="two links"),
        pytest.param("http://a.nl www.b.nl HTTPS://c.nl", {Sign.LINKS}, id="three links"),
        pytest.param("DE LIFT IS ALWEER STUK EN NIEMAND DOET IETS", {Sign.CAPITALS}, id="shouting"),
        pytest.param("JA! NEE! ECHT?", set(), id="a cry"),
        pytest.param("De NS en de VvE en de BZK en WOZ", set(), id="abbreviations"),
        pytest.param("Wat een Sukkel ben je.", {Sign.WORDS}, id="a word of the list"),
        pytest.param("Dat sukkelt maar voort.", set(), id="only whole words"),
    ],
)
def test_a_text_gives_its_signs(text: str, signs: set[Sign]) -> None:
    assert signs_of(Glance(text, is_first=False, is_duplicate=False), {"sukkel"}) == signs


@pytest.mark.parametrize(
    ("seconds", "is_quick"),
    [
        pytest.param(None, False, id="nobody knows"),
        pytest.param(1, True, id="pasted or sent by a machine"),
        pytest.param(40, False, id="typed"),
    ],
)
def test_much_text_in_no_time_is_a_sign(seconds: float | None, is_quick: bool) -> None:
    glance = Glance(CALM, is_first=True, is_duplicate=True, seconds=seconds)

    expected = {Sign.FIRST_POST, Sign.DUPLICATE} | ({Sign.QUICK} if is_quick else set())
    assert signs_of(glance, ()) == expected


def test_a_list_of_words_has_remarks_and_empty_lines() -> None:
    assert watched_words("Sukkel  # schelden\n\n# alleen een opmerking\nTUIG\n") == {"sukkel", "tuig"}


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert signs_of(Glance(text, is_first=False, is_duplicate=False), watched_words(text)) <= set(Sign)
