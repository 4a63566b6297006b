"""Pages of statutory advice for the delegates of both parties: the clock, each step, letters, the dossier."""

import secrets
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.advice import policy, queries, service
from forum.advice.dossier import attached_files
from forum.advice.errors import (
    CaseChanged,
    DayNotPossible,
    PeriodTooShort,
    StepNotPossible,
    TextNeeded,
    TooEarly,
)
from forum.advice.forms import StartForm, StepForm
from forum.advice.models import AdviceCase
from forum.advice.page import (
    LETTERS,
    carry_out_line,
    days_left,
    history_of,
    letter_draft,
    public_notes,
    timeline_of,
    waits_for,
)
from forum.advice.rules import CaseKind, StepKind, Terms
from forum.agenda.advice_notes import register_advice_source
from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import unit_of_work
from forum.kernel.documents import MEDIA_TYPES, DocumentKind
from forum.kernel.errors import ForumError, NotFound
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.downloads import shown_file
from forum.web.errors import in_words
from forum.web.pdf import AttachedFile, make_private_pdf, render_letter
from forum.web.templating import current_site
from forum.web.times import show_day

advice_pages = Blueprint("advice", __name__, url_prefix="/advies")
register_advice_source(public_notes)

PDF = MEDIA_TYPES[DocumentKind.PDF]
PATHS = {
    "ontvangen": StepKind.RECEIVED,
    "advies": StepKind.ADVISED,
    "besluit": StepKind.DECIDED,
    "verlengen": StepKind.EXTENSION_ASKED,
    "akkoord": StepKind.EXTENSION_AGREED,
    "niet-akkoord": StepKind.EXTENSION_REFUSED,
    "aanvulling": StepKind.NOTED,
    "intrekken": StepKind.WITHDRAWN,
    "uitgevoerd": StepKind.CARRIED_OUT,
}


@advice_pages.get("/")
@staff_only(Role.DELEGATE)
def list_cases() -> ResponseReturnValue:
    """List the cases with what each waits for, the newest first."""
    today, site = local_day(now()), current_site()
    rows = [
        (case, waits_for(clock, site, today), clock.is_over(today))
        for case in queries.list_cases()
        for clock in [case.clock]
    ]
    return render_template("advice/list.html", rows=rows, kind=_own_kind())


@advice_pages.route("/nieuw", methods=["GET", "POST"])
@staff_only(Role.DELEGATE)
def start_case() -> ResponseReturnValue:
    """Let the landlord ask for advice, and the tenant organisation give it unasked."""
    kind, terms = _own_kind(), _terms()
    form = StartForm(days=terms.advice_days, form_key=secrets.token_urlsafe(16))
    form.fit(kind, queries.list_topics())
    if not form.validate_on_submit():
        return _start_page(form, kind, terms)
    try:
        with unit_of_work():
            draft = form.to_draft(kind, terms)
            case = service.start_case(draft, current_actor(), least_days=terms.advice_days, at=now())
            case_id = case.id
    except PeriodTooShort as refusal:
        form.days.errors = [in_words(refusal)]
        return _start_page(form, kind, terms)
    flash(say(f"statutory-advice-started-{kind}"))
    return redirect(url_for("advice.show_case", case_id=case_id))


def _own_kind() -> CaseKind:
    return CaseKind.REQUESTED if current_actor().party is Party.LANDLORD else CaseKind.UNSOLICITED


def _terms() -> Terms:
    settings = current_app.config["SETTINGS"]
    return Terms(settings.advice_days, settings.advice_reasons_days, settings.advice_wait_days)


def _start_page(form: StartForm, kind: CaseKind, terms: Terms) -> ResponseReturnValue:
    page = render_template("advice/start.html", form=form, kind=kind, terms=terms)
    return page, form.status


@advice_pages.get("/<int:case_id>")
@staff_only(Role.DELEGATE)
def show_case(case_id: int) -> ResponseReturnValue:
    """Show a case: whose turn it is and until when, what can be done, and all that was done."""
    return _case_page(queries.get_case(case_id))


def _case_page(case: AdviceCase, refusal: str = "") -> str:
    clock, today = case.clock, local_day(now())
    possible = policy.steps_of(current_actor(), clock, today)
    return render_template(
        "advice/case.html",
        refusal=refusal,
        **_shown(case),
        timeline=timeline_of(clock),
        waiting=waits_for(clock, current_site(), today),
        left=days_left(clock, today),
        is_over=clock.is_over(today),
        asked=clock.asked,
        steps=[(path, kind) for path, kind in PATHS.items() if kind in possible],
        letters=LETTERS,
    )


