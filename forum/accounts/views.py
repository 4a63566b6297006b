"""Pages to sign in and out, and to set a password with a link or a letter."""

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.accounts import service
from forum.accounts.errors import CodeRefused, PasswordRefused, SignInRefused
from forum.accounts.forms import ActivationRequestForm, LetterCodeForm, PasswordForm, SignInForm
from forum.accounts.letter_codes import open_letter_code
from forum.accounts.passwords import is_password
from forum.accounts.queries import find_account
from forum.accounts.rules import PASSWORD_LONGEST, plain_postcode
from forum.accounts.signed_in import end_session, start_session
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import ForumError
from forum.texts.catalogue import say
from forum.web.access import by_token, current_actor, members_only, public
from forum.web.errors import in_words
from forum.web.links import safe_next

log = structlog.get_logger()
account_pages = Blueprint("accounts", __name__)


def _address() -> str:
    return request.remote_addr or "unknown"


def _home() -> str:
    return url_for("home.front")


@account_pages.get("/inloggen")
@public
def sign_in() -> ResponseReturnValue:
    """Show the form to sign in; whoever is signed in goes on."""
    target = safe_next(request.args.get("next"))
    if current_actor().is_signed_in:
        return redirect(target or _home())
    return render_template("accounts/sign_in.html", form=SignInForm(next=target), refusal="")


@account_pages.post("/inloggen")
@public
def do_sign_in() -> ResponseReturnValue:
    """Check the password and open a sign-in."""
    form = SignInForm()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form, refusal=""), 422
    if form.is_trapped:
        return _refused_sign_in(form, SignInRefused())
    try:
        token = _checked_sign_in(form.email.data or "", form.password.data or "")
    except ForumError as refusal:
        return _refused_sign_in(form, refusal)
    _open_session(token)
    return redirect(safe_next(form.next.data) or _home())


def _refused_sign_in(form: SignInForm, refusal: ForumError) -> ResponseReturnValue:
    log.info("sign-in refused", reason=refusal.code)
    page = render_template("accounts/sign_in.html", form=form, refusal=in_words(refusal))
    return page, refusal.status


def _open_session(token: str) -> None:
    """Put a sign-in in the cookie; the one that was in it before is closed."""
    earlier = end_session()
    if earlier:
        with unit_of_work():
            service.sign_out(earlier)
    start_session(token)


def _checked_sign_in(name: str, password: str) -> str:
    """Return the token of a new sign-in.

    Raises:
        TooManyAttempts: wait first.
        SignInRefused: wrong name or password.
    """
    with unit_of_work():
        service.take_attempt(name, _address(), at=now())
    account = find_account(name)
    checked_hash = account.password_hash if account else None
    if not is_password(checked_hash, password):
        raise SignInRefused
    with unit_of_work():
        account = find_account(name)
        if account is None or checked_hash is None:
            raise SignInRefused
        token = service.sign_in_checked(account, checked_hash, at=now())
        log.info("signed in", member_id=account.member_id)
        return token


@account_pages.post("/uitloggen")
@public
def sign_out() -> ResponseReturnValue:
    """Close this sign-in and empty the cookie."""
    token = end_session()
    if token:
        with unit_of_work():
            service.sign_out(token)
    flash(say("signed-out"))
    answer = redirect(_home())
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@account_pages.get("/uitloggen")
@members_only
def ask_sign_out() -> ResponseReturnValue:
    """Ask whether to sign out: a link must not do it."""
    return render_template("accounts/sign_out.html")


@account_pages.get("/activeren")
@public
def ask_activation() -> ResponseReturnValue:
    """Ask for the e-mail address or the code of a letter."""
    return render_template("accounts/activate.html", form=ActivationRequestForm(), is_sent=False)


@account_pages.post("/activeren")
@public
def request_activation() -> ResponseReturnValue:
    """Mail a link when the address is known; answer the same when it is not."""
    form = ActivationRequestForm()
    if not form.validate():
        return render_template("accounts/activate.html", form=form, is_sent=False), 422
    at, email = now(), form.email.data or ""
    if not form.is_trapped:
        with unit_of_work():
            service.take_attempt(f"activation:{email}", _address(), at=at)
            service.request_activation(email, at=at)
    return render_template("accounts/activate.html", form=ActivationRequestForm(formdata=None), is_sent=True)


