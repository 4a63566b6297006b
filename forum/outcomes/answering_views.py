"""Pages for who answers: what waits for an answer, answering, telling of the work."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.actor import Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import Forbidden
from forum.outcomes import answering, policy, queries
from forum.outcomes.errors import AnswerChanged
from forum.outcomes.forms import AnswerForm, WorkForm
from forum.outcomes.logbook import log_entries
from forum.outcomes.models import Recommendation
from forum.outcomes.rules import Standing, standing_of
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.errors import in_words

answering_pages = Blueprint("answering", __name__)
VOICES = (Role.MODERATOR, Role.DELEGATE)


@answering_pages.get("/beheer/adviezen")
@staff_only(*VOICES)
def show_waiting() -> ResponseReturnValue:
    """Show what waits for an answer, what was promised, and how many letters must go."""
    today, actor = local_day(now()), current_actor()
    rows = [(row, standing_of(row.course, today)) for row in queries.list_waiting()]
    unanswered = (Standing.WAITING, Standing.OVERDUE)
    return render_template(
        "outcomes/waiting.html",
        unanswered=[pair for pair in rows if pair[1] in unanswered],
        promised=[pair for pair in rows if pair[1] not in unanswered],
        letter_count=queries.count_letters(),
        may_answer=policy.can_answer_recommendation(actor),
        may_post=policy.can_post_letters(actor),
    )


@answering_pages.route("/adviezen/<int:recommendation_id>/antwoord", methods=["GET", "POST"])
@staff_only(*VOICES)
def give_answer(recommendation_id: int) -> ResponseReturnValue:
    """Answer a recommendation, or change the answer."""
    row = _to_answer(recommendation_id)
    form = AnswerForm(obj=row.answer, data={} if row.answer else {"version": 0})
    if not form.validate_on_submit():
        return _answer_page(row, form, status=form.status)
    try:
        with unit_of_work():
            row, shown = queries.get_published(recommendation_id), form.version.data or 0
            answering.give_answer(row, shown, form.to_text(), current_actor(), at=now())
            back = _place(row)
    except AnswerChanged as refusal:
        row = queries.get_published(recommendation_id)
        form.version.raw_data, form.version.data = None, row.answer_version
        return _answer_page(row, form, refusal=in_words(refusal), status=refusal.status)
    flash(say("answer-kept"))
    return redirect(back)


def _to_answer(recommendation_id: int) -> Recommendation:
    """Return a published recommendation, to who answers for the landlord.

    Raises:
        NotFound: there is none.
        Forbidden: the actor does not.
    """
    row = queries.get_published(recommendation_id)
    if not policy.can_answer_recommendation(current_actor()):
        raise Forbidden(action="answer-recommendation", recommendation_id=row.id)
    return row


def _answer_page(
    row: Recommendation, form: AnswerForm, *, refusal: str = "", status: int
) -> ResponseReturnValue:
    [entry] = log_entries([row], local_day(now()))
    return render_template("outcomes/answer.html", entry=entry, form=form, refusal=refusal), status


def _place(row: Recommendation) -> str:
    return url_for("outcomes.show_logbook", topic_id=row.thread_id) + f"#advies-{row.number}"


@answering_pages.route("/adviezen/<int:recommendation_id>/voortgang", methods=["GET", "POST"])
@staff_only(*VOICES)
def report_work(recommendation_id: int) -> ResponseReturnValue:
    """Tell how far the work is that an answer promised."""
    row, form, today = _to_answer(recommendation_id), WorkForm(), local_day(now())
    if not form.validate_on_submit():
        [entry] = log_entries([row], today)
        return render_template("outcomes/work.html", entry=entry, form=form), form.status
    done_on = form.day_done(today)
    with unit_of_work():
        row = queries.get_published(recommendation_id)
        answering.report_work(row, form.text.data or "", current_actor(), done_on=done_on, at=now())
        back = _place(row)
    flash(say("work-kept"))
    return redirect(back)
