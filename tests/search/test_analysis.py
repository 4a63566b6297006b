"""The words of a text, their stems and the parts of compounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.analysis import (
    PART_SHORTEST,
    WORD_LONGEST,
    all_stems_of,
    fold,
    parts_of,
    stems_of,
    stop_words,
    words_in,
)

LETTERS = st.text("abcdefghijklmnoprstuvwz", max_size=40)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("De Lift is stuk.", ["de", "lift", "is", "stuk"], id="capitals and a full stop"),
        pytest.param("stuk.De hal", ["stuk", "de", "hal"], id="a space forgotten"),
        pytest.param("huur-verhoging", ["huur", "verhoging"], id="a hyphen"),
        pytest.param("café, Zoë, reünie", ["cafe", "zoe", "reunie"], id="accents"),
        pytest.param("cafe\u0301 e\u0301e\u0301n", ["cafe", "een"], id="accents of their own"),
        pytest.param("ver\u00adduur\u200bzaming", ["verduurzaming"], id="soft hyphens and no width"),
        pytest.param("Straße", ["strasse"], id="folded further than lower case"),
        pytest.param("ﬁets", ["fiets"], id="a ligature"),
        pytest.param("snake_case **vet**", ["snake", "case", "vet"], id="marks"),
        pytest.param("100.000 euro", ["100", "000", "euro"], id="numbers"),
        pytest.param("😀 !? \x00", [], id="nothing to read"),
        pytest.param("Привет مرحبا", ["привет", "مرحبا"], id="other scripts"),
    ],
)
def test_a_text_has_these_words(text: str, words: list[str]) -> None:
    assert [word.folded for word in words_in(text)] == words


@pytest.mark.parametrize(
    ("one", "many"),
    [
        pair.split()
        for pair in (
            "fiets fietsen|lift liften|huis huizen|woning woningen|berging bergingen|dak daken|trap trappen|"
            "verhoging verhogingen|klacht klachten|buur buren|prijs prijzen|brief brieven|slot sloten|"
            "probleem problemen|keuken keukens|plan plannen|antwoord antwoorden|warm warme|vocht vochtig|"
            "veilig veiligheid|werkt werken|kind kinderen|kleinkind kleinkinderen|lid leden|gat gaten"
        ).split("|")
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, many: str) -> None:
    assert stems_of(one) & stems_of(many)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("huurverhoging", ("huur", "verhoging")),
        ("huurverhogingen", ("huur", "verhogingen")),
        ("servicekosten", ("service", "kosten")),
        ("verduurzamingsproject", ("verduurzaming", "project")),
        ("huurdersorganisatie", ("huurders", "organisatie")),
        ("fietsenberging", ("fietsen", "berging")),
        ("tuinonderhoudsplan", ("tuin", "onderhoud", "plan")),
        ("huurder", ()),
        ("onderhoud", ()),
        ("schimmel", ()),
        ("huurxyzzy", ()),
        ("", ()),
    ],
)
def test_a_compound_is_split_into_known_parts(word: str, parts: tuple[str, ...]) -> None:
    assert parts_of(word) == parts


@given(st.text(max_size=200))
def test_words_stand_in_the_text_where_they_say(text: str) -> None:
    found = list(words_in(text))

    assert all(fold(text[word.start : word.end]) == word.folded for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)
    assert all(0 < len(word.folded) <= WORD_LONGEST for word in found)


@given(st.text(max_size=100))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert all(fold(word.folded) == word.folded for word in words_in(text))


@given(LETTERS)
def test_parts_are_never_short_and_make_up_the_word(word: str) -> None:
    parts = parts_of(word)

    assert all(len(part) >= PART_SHORTEST for part in parts)
    assert len(parts) != 1
    place = 0
    for part in parts:
        place = word.index(part, place) + len(part)
    assert not parts or place == len(word)


@given(LETTERS.filter(bool))
def test_a_word_is_found_by_its_own_stems(word: str) -> None:
    assert stems_of(word) <= all_stems_of(word)
    assert all(stems_of(word))


@pytest.mark.timeout(10)
@pytest.mark.parametrize("text", ["a" * 100_000, "huur" * 25_000, ".".join("a" * 50_000), "\u0301" * 100_000])
def test_a_hostile_text_takes_no_time(text: str) -> None:
    for word in words_in(text):
        all_stems_of(word.folded)


def test_the_stop_words_are_as_words_are_compared() -> None:
    assert {"de", "het", "een"} <= stop_words()
    assert all(fold(word) == word for word in stop_words())
