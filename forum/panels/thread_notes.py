"""What the page of a thread tells of the panels on its topic: no names, no plan that can still change."""

from collections.abc import Sequence

from forum.discussion.panel_notes import PanelNote
from forum.panels.queries import list_public_panels
from forum.texts.catalogue import say


def panel_notes(topic_id: int) -> Sequence[PanelNote]:
    """Return the public facts of the panels on a topic, oldest first."""
    return [
        PanelNote(panel_id, title, say(f"panel-{state}"), meets_at)
        for panel_id, title, state, meets_at in list_public_panels(topic_id)
    ]
