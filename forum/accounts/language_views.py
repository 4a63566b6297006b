"""The page on which everybody chooses the language in which they read the forum."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.accounts import service
from forum.accounts.forms import LanguageForm
from forum.kernel.database import unit_of_work
from forum.texts.language import LANGUAGES
from forum.web.access import current_actor, public
from forum.web.links import safe_next

language_pages = Blueprint("languages", __name__)
YEAR_SECONDS = 365 * 24 * 3600


@language_pages.get("/taal")
@public
def choose() -> ResponseReturnValue:
    """Show the languages, each by its own name."""
    return _page(LanguageForm(formdata=None, next=safe_next(request.args.get("next"))))


@language_pages.post("/taal")
@public
def do_choose() -> ResponseReturnValue:
    """Keep the choice: in this browser, and for a member everywhere and in their mail."""
    form = LanguageForm()
    if not form.validate():
        return _page(form), 422
    language = str(form.language.data)
    if current_actor().is_signed_in:
        with unit_of_work():
            service.choose_language(current_actor(), language)
    answer = redirect(safe_next(form.next.data) or url_for("home.front"))
    answer.set_cookie(
        current_app.config["LANGUAGE_COOKIE_NAME"],
        language,
        max_age=YEAR_SECONDS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def _page(form: LanguageForm) -> str:
    return render_template("accounts/language.html", form=form, languages=LANGUAGES)
