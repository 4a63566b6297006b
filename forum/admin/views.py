"""Pages for the administrator: who has which role, and letters with a code."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.accounts.rules import shown_code
from forum.accounts.service import make_letter_code, request_activation
from forum.admin.forms import CodeForm, NewStaffForm, RoleForm
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.members import service as members
from forum.members.queries import find_tenant, get_member, list_staff
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only

admin_pages = Blueprint("admin", __name__, url_prefix="/beheer")


@admin_pages.get("/")
@staff_only()
def overview() -> ResponseReturnValue:
    """Show the staff what they can do here."""
    return render_template("admin/overview.html")


@admin_pages.get("/rollen")
@staff_only(Role.ADMIN)
def show_roles() -> ResponseReturnValue:
    """Show who has which role."""
    return _roles_page(NewStaffForm(formdata=None), status=200)


def _roles_page(form: NewStaffForm, *, status: int) -> ResponseReturnValue:
    return render_template("admin/roles.html", staff=list_staff(), form=form), status


@admin_pages.post("/rollen")
@staff_only(Role.ADMIN)
def add_staff() -> ResponseReturnValue:
    """Add somebody who is no tenant, with a role; they get a link to choose a password."""
    form = NewStaffForm()
    if not form.validate():
        return _roles_page(form, status=422)
    party = Party(form.party.data) if form.party.data else None
    with unit_of_work():
        members.add_staff_member(
            form.name.data or "",
            form.email.data or "",
            {Role(form.role.data)},
            party,
            current_actor(),
            at=now(),
        )
        request_activation(form.email.data or "", at=now())
    flash(say("staff-added"))
    return redirect(url_for("admin.show_roles"))


@admin_pages.post("/rollen/geven")
@staff_only(Role.ADMIN)
def grant_role() -> ResponseReturnValue:
    """Give a member a role."""
    form = RoleForm.from_request()
    party = Party(form.party.data) if form.party.data else None
    with unit_of_work():
        member = get_member(form.member.data or 0)
        members.grant_role(member, Role(form.role.data), party, current_actor(), at=now())
    flash(say("role-given"))
    return redirect(url_for("admin.show_roles"))


@admin_pages.post("/rollen/intrekken")
@staff_only(Role.ADMIN)
def revoke_role() -> ResponseReturnValue:
    """Take a role from a member."""
    form = RoleForm.from_request()
    with unit_of_work():
        members.revoke_role(
            get_member(form.member.data or 0), Role(form.role.data), current_actor(), at=now()
        )
    flash(say("role-taken"))
    return redirect(url_for("admin.show_roles"))


@admin_pages.route("/code", methods=["GET", "POST"])
@staff_only(Role.ADMIN)
def make_code() -> ResponseReturnValue:
    """Make the code of a letter for a tenant without e-mail; it is shown once."""
    form, code, member = CodeForm(), "", None
    if form.validate_on_submit():
        member = find_tenant(form.number.data or "")
        if member is None:
            form.number.errors = [say("unknown-number", number=form.number.data)]
        else:
            member_id = member.id
            with unit_of_work():
                code = shown_code(make_letter_code(get_member(member_id), current_actor(), at=now()))
    page = render_template("admin/code.html", form=form, code=code, member=member)
    return page, 422 if form.errors else 200
