"""The page on which a member reads why they were chosen for a panel or not."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from forum.kernel.errors import NotFound
from forum.panels.application_queries import list_reasons
from forum.panels.dossier import EntryKind
from forum.panels.entries import find_last, get_rules
from forum.panels.own_outcome import has_left, is_chosen, outcome_lines
from forum.panels.queries import find_candidate, get_panel
from forum.panels.result_queries import find_result, find_result_with
from forum.panels.rules import CONFIRMED_STATES
from forum.web.access import current_actor, members_only

own_panel_pages = Blueprint("own_panels", __name__)


@own_panel_pages.get("/mijn/panels/<int:panel_id>")
@members_only
def show_own_outcome(panel_id: int) -> ResponseReturnValue:
    """Show why one was chosen or not, once both parties confirmed the list."""
    panel = get_panel(panel_id)
    candidate = find_candidate(panel_id, current_actor().member_id or 0)
    committed, result = find_last(panel, EntryKind.COMMITTED), find_result(panel)
    if candidate is None or panel.state not in CONFIRMED_STATES or not (committed and result):
        raise NotFound(panel_id=panel_id)
    outcome = result["outcomes"][candidate.pseudonym]
    left = has_left(outcome)
    before = find_result_with(panel, candidate.pseudonym) if left else None
    return render_template(
        "panels/own_outcome.html",
        panel=panel,
        is_chosen=is_chosen(outcome),
        has_left=left,
        lines=outcome_lines(get_rules(panel), result, candidate, before),
        is_explained=panel.explained_sha256 is not None,
        policy=committed["policy"]["scoring"],
        reasons=list_reasons(panel_id, candidate.member_id),
    )
