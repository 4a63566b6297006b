"""Pages for the administrator: the parties, who has which role, and the code of one letter."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.accounts.rules import shown_code
from forum.accounts.service import make_letter_code, request_activation
from forum.admin import service
from forum.admin.forms import CodeForm, GrantForm, NewStaffForm, RoleForm, SiteForm, TenantGrantForm
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import ForumError
from forum.members import service as members
from forum.members.errors import AddressInUse, GrantRefused, TenantAddress, TwoParties
from forum.members.models import Member
from forum.members.queries import (
    find_by_number,
    find_tenant,
    get_member,
    list_staff,
    list_tenants_by_email,
)
from forum.settings.queries import get_site_row
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.errors import in_words

admin_pages = Blueprint("admin", __name__, url_prefix="/beheer")


@admin_pages.get("/")
@staff_only()
def overview() -> ResponseReturnValue:
    """Show the staff what they can do here."""
    actor = current_actor()
    return render_template(
        "admin/overview.html",
        may={
            "register": actor.has_role(Role.ADMIN),
            "moderation": actor.has_role(Role.MODERATOR),
            "mail": actor.has_role(Role.ADMIN, Role.MODERATOR),
            "panels": actor.has_role(Role.MODERATOR, Role.DELEGATE, Role.COORDINATOR),
        },
    )


@admin_pages.route("/gegevens", methods=["GET", "POST"])
@staff_only(Role.ADMIN)
def change_site() -> ResponseReturnValue:
    """Show what the parties are called and how to reach them, and change that."""
    site = get_site_row()
    form = SiteForm(obj=site)
    if not form.validate_on_submit():
        return render_template("admin/site.html", form=form), form.status
    with unit_of_work():
        service.change_site(
            get_site_row(),
            current_actor(),
            landlord_name=form.landlord_name.data or "",
            tenants_name=form.tenants_name.data or "",
            help_phone=form.help_phone.data or "",
            post_address=form.post_address.data or "",
            at=now(),
        )
    flash(say("site-changed"))
    return redirect(url_for("admin.change_site"))


@admin_pages.get("/rollen")
@staff_only(Role.ADMIN)
def show_roles() -> ResponseReturnValue:
    """Show who has which role."""
    return _roles_page(status=200)


def _roles_page(
    form: NewStaffForm | None = None,
    grant_form: GrantForm | None = None,
    tenant_form: TenantGrantForm | None = None,
    *,
    status: int,
    tenants: Sequence[Member] = (),
) -> ResponseReturnValue:
    """Show the page with the form that was refused, and the tenants who have the address that was typed."""
    staff = list_staff()
    page = render_template(
        "admin/roles.html",
        staff=staff,
        form=form or NewStaffForm(formdata=None),
        grant_form=(grant_form or GrantForm(formdata=None)).offer(staff),
        tenant_form=tenant_form or TenantGrantForm(formdata=None),
        tenants=tenants,
    )
    return page, status


@admin_pages.post("/rollen")
@staff_only(Role.ADMIN)
def add_staff() -> ResponseReturnValue:
    """Add somebody who is no tenant, with a role; they get a link to choose a password."""
    form = NewStaffForm()
    if not form.validate():
        return _roles_page(form, status=422)
    party = Party(form.party.data) if form.party.data else None
    name, email = form.name.data or "", form.email.data or ""
    try:
        with unit_of_work():
            members.add_staff_member(name, email, {Role(form.role.data)}, party, current_actor(), at=now())
            request_activation(email, at=now())
    except (AddressInUse, GrantRefused, TenantAddress) as error:
        field = form.party if isinstance(error, GrantRefused) else form.email
        field.errors = [in_words(error)]
        tenants = list_tenants_by_email(email.lower()) if isinstance(error, TenantAddress) else ()
        return _roles_page(form, status=error.status, tenants=tenants)
    flash(say("staff-added"))
    return redirect(url_for("admin.show_roles"))


@admin_pages.post("/rollen/geven")
@staff_only(Role.ADMIN)
def grant_role() -> ResponseReturnValue:
    """Give one more role to somebody who has one."""
    form = GrantForm().offer(list_staff())
    if not form.validate():
        return _roles_page(grant_form=form, status=422)
    refusal = _grant(form.member.data, form)
    return _roles_page(grant_form=form, status=refusal.status) if refusal else _role_given()


@admin_pages.post("/rollen/huurder")
@staff_only(Role.ADMIN)
def grant_tenant_role() -> ResponseReturnValue:
    """Give a role to a tenant, by their number."""
    form = TenantGrantForm()
    if not form.validate():
        return _roles_page(tenant_form=form, status=422)
    tenant = find_by_number(form.number.data or "")
    if tenant is None:
        form.number.errors = [say("unknown-number", number=form.number.data)]
        return _roles_page(tenant_form=form, status=422)
    refusal = _grant(tenant.id, form)
    return _roles_page(tenant_form=form, status=refusal.status) if refusal else _role_given()


def _grant(member_id: int, form: GrantForm | TenantGrantForm) -> ForumError | None:
    """Give the role that was chosen, or put the reason why not beside the party."""
    party = Party(form.party.data) if form.party.data else None
    try:
        with unit_of_work():
            members.grant_role(get_member(member_id), Role(form.role.data), party, current_actor(), at=now())
    except (GrantRefused, TwoParties) as refusal:
        form.party.errors = [in_words(refusal)]
        return refusal
    return None


def _role_given() -> ResponseReturnValue:
    flash(say("role-given"))
    return redirect(url_for("admin.show_roles"))


@admin_pages.get("/rollen/geven")
@admin_pages.get("/rollen/huurder")
@staff_only(Role.ADMIN)
def return_to_roles() -> ResponseReturnValue:
    """Lead whoever opens the address of a form that was refused to the page."""
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
    return page, form.status
