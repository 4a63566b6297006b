"""Pages on which a panel is prepared, chosen and confirmed."""

import json

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.discussion.panel_notes import register_panel_source
from forum.discussion.queries import get_thread
from forum.kernel.actor import Role
from forum.kernel.clock import AMSTERDAM, local_day, now
from forum.kernel.database import unit_of_work
from forum.panels import choosing, policy, service
from forum.panels.dossier import EntryKind
from forum.panels.entries import find_last, load_dossier
from forum.panels.forms import ChangeForm, CommitForm, ConfirmForm, PanelForm, RevealForm, read_quotas
from forum.panels.models import Panel
from forum.panels.panel_page import proposed_quotas, quota_rows, selection_view
from forum.panels.queries import get_panel, list_panels
from forum.panels.rules import Category, ChangeKind, ChangeReason, FillingMode, PanelState
from forum.panels.selection import Status
from forum.panels.thread_notes import panel_notes
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.forms import PageForm

panel_pages = Blueprint("panels", __name__, url_prefix="/beheer/panels")
register_panel_source(panel_notes)


def _back_to(panel_id: int) -> ResponseReturnValue:
    return redirect(url_for("panels.show_selection", panel_id=panel_id))


@panel_pages.get("/")
@staff_only(Role.MODERATOR, Role.DELEGATE)
def list_all() -> ResponseReturnValue:
    """Show all panels and how far they are."""
    return render_template("panels/list.html", panels=list_panels())


