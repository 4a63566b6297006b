"""What changed from one text to the next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.texts.comparison import Change, Piece, compare_texts, merge_texts

SAME, REMOVED, ADDED = Change.SAME, Change.REMOVED, Change.ADDED


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        pytest.param("De lift is stuk.", "De lift is stuk.", [], id="nothing"),
        pytest.param("De  lift\tis stuk.", "De lift is stuk.", [], id="only white space"),
        pytest.param(
            "De lift is vaak stuk.",
            "De lift is elke week stuk.",
            [[("De lift is", SAME), ("vaak", REMOVED), ("elke week", ADDED), ("stuk.", SAME)]],
            id="words in the middle",
        ),
        pytest.param("", "Nieuw.", [[("Nieuw.", ADDED)]], id="there was nothing"),
        pytest.param("Oud.", "", [[("Oud.", REMOVED)]], id="there is nothing left"),
        pytest.param(
            "Een.\n\nTwee.",
            "Een.\n\nTwee.\n\nDrie.",
            [[("Een.", SAME)], [("Twee.", SAME)], [("Drie.", ADDED)]],
            id="a paragraph more",
        ),
        pytest.param(
            "Een.\nTwee.",
            "Een. Twee.",
            [[("Een. Twee.", SAME)]],
            id="a line break less is no line of its own",
        ),
        pytest.param(
            "Kijk.\nFoto: de hal\nFoto: de lift",
            "Kijk.\nFoto: de lift",
            [[("Kijk.", SAME)], [("Foto: de hal", REMOVED)], [("Foto: de lift", SAME)]],
            id="a line that went stays one, though the next begins alike",
        ),
        pytest.param(
            "Kijk.\nFoto: de hal\nFoto: de lift",
            "Kijk.",
            [[("Kijk.", SAME)], [("Foto: de hal", REMOVED)], [("Foto: de lift", REMOVED)]],
            id="two lines went",
        ),
    ],
)
def test_what_was_removed_stands_before_what_came_in_its_place(
    before: str, after: str, lines: list[list[tuple[str, Change]]]
) -> None:
    assert merge_texts(before, after) == [[Piece(*piece) for piece in line] for line in lines]


@given(st.text("ab \n", max_size=40), st.text("ab \n", max_size=40))
def test_both_texts_can_be_read_back_from_what_changed(before: str, after: str) -> None:
    pieces = [piece for line in merge_texts(before, after) for piece in line]
    if before.split() == after.split():
        return

    old = " ".join(words for words, change in pieces if change is not ADDED).split()
    new = " ".join(words for words, change in pieces if change is not REMOVED).split()

    assert (old, new) == (before.split(), after.split())


def test_two_texts_beside_each_other_mark_only_their_own_words() -> None:
    both = compare_texts("De lift\nis stuk", "De deur\nis stuk")

    assert both.before == [[("De", False), ("lift", True)], [("is stuk", False)]]
    assert both.after == [[("De", False), ("deur", True)], [("is stuk", False)]]
    assert both.is_changed
