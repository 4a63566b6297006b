"""The pages of a member's own: what they did, what they may choose."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forum.accounts import service as accounts
from forum.accounts.errors import CurrentPasswordWrong, PasswordRefused, TooManyAttempts
from forum.accounts.forms import ChangePasswordForm
from forum.accounts.queries import get_account
from forum.accounts.rules import PASSWORD_LONGEST
from forum.accounts.signed_in import current_token
from forum.agenda.queries import LAST_ID
from forum.discussion import kept_posts
from forum.discussion.kept_posts import list_kept
from forum.discussion.queries import get_post, list_threads_of
from forum.invitations.queries import list_invitations_of
from forum.invitations.service import is_answerable
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.members import service as members
from forum.members.errors import NameOfRole, NameOfStaff
from forum.members.queries import get_member
from forum.mine.forms import LetGoForm, NameForm
from forum.panels.queries import list_judged_panels
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only
from forum.web.errors import in_words

mine_pages = Blueprint("mine", __name__, url_prefix="/mijn")


@mine_pages.get("/")
@members_only
def overview() -> ResponseReturnValue:
    """Show a member's own overview."""
    member = get_member(current_actor().member_id or 0)
    return render_template(
        "mine/overview.html",
        member=member,
        is_tenant=current_actor().is_tenant,
        threads=list_threads_of(member.id),
        judged_panels=list_judged_panels(member.id),
        invitations=[
            (invitation, is_answerable(invitation, now())) for invitation in list_invitations_of(member.id)
        ],
    )


@mine_pages.route("/naam", methods=["GET", "POST"])
@members_only
def rename() -> ResponseReturnValue:
    """Let a member choose the name they show."""
    member = get_member(current_actor().member_id or 0)
    form = NameForm(obj=member)
    if not form.validate_on_submit():
        return render_template("mine/name.html", form=form), form.status
    try:
        with unit_of_work():
            members.rename(get_member(member.id), form.display_name.data or "", at=now())
    except (NameOfRole, NameOfStaff) as refusal:
        form.display_name.errors = [say(refusal.code)]
        return render_template("mine/name.html", form=form), refusal.status
    flash(say("name-kept"))
    return redirect(url_for("mine.overview"))


@mine_pages.route("/wachtwoord", methods=["GET", "POST"])
@members_only
def change_password() -> ResponseReturnValue:
    """Let a member change their password; whoever finds a screen unlocked needs the old one too."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, status=form.status)
    try:
        _change_password(form.current.data or "", form.password.data or "")
    except TooManyAttempts as refusal:
        form.current.errors = [in_words(refusal)]
        return _password_page(form, status=refusal.status)
    except CurrentPasswordWrong as refusal:
        form.current.errors = [say(refusal.code)]
        return _password_page(form, status=422)
    except PasswordRefused as refusal:
        form.password.errors = [say(str(refusal.details["fault"]), most=PASSWORD_LONGEST)]
        return _password_page(form, status=422)
    flash(say("password-changed"))
    return redirect(url_for("mine.overview"))


@mine_pages.get("/bewaard")
@members_only
def show_kept() -> ResponseReturnValue:
    """Show the posts that a member keeps, last kept first."""
    before = request.args.get("voor", LAST_ID, type=int)
    page = list_kept(current_actor().member_id or 0, min(max(0, before), LAST_ID))
    return render_template("mine/kept.html", page=page, texts=[Markup(row.html) for row in page.rows])  # noqa: S704 - sanitised when it was written


@mine_pages.post("/bewaard")
@members_only
def let_go() -> ResponseReturnValue:
    """Take a post out of the list of a member."""
    form = LetGoForm.from_request()
    with unit_of_work():
        kept_posts.let_go(get_post(form.post_id.data or 0), current_actor())
    flash(say("post-let-go"))
    return redirect(url_for("mine.show_kept"))


def _password_page(form: ChangePasswordForm, *, status: int) -> ResponseReturnValue:
    return render_template("mine/password.html", form=form), status


def _change_password(current: str, new: str) -> None:
    """Change the password of whoever is signed in; a wrong old one counts as an attempt.

    Raises:
        TooManyAttempts: wait first.
        CurrentPasswordWrong: the old password is not right.
        PasswordRefused: the new one will not do.
    """
    member_id, at = current_actor().member_id or 0, now()
    with unit_of_work():
        attempt_id = accounts.take_attempt(f"password:{member_id}", request.remote_addr or "unknown", at=at)
    with unit_of_work():
        account = get_account(member_id)
        accounts.change_password(account, current, new, token=current_token(), at=at)
        accounts.give_attempt_back(attempt_id)


@mine_pages.post("/elders-uitloggen")
@members_only
def sign_out_elsewhere() -> ResponseReturnValue:
    """Close the sign-ins of a member in other browsers: a lost phone, a shared computer."""
    with unit_of_work():
        accounts.sign_out_elsewhere(current_actor(), current_token(), at=now())
    flash(say("signed-out-elsewhere"))
    return redirect(url_for("mine.overview"))