@panel_pages.route("/nieuw/<int:topic_id>", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def create_panel(topic_id: int) -> ResponseReturnValue:
    """Make a panel on a topic, with quotas proposed from the register."""
    thread, form = get_thread(topic_id), PanelForm()
    if not form.validate_on_submit():
        page = render_template(
            "panels/plan.html", form=form, title=thread.topic.title, back=url_for("panels.list_all")
        )
        return page, 422 if form.errors else 200
    plan = form.to_plan()
    quotas: service.QuotaRows = []
    if plan.mode is FillingMode.QUOTA_TOP:
        categories = [Category(value) for value in form.categories.data or []]
        quotas = proposed_quotas(plan.seats, categories, local_day(now()).year)
    with unit_of_work():
        panel = service.create_panel(get_thread(topic_id), plan, quotas, current_actor(), at=now())
        panel_id = panel.id
    flash(say("panel-created"))
    return _back_to(panel_id)


@panel_pages.get("/<int:panel_id>")
@staff_only(Role.MODERATOR, Role.DELEGATE)
def show_selection(panel_id: int) -> ResponseReturnValue:
    """Show a panel: its plan, the quotas, the list with reasons, who confirmed."""
    return _selection_page(get_panel(panel_id))


def _selection_page(panel: Panel, refused: PageForm | None = None) -> ResponseReturnValue:
    """Show a panel, with what was typed in the form that is refused, if any."""
    actor = current_actor()
    may_prepare = policy.can_prepare_panel(actor)
    signed = choosing.signed_by(panel)
    may_judge = policy.can_judge_selection(actor, panel.state)
    view = selection_view(panel)
    page = render_template(
        "panels/selection.html",
        panel=panel,
        meeting=panel.meetings[0],
        view=view,
        people_rows=[line.as_row() for line in view.people] if view else [],
        reserve_rows=[line.as_row()[:5] for line in view.reserves] if view else [],
        commitment=find_last(panel, EntryKind.COMMITTED),
        reveal=find_last(panel, EntryKind.REVEALED),
        changes=choosing.asked_changes(panel),
        signed=signed,
        refused=refused,
        commit_form=refused if isinstance(refused, CommitForm) else CommitForm(formdata=None),
        reveal_form=refused if isinstance(refused, RevealForm) else RevealForm(formdata=None),
        change_form=refused if isinstance(refused, ChangeForm) else ChangeForm(formdata=None),
        may={
            "make": may_prepare,
            "plan": may_prepare and panel.state is PanelState.DRAFT,
            "commit": may_prepare and panel.state is PanelState.DRAFT,
            "reveal": may_prepare and panel.state is PanelState.COMMITTED,
            "confirm": may_judge and actor.party not in signed,
            "change": may_judge,
            "mark_held": may_prepare
            and panel.state is PanelState.CONFIRMED
            and now() >= panel.meetings[-1].ends_at,
        },
    )
    return page, 422 if refused else 200


@panel_pages.route("/<int:panel_id>/plan", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def change_plan(panel_id: int) -> ResponseReturnValue:
    """Change the plan of a panel in preparation."""
    panel = get_panel(panel_id)
    form = PanelForm(**_standing_plan(panel))
    if not form.validate_on_submit():
        back = url_for("panels.show_selection", panel_id=panel_id)
        page = render_template("panels/plan.html", form=form, title=panel.title, back=back)
        return page, 422 if form.errors else 200
    with unit_of_work():
        panel = service.change_plan(get_panel(panel_id), form.to_plan(), current_actor(), at=now())
        categories = [Category(value) for value in form.categories.data or []]
        wanted = {quota.category for quota in panel.quotas}
        if wanted != set(categories):
            quotas = proposed_quotas(panel.seats, categories, local_day(now()).year)
            service.change_quotas(panel, quotas, current_actor(), at=now())
    flash(say("panel-changed"))
    return _back_to(panel_id)


def _standing_plan(panel: Panel) -> dict[str, object]:
    meeting = panel.meetings[0]
    starts, ends = meeting.starts_at.astimezone(AMSTERDAM), meeting.ends_at.astimezone(AMSTERDAM)
    return {
        "title": panel.title,
        "mode": panel.mode.value,
        "seats": panel.seats,
        "categories": sorted({quota.category for quota in panel.quotas}),
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "place": meeting.place,
        "access": meeting.access,
        "respond_by": local_day(panel.respond_by),
    }


@panel_pages.route("/<int:panel_id>/afspiegeling", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def change_quotas(panel_id: int) -> ResponseReturnValue:
    """Change the quotas, beside the shares of the register."""
    panel = get_panel(panel_id)
    categories = [Category(value) for value in sorted({quota.category for quota in panel.quotas})]
    rows = quota_rows(panel, local_day(now()).year, categories)
    faults: list[str] = []
    if request.method == "POST":
        typed, faults = read_quotas(
            request.form, {category: [row.value for row in values] for category, values in rows.items()}
        )
        if not faults:
            with unit_of_work():
                service.change_quotas(get_panel(panel_id), typed, current_actor(), at=now())
            flash(say("quotas-kept"))
            return _back_to(panel_id)
    page = render_template(
        "panels/quotas.html", panel=panel, rows=rows, faults=faults, typed=request.form if faults else None
    )
    return page, 422 if faults else 200


@panel_pages.post("/<int:panel_id>/vastleggen")
@staff_only(Role.MODERATOR)
def commit_panel(panel_id: int) -> ResponseReturnValue:
    """Fix rules and candidates, and publish their hash and that of a secret."""
    form = CommitForm()
    if not form.validate():
        return _selection_page(get_panel(panel_id), form)
    with unit_of_work():
        choosing.commit_panel(
            get_panel(panel_id),
            form.public_source.data or "",
            current_actor(),
            keys=choosing.PanelKeys.fresh(),
            at=now(),
        )
    flash(say("panel-committed-done"))
    return _back_to(panel_id)


@panel_pages.post("/<int:panel_id>/kiezen")
@staff_only(Role.MODERATOR)
def reveal_and_select(panel_id: int) -> ResponseReturnValue:
    """Reveal the secret, make the seed with the public value, and select."""
    form = RevealForm()
    if not form.validate():
        return _selection_page(get_panel(panel_id), form)
    with unit_of_work():
        result = choosing.reveal_and_select(
            get_panel(panel_id), form.public_value.data or "", current_actor(), at=now()
        )
    is_ok = result["status"] == Status.OK
    flash(say("panel-selected-ok" if is_ok else "panel-selected-not"), "message" if is_ok else "error")
    return _back_to(panel_id)


@panel_pages.post("/<int:panel_id>/bevestigen")
@staff_only(Role.MODERATOR, Role.DELEGATE)
def confirm_selection(panel_id: int) -> ResponseReturnValue:
    """Confirm the list that was on the screen for one's party."""
    form = ConfirmForm.from_request()
    with unit_of_work():
        panel = choosing.confirm_selection(
            get_panel(panel_id), form.shown.data or "", current_actor(), at=now()
        )
        is_confirmed = panel.state is PanelState.CONFIRMED
    flash(say("panel-confirmed-both" if is_confirmed else "panel-confirmed-one"))
    return _back_to(panel_id)


@panel_pages.post("/<int:panel_id>/wijziging")
@staff_only(Role.MODERATOR, Role.DELEGATE)
def change_selection(panel_id: int) -> ResponseReturnValue:
    """Ask to take somebody off the list or put somebody on it, and solve again."""
    form = ChangeForm()
    if not form.validate():
        return _selection_page(get_panel(panel_id), form)
    with unit_of_work():
        choosing.change_selection(
            get_panel(panel_id),
            ChangeKind(form.kind.data),
            form.candidate.data or "",
            current_actor(),
            why=ChangeReason(form.why.data),
            words=form.words.data or "",
            at=now(),
        )
    flash(say("selection-changed"))
    return _back_to(panel_id)


@panel_pages.post("/<int:panel_id>/geweest")
@staff_only(Role.MODERATOR)
def mark_held(panel_id: int) -> ResponseReturnValue:
    """Record that the panel met."""
    with unit_of_work():
        service.mark_held(get_panel(panel_id), current_actor(), at=now())
    flash(say("panel-marked-held"))
    return _back_to(panel_id)


@panel_pages.get("/<int:panel_id>/dossier.json")
@staff_only(Role.MODERATOR, Role.DELEGATE)
def download_dossier(panel_id: int) -> ResponseReturnValue:
    """Give the dossier, with which the other party can repeat the selection on any machine."""
    document = load_dossier(get_panel(panel_id)).as_document()
    return Response(
        json.dumps(document, ensure_ascii=False, indent=1),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="dossier-{panel_id}.json"'},
    )
