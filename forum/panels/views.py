"""Pages on which a panel is prepared, chosen and confirmed."""

import json

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.discussion.queries import get_thread
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.members.queries import list_with_role
from forum.panels import choosing, policy, service
from forum.panels.areas import list_areas
from forum.panels.dossier import EntryKind
from forum.panels.entries import find_last, load_dossier
from forum.panels.form_facts import settled_facts, summary_of
from forum.panels.form_queries import get_offered_form, list_offered_forms
from forum.panels.forms import ChangeForm, ConfirmForm, PanelForm
from forum.panels.group_names import name_value
from forum.panels.models import Panel
from forum.panels.panel_page import selection_steps, selection_view
from forum.panels.parties_page import change_lines, resize_lines, signature_lines
from forum.panels.plan_facts import committable_date, plan_facts, standing_plan
from forum.panels.queries import get_panel, list_panels, list_panels_run_by, proposed_quotas
from forum.panels.rules import (
    SHOW_UP_CASES_LEAST,
    ChangeKind,
    ChangeReason,
    PanelState,
)
from forum.panels.shipped_forms import TOPIC_PANEL
from forum.panels.showing_up import measured_show_up
from forum.panels.trials import list_trials
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.downloads import download

panel_pages = Blueprint("panels", __name__, url_prefix="/beheer/panels")


def _back_to(panel_id: int) -> ResponseReturnValue:
    return redirect(url_for("panels.show_selection", panel_id=panel_id))


@panel_pages.get("/")
@staff_only(Role.MODERATOR, Role.DELEGATE, Role.COORDINATOR)
def list_all() -> ResponseReturnValue:
    """Show all panels and how far they are; to a coordinator the panels they run."""
    actor = current_actor()
    if policy.can_see_all_panels(actor):
        may_make = policy.can_prepare_panel(actor)
        return render_template("panels/list.html", panels=list_panels(), may_make=may_make)
    return render_template("panels/list_of_coordinator.html", panels=list_panels_run_by(actor.member_id or 0))


@panel_pages.get("/nieuw")
@staff_only(Role.MODERATOR)
def choose_form() -> ResponseReturnValue:
    """Show the forms that a panel can start from, on a topic or without one."""
    topic_id = request.args.get("onderwerp", 0, type=int)
    thread = get_thread(topic_id) if topic_id else None
    offered = list_offered_forms(has_topic=thread is not None)
    return render_template(
        "panels/choose_form.html",
        thread=thread,
        forms=offered,
        summaries={form.key: summary_of(form.rules) for form in offered},
    )


@panel_pages.route("/nieuw/<int:topic_id>", methods=["GET", "POST"])
@panel_pages.route("/nieuw/zonder-onderwerp", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def create_panel(topic_id: int = 0) -> ResponseReturnValue:
    """Make a panel after a form, with quotas proposed from the register."""
    thread = get_thread(topic_id) if topic_id else None
    has_topic = thread is not None
    panel_form = get_offered_form(request.values.get("vorm", TOPIC_PANEL), has_topic=has_topic)
    form = _offer_choices(PanelForm(panel_form.rules, has_topic=has_topic, show_up=measured_show_up(now())))
    if not form.validate_on_submit():
        page = render_template(
            "panels/plan.html",
            form=form,
            panel_form=panel_form,
            least_cases=SHOW_UP_CASES_LEAST,
            settled=settled_facts(panel_form.rules),
            topic_id=topic_id,
            title=thread.topic.title if thread else "",
            back=url_for("panels.list_all"),
        )
        return page, form.status
    plan = form.to_plan(panel_form.key)
    quotas = proposed_quotas(plan.asked, form.chosen_categories, plan.area, at=now())
    with unit_of_work():
        thread = get_thread(topic_id) if topic_id else None
        panel = service.create_panel(thread, plan, quotas, current_actor(), at=now())
        panel_id = panel.id
    flash(say("panel-created-mixed" if quotas else "panel-created"))
    return _back_to(panel_id)


def _offer_choices(form: PanelForm) -> PanelForm:
    return form.offer(list_areas(), list_with_role(Role.COORDINATOR))


@panel_pages.get("/<int:panel_id>")
@staff_only(Role.MODERATOR, Role.DELEGATE)
def show_selection(panel_id: int) -> ResponseReturnValue:
    """Show a panel: its plan, the quotas, the list with reasons, who confirmed."""
    return _selection_page(get_panel(panel_id))


def _selection_page(panel: Panel, refused: ChangeForm | None = None) -> ResponseReturnValue:
    """Show a panel, with what was typed in the form that is refused, if any."""
    signed, commit_from = signature_lines(panel), committable_date(panel, now())
    view = selection_view(panel, page=request.args.get("pagina", 1, type=int))
    page = render_template(
        "panels/selection.html",
        panel=panel,
        facts=plan_facts(panel, now()),
        name_value=name_value,
        commit_from=commit_from,
        view=view,
        people_rows=[line.as_row() for line in view.people] if view else [],
        left_rows=[line.as_row()[:5] for line in view.left] if view else [],
        reserve_rows=[line.as_row()[:5] for line in view.reserves] if view else [],
        is_committed=find_last(panel, EntryKind.COMMITTED) is not None,
        changes=change_lines(panel),
        resizes=resize_lines(panel),
        trials=list_trials(panel) if panel.state is not PanelState.DRAFT else [],
        signed=signed,
        refused=refused,
        change_form=refused or ChangeForm(formdata=None),
        may=selection_steps(
            panel, current_actor(), commit_from=commit_from, signed_by=signed.keys(), at=now()
        ),
    )
    return page, 422 if refused else 200


@panel_pages.route("/<int:panel_id>/plan", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def change_plan(panel_id: int) -> ResponseReturnValue:
    """Change the plan of a panel in preparation."""
    panel = get_panel(panel_id)
    has_topic = panel.topic_id is not None
    form = _offer_choices(
        PanelForm(
            panel.form_rules, has_topic=has_topic, show_up=measured_show_up(now()), **standing_plan(panel)
        )
    )
    if not form.validate_on_submit():
        back = url_for("panels.show_selection", panel_id=panel_id)
        page = render_template(
            "panels/plan.html",
            form=form,
            least_cases=SHOW_UP_CASES_LEAST,
            panel_form=panel.form,
            title=panel.title,
            back=back,
        )
        return page, form.status
    with unit_of_work():
        panel = get_panel(panel_id)
        mixed_anew = service.change_plan(panel, form.to_plan(panel.form.key), current_actor(), at=now())
    flash(say("panel-changed-mixed" if mixed_anew else "panel-changed"))
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
    content = json.dumps(document, ensure_ascii=False, indent=1)
    return download(content, "application/json", f"dossier-{panel_id}.json")
