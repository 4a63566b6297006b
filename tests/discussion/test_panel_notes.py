"""The seam through which panels tell the page of a thread of themselves."""

from collections.abc import Sequence

import pytest

from forum.discussion import panel_notes
from forum.discussion.panel_notes import PanelNote, list_panel_notes, register_panel_source
from tests.support.cast import T0

NOTE = PanelNote(3, "Panel over de lift", "Geweest", T0)


def _one_panel(topic_id: int) -> Sequence[PanelNote]:
    return [NOTE] if topic_id == 7 else []


def test_without_a_source_a_topic_has_no_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel_notes, "_sources", [])

    assert list_panel_notes(7) == []


def test_a_source_is_asked_once_however_often_it_registers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel_notes, "_sources", [])

    register_panel_source(_one_panel)
    register_panel_source(_one_panel)

    assert list_panel_notes(7) == [NOTE]
    assert list_panel_notes(8) == []