def _shown(case: AdviceCase) -> dict[str, object]:
    """Return what the page of a case and its dossier both show."""
    return {
        "case": case,
        "clock": case.clock,
        "history": history_of(case, current_site()),
        "carry_out": carry_out_line(case.clock),
    }


@advice_pages.route("/<int:case_id>/<path_name>", methods=["GET", "POST"])
@staff_only(Role.DELEGATE)
def take_step(case_id: int, path_name: str) -> ResponseReturnValue:
    """Show the form of one step, and take it."""
    kind = PATHS.get(path_name)
    if kind is None:
        raise NotFound(step=path_name)
    case = queries.get_case(case_id)
    draft = letter_draft(case, kind)
    form = StepForm(shown=len(case.steps), text=draft, day=local_day(now()))
    form.fit(kind, case.clock)
    if not form.validate_on_submit():
        if not form.errors and kind not in policy.steps_of(current_actor(), case.clock, local_day(now())):
            return _case_page(case, say(StepNotPossible.code)), HTTPStatus.CONFLICT
        return _step_page(case, kind, form), form.status
    if form.preview.data:
        return _letter(case, form.text.data or "", current_actor().party, local_day(now()))
    return _take(case_id, kind, form)


def _take(case_id: int, kind: StepKind, form: StepForm) -> ResponseReturnValue:
    try:
        with unit_of_work():
            service.take_step(queries.get_case(case_id), form.to_step(kind), current_actor(), at=now())
    except (CaseChanged, StepNotPossible, TextNeeded, DayNotPossible, TooEarly) as refusal:
        return _refused_step(queries.get_case(case_id), kind, form, refusal)
    flash(say(f"statutory-advice-done-{kind}"))
    return redirect(url_for("advice.show_case", case_id=case_id))


def _refused_step(
    case: AdviceCase, kind: StepKind, form: StepForm, refusal: ForumError
) -> ResponseReturnValue:
    """Show what was typed with the reason; from now on the form knows the steps that came in between."""
    form.shown.raw_data, form.shown.data = None, len(case.steps)
    details = {
        name: show_day(value) if isinstance(value, date) else value for name, value in refusal.details.items()
    }
    return _step_page(case, kind, form, say(refusal.code, **details)), refusal.status


def _step_page(case: AdviceCase, kind: StepKind, form: StepForm, refusal: str = "") -> str:
    return render_template(
        "advice/step.html",
        case=case,
        clock=case.clock,
        kind=kind,
        form=form,
        refusal=refusal,
        is_letter=kind in LETTERS,
        asks_for=case.clock.asked.days if case.clock.asked else None,
    )


@advice_pages.get("/<int:case_id>/brief/<int:number>")
@staff_only(Role.DELEGATE)
def download_letter(case_id: int, number: int) -> ResponseReturnValue:
    """Send the letter of a step as PDF."""
    case = queries.get_case(case_id)
    step = next((step for step in case.steps if step.number == number and step.kind in LETTERS), None)
    if step is None:
        raise NotFound(case_id=case_id, step=number)
    return _letter(case, step.text, step.party, step.day)


@advice_pages.get("/<int:case_id>/dossier")
@staff_only(Role.DELEGATE)
def show_dossier(case_id: int) -> ResponseReturnValue:
    """Show the whole case to read or print."""
    return _dossier(queries.get_case(case_id), None)


@advice_pages.get("/<int:case_id>/dossier.pdf")
@staff_only(Role.DELEGATE)
def download_dossier(case_id: int) -> ResponseReturnValue:
    """Send the whole case as PDF, with its documents inside."""
    case = queries.get_case(case_id)
    attached = attached_files(case)
    made = make_private_pdf(_dossier(case, attached), list(attached.values()))
    return shown_file(made, PDF, f"advies-{case_id}.pdf")


def _dossier(case: AdviceCase, attached: Mapping[int, AttachedFile] | None) -> str:
    """Return the dossier as a page; for a PDF with the documents that are `attached`, by their id."""
    return render_template("advice/dossier.html", **_shown(case), attached=attached, on=local_day(now()))


def _letter(case: AdviceCase, text: str, party: Party | None, day: date) -> Response:
    page = render_letter("advice/letter.html", case=case, text=text, party=party, day=day)
    return shown_file(make_private_pdf(page), PDF, f"brief-advies-{case.id}.pdf")