@account_pages.get("/code")
@public
def ask_code() -> ResponseReturnValue:
    """Ask for the code of a letter and the postcode."""
    form = LetterCodeForm(code=request.args.get("code", ""))
    return render_template("accounts/code.html", form=form, refusal="")


@account_pages.post("/code")
@public
def check_code() -> ResponseReturnValue:
    """Go on to what the letter is about when code and postcode belong together."""
    form = LetterCodeForm()
    if not form.validate():
        return render_template("accounts/code.html", form=form, refusal=""), 422
    try:
        path = _open_code(form.code.data or "", form.postcode.data or "")
    except ForumError as refusal:
        return render_template("accounts/code.html", form=form, refusal=in_words(refusal)), refusal.status
    if path is not None:
        return redirect(path)
    password_form = PasswordForm(formdata=None, code=form.code.data, postcode=form.postcode.data)
    return _password_page(password_form, url_for("accounts.activate_by_letter"))


def _open_code(code: str, postcode: str) -> str | None:
    """Return where a code leads, `None` for one to choose a password with.

    What is wrong counts as an attempt at this postcode.

    Raises:
        TooManyAttempts: wait first.
        CodeRefused: code and postcode do not belong together.
    """
    with unit_of_work():
        attempt_id = service.take_attempt("code:" + plain_postcode(postcode), _address(), at=now())
    with unit_of_work():
        path = open_letter_code(code, postcode, at=now())
        if path is None:
            service.check_letter_code(code, postcode, at=now())
        service.give_attempt_back(attempt_id)
    return path


def _password_page(
    form: PasswordForm, action: str, refusal: PasswordRefused | None = None
) -> ResponseReturnValue:
    """Show the form to choose a password, with the reason when one was refused."""
    if refusal:
        form.password.errors = [say(str(refusal.details["fault"]), most=PASSWORD_LONGEST)]
    page = render_template("accounts/password.html", form=form, action=action)
    return page, form.status


@account_pages.post("/code/wachtwoord")
@public
def activate_by_letter() -> ResponseReturnValue:
    """Set the password with the code of a letter and sign in."""
    form, action = PasswordForm(), url_for("accounts.activate_by_letter")
    if not form.validate():
        return _password_page(form, action)
    typed_code, postcode = form.code.data or "", form.postcode.data or ""
    _open_code(typed_code, postcode)
    try:
        with unit_of_work():
            code = service.check_letter_code(typed_code, postcode, at=now())
            token = service.sign_in(service.activate(code, form.password.data or "", at=now()), at=now())
    except PasswordRefused as refusal:
        return _password_page(form, action, refusal)
    return _welcome(token)


@account_pages.get("/code/wachtwoord")
@public
def return_to_code() -> ResponseReturnValue:
    """Lead whoever opens the address of the form to choose a password to the page where it begins."""
    return redirect(url_for("accounts.ask_code"))


@account_pages.get("/activeren/<token>")
@by_token
def choose_password(token: str) -> ResponseReturnValue:
    """Show the form to choose a password; opening the link changes nothing."""
    try:
        service.check_email_code(token, at=now())
    except CodeRefused as refusal:
        return _old_link_page(refusal)
    return _password_page(PasswordForm(), request.path)


def _old_link_page(refusal: CodeRefused) -> ResponseReturnValue:
    """Tell how to get a new link in the place of one that does not work any more."""
    return render_template("accounts/old_link.html"), refusal.status


@account_pages.post("/activeren/<token>")
@by_token
def activate_by_email(token: str) -> ResponseReturnValue:
    """Set the password with a mailed link and sign in."""
    form = PasswordForm()
    if not form.validate():
        return _password_page(form, request.path)
    try:
        with unit_of_work():
            code = service.check_email_code(token, at=now())
            signed_in = service.sign_in(service.activate(code, form.password.data or "", at=now()), at=now())
    except CodeRefused as refusal:
        return _old_link_page(refusal)
    except PasswordRefused as refusal:
        return _password_page(form, request.path, refusal)
    return _welcome(signed_in)


def _welcome(token: str) -> ResponseReturnValue:
    _open_session(token)
    flash(say("activated"))
    return redirect(_home())
