"""Pages for the participation forms that panels start from: which there are, a new one, a change, the end."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.admin.panel_form_forms import FormRulesForm
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.panels import form_queries, panel_forms
from forum.panels.errors import FormChanged
from forum.panels.form_facts import form_facts
from forum.panels.form_rules import FormRules
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only

panel_form_pages = Blueprint("panel_forms", __name__, url_prefix="/beheer/panelvormen")


@panel_form_pages.get("/")
@staff_only(Role.ADMIN)
def list_forms() -> ResponseReturnValue:
    """Show every form, and what it settles."""
    shown = [(form, form_facts(form.rules)) for form in form_queries.list_forms()]
    return render_template("admin/panel_forms.html", shown=shown)


@panel_form_pages.route("/nieuw", methods=["GET", "POST"])
@staff_only(Role.ADMIN)
def add_form() -> ResponseReturnValue:
    """Make a form that new panels can start from."""
    form = FormRulesForm(version=0)
    rules = form.to_rules() if form.validate_on_submit() else None
    if rules is None:
        return _form_page(form, heading=say("form-new"))
    with unit_of_work():
        panel_forms.add_form(form.name.data or "", rules, current_actor(), at=now())
    return _kept()


@panel_form_pages.route("/<key>", methods=["GET", "POST"])
@staff_only(Role.ADMIN)
def change_form(key: str) -> ResponseReturnValue:
    """Make the next version of a form; panels that are there keep what they started with."""
    shown = form_queries.get_form(key)
    form = FormRulesForm.showing(shown.name, shown.rules, shown.version)
    rules = form.to_rules() if form.validate_on_submit() else None
    if rules is None:
        return _form_page(form, heading=shown.name)
    try:
        with unit_of_work():
            _change(key, form, rules)
    except FormChanged as refusal:
        form.form_errors.append(say(refusal.code))
        return _form_page(form, heading=shown.name)
    return _kept()


def _change(key: str, form: FormRulesForm, rules: FormRules) -> None:
    shown = form_queries.get_form(key)
    if shown.version != form.version.data:
        raise FormChanged(key=key)
    panel_forms.change_form(shown, form.name.data or "", rules, current_actor(), at=now())


def _form_page(form: FormRulesForm, *, heading: str) -> ResponseReturnValue:
    page = render_template("admin/panel_form.html", form=form, heading=heading)
    return page, form.status


def _kept() -> ResponseReturnValue:
    flash(say("panel-form-kept"))
    return redirect(url_for("panel_forms.list_forms"))


@panel_form_pages.post("/<key>/stoppen")
@staff_only(Role.ADMIN)
def retire_form(key: str) -> ResponseReturnValue:
    """Offer a form no more; panels that started from it go on."""
    with unit_of_work():
        panel_forms.retire_form(key, current_actor(), at=now())
    flash(say("panel-form-retired"))
    return redirect(url_for("panel_forms.list_forms"))
