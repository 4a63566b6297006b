"""What the page of a thread tells of the panels on its topic: no names, no plan that can still change."""

from collections.abc import Sequence

from forum.discussion.panel_notes import PanelNote
from forum.kernel.clock import now
from forum.panels.queries import list_public_panels
from forum.panels.rules import PanelState
from forum.texts.catalogue import say


def panel_notes(topic_id: int) -> Sequence[PanelNote]:
    """Return the public facts of the panels on a topic, oldest first."""
    return [
        PanelNote(panel_id, title, state_for_tenants(state), meets_at)
        for panel_id, title, state, meets_at in list_public_panels(topic_id, now())
    ]


def state_for_tenants(state: PanelState) -> str:
    """Return how far a panel is in words that tell a tenant what it means: that it goes on, or not yet."""
    key = {PanelState.CONFIRMED: "goes-on", PanelState.PROPOSED: "being-checked"}.get(state, str(state))
    return say(f"panel-{key}")
