"""The draw on a screen that a meeting follows step by step, and the public record of it."""

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.panels import choosing, policy
from forum.panels.dossier import EntryKind
from forum.panels.dossier_record import Document
from forum.panels.draw_forms import CommitForm, RevealForm
from forum.panels.draw_rules import PublicKind, kind_of
from forum.panels.entries import find_last, find_record
from forum.panels.group_names import name_value
from forum.panels.models import Panel
from forum.panels.plan_facts import committable_date, rest_in_words
from forum.panels.queries import get_panel
from forum.panels.selection import Status
from forum.texts.catalogue import say
from forum.web.access import current_actor, public, staff_only
from forum.web.downloads import download

draw_pages = Blueprint("draws", __name__, url_prefix="/panels")


@draw_pages.get("/<int:panel_id>/loting")
@public
def show_draw(panel_id: int) -> ResponseReturnValue:
    """Show everybody how far the draw is; who does not prepare it only once something is fixed."""
    panel = get_panel(panel_id)
    if find_record(panel) is None and not policy.can_see_selection(current_actor()):
        raise NotFound(panel_id=panel_id)
    return _draw_page(panel, CommitForm(formdata=None), RevealForm(_public_kind(panel), formdata=None))


@draw_pages.post("/<int:panel_id>/loting")
@staff_only(Role.MODERATOR)
def take_step(panel_id: int) -> ResponseReturnValue:
    """Fix the list and the secret, or reveal the secret and choose."""
    panel = get_panel(panel_id)
    asked = request.form.get("do", "")
    commit_form = CommitForm(formdata=request.form if asked == "commit" else None)
    reveal_form = RevealForm(_public_kind(panel), formdata=request.form if asked == "reveal" else None)
    if asked == "commit" and commit_form.validate():
        return _commit(panel_id, commit_form)
    if asked == "reveal" and reveal_form.validate():
        return _reveal(panel_id, reveal_form)
    return _draw_page(panel, commit_form, reveal_form)


def _public_kind(panel: Panel) -> PublicKind:
    committed = find_last(panel, EntryKind.COMMITTED)
    return kind_of(committed) if committed else PublicKind.OTHER


def _draw_page(panel: Panel, commit_form: CommitForm, reveal_form: RevealForm) -> ResponseReturnValue:
    actor = current_actor()
    commit_from = committable_date(panel, now())
    page = render_template(
        "panels/draw.html",
        panel=panel,
        record=find_record(panel),
        commit_from=commit_from,
        commit_form=commit_form,
        reveal_form=reveal_form,
        name_value=name_value,
        may_commit=policy.can_commit_panel(actor, panel.state, commit_from),
        may_reveal=policy.can_reveal_panel(actor, panel.state),
        may_see_selection=policy.can_see_selection(actor),
    )
    return page, 422 if commit_form.errors or reveal_form.errors else 200


def _commit(panel_id: int, form: CommitForm) -> ResponseReturnValue:
    with unit_of_work():
        choosing.commit_panel(
            get_panel(panel_id),
            form.describe(),
            current_actor(),
            keys=choosing.PanelKeys.fresh(),
            at=now(),
            kind=PublicKind(form.kind.data),
            drawn_on=form.drawn_on.data,
        )
    flash(say("panel-committed-done"))
    return redirect(url_for("draws.show_draw", panel_id=panel_id))


def _reveal(panel_id: int, form: RevealForm) -> ResponseReturnValue:
    with unit_of_work():
        result = choosing.reveal_and_select(
            get_panel(panel_id), form.public_value.data or "", current_actor(), at=now()
        )
    is_ok = result["status"] == Status.OK
    flash(say("panel-selected-ok" if is_ok else "panel-selected-not"), "message" if is_ok else "error")
    return redirect(url_for("draws.show_draw", panel_id=panel_id))


@draw_pages.get("/<int:panel_id>/openbaar")
@public
def show_record(panel_id: int) -> ResponseReturnValue:
    """Show everybody the rules, hashes, seed and numbers of a selection, and how to check them."""
    panel = get_panel(panel_id)
    record = _get_record(panel)
    return render_template(
        "panels/record.html",
        panel=panel,
        record=record,
        rest_in_words=rest_in_words(record["rules"]["policy"].get("rest", {})),
        name_value=name_value,
    )


@draw_pages.get("/<int:panel_id>/openbaar.json")
@public
def download_record(panel_id: int) -> ResponseReturnValue:
    """Give the public record as a file, for who checks a dossier with it."""
    content = json.dumps(_get_record(get_panel(panel_id)), ensure_ascii=False, indent=1)
    return download(content, "application/json", f"openbaar-{panel_id}.json")


def _get_record(panel: Panel) -> Document:
    record = find_record(panel)
    if record is None:
        raise NotFound(panel_id=panel.id)
    return record
