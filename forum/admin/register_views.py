"""The page on which the administrator imports the tenant register: choose a file, look, confirm."""

from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.admin.register_forms import ConfirmForm, ThrowAwayForm, UploadForm
from forum.kernel.actor import Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import unit_of_work
from forum.members.errors import LargeDeparture, RegisterChanged, UploadGone
from forum.members.import_service import Agreement, import_register, preview_register
from forum.members.import_uploads import drop_upload, get_upload, keep_upload
from forum.members.register_cells import limits_on
from forum.members.register_columns import COLUMNS, REQUIRED
from forum.members.register_diff import GoneMember, RegisterDiff
from forum.members.register_faults import RowError
from forum.members.register_rows import Register, RegisterRow, read_register
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only

register_pages = Blueprint("register", __name__, url_prefix="/beheer/register")

SHOWN_MEMBERS = 20
SHOWN_ERRORS = 100


@register_pages.get("")
@staff_only(Role.ADMIN)
def show() -> ResponseReturnValue:
    """Show how a register file must look, and the form to send one."""
    return _upload_page(UploadForm(formdata=None), None)


@register_pages.post("")
@staff_only(Role.ADMIN)
def upload() -> ResponseReturnValue:
    """Read a register file and show what it would change; nothing changes yet."""
    form = UploadForm()
    if not form.validate():
        return _upload_page(form, None), 422
    data = form.file.data.read()
    register = read_register(data, limits_on(local_day(now())))
    if register.error_count:
        return _upload_page(UploadForm(formdata=None), register, form.name), 422
    diff = preview_register(register, current_actor())
    token = keep_upload(_folder(), data, _member_id(), at=now())
    return _preview_page(token, diff, refusal="", name=form.name)


@register_pages.post("/bevestigen")
@staff_only(Role.ADMIN)
def confirm() -> ResponseReturnValue:
    """Import the file that was shown, if it still does what was shown."""
    form = ConfirmForm.from_request()
    token = form.token.data or ""
    data = get_upload(_folder(), token, _member_id(), at=now())
    register = read_register(data, limits_on(local_day(now())))
    if register.sha256 != form.sha256.data:
        raise UploadGone
    agreed = Agreement(fingerprint=form.fingerprint.data or "", large_departure=bool(form.departures.data))
    try:
        with unit_of_work():
            diff = import_register(register, current_actor(), at=now(), agreed=agreed)
    except (RegisterChanged, LargeDeparture) as refusal:
        diff = preview_register(register, current_actor())
        return _preview_page(token, diff, refusal=refusal.code), refusal.status
    drop_upload(_folder(), token, _member_id())
    flash(say("register-imported", **diff.counts))
    return redirect(url_for("register.show"))


@register_pages.get("/bevestigen")
@staff_only(Role.ADMIN)
def return_to_upload() -> ResponseReturnValue:
    """Lead whoever opens the address of the form to confirm to the page where it begins."""
    return redirect(url_for("register.show"))


@register_pages.post("/weggooien")
@staff_only(Role.ADMIN)
def throw_away() -> ResponseReturnValue:
    """Delete an uploaded file that was not imported."""
    drop_upload(_folder(), ThrowAwayForm.from_request().token.data or "", _member_id())
    flash(say("register-thrown-away"))
    return redirect(url_for("register.show"))


def _folder() -> Path:
    instance: Path = current_app.config["SETTINGS"].instance_path
    return instance / "uploads"


def _member_id() -> int:
    member_id = current_actor().member_id
    assert member_id is not None, "the page is for administrators"
    return member_id


def _upload_page(form: UploadForm, register: Register | None, name: str = "") -> str:
    errors = register.errors[:SHOWN_ERRORS] if register else []
    return render_template(
        "admin/register.html",
        form=form,
        name=name,
        columns=COLUMNS,
        required=REQUIRED,
        errors=[_error_cells(error) for error in errors],
        error_count=register.error_count if register else 0,
    )


def _error_cells(error: RowError) -> tuple[str, str, str]:
    row = say("register-row", row=error.row) if error.row else say("register-whole-file")
    return row, error.column, say(f"register-fault-{error.code}", **error.details)


def _preview_page(token: str, diff: RegisterDiff, *, refusal: str, name: str = "") -> str:
    form = ConfirmForm(formdata=None, token=token, sha256=diff.sha256, fingerprint=diff.fingerprint)
    if refusal == LargeDeparture.code:
        form.departures.errors = [say(refusal, gone=len(diff.gone))]
    return render_template(
        "admin/register_preview.html",
        form=form,
        token=token,
        name=name,
        diff=diff,
        is_outdated=refusal == RegisterChanged.code,
        new=[(row.number, _name(row)) for row in diff.new[:SHOWN_MEMBERS]],
        changed=[
            (
                change.row.number,
                _name(change.row),
                ", ".join(say(f"register-field-{name}") for name in change.fields),
            )
            for change in diff.changed[:SHOWN_MEMBERS]
        ],
        gone=[(member.number, _name(member)) for member in diff.gone[:SHOWN_MEMBERS]],
        shown=SHOWN_MEMBERS,
    )


def _name(person: RegisterRow | GoneMember) -> str:
    return f"{person.first_name} {person.last_name}".strip()
