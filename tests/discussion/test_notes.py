"""The seam through which higher floors tell the page of a thread of what they know."""

from collections.abc import Sequence

from forum.discussion.notes import NoteBoard


def _one_note(topic_id: int) -> Sequence[str]:
    return ["Panel over de lift"] if topic_id == 7 else []


def test_without_a_source_a_topic_has_no_notes() -> None:
    assert NoteBoard[str]().list_notes(7) == []


def test_a_source_is_asked_once_however_often_it_registers() -> None:
    board = NoteBoard[str]()

    board.register(_one_note)
    board.register(_one_note)

    assert board.list_notes(7) == ["Panel over de lift"]
    assert board.list_notes(8) == []
