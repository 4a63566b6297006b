"""Pages of polls: making and changing one, answering it, its result."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.discussion.poll_notes import POLL_NOTES
from forum.discussion.queries import get_thread, get_thread_row
from forum.discussion.rules import PostSource
from forum.kernel.actor import Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import unit_of_work
from forum.members.errors import UnknownTenant
from forum.polls import policy, service
from forum.polls.errors import PollChanged, PollClosed, PollHasBallots, TenantVoted
from forum.polls.forms import (
    BallotForm,
    ClosePollForm,
    EnteredBallotForm,
    PollForm,
    ballot_form,
    chosen_before,
)
from forum.polls.models import Poll
from forum.polls.queries import find_own_ballot, get_poll
from forum.polls.result import result_of, turnout_of
from forum.polls.rules import BASE_FEWEST, ResultState, result_state
from forum.polls.thread_notes import poll_notes
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only, readers, staff_only
from forum.web.errors import in_words

poll_pages = Blueprint("polls", __name__)
POLL_NOTES.register(poll_notes)
ENTERING = (Role.MODERATOR, Role.DELEGATE)


def _back_to(poll_id: int) -> ResponseReturnValue:
    return redirect(url_for("polls.show_poll", poll_id=poll_id))


def _get_open_poll(poll_id: int) -> Poll:
    poll = get_poll(poll_id)
    if not poll.is_open(now()):
        raise PollClosed
    return poll


@poll_pages.route("/onderwerpen/<int:topic_id>/peiling", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def make_poll(topic_id: int) -> ResponseReturnValue:
    """Put a poll on a topic."""
    thread, form = get_thread(topic_id), PollForm()
    if not form.validate_on_submit():
        page = render_template("polls/edit.html", thread=thread, form=form, poll=None)
        return page, form.status
    with unit_of_work():
        poll = service.make_poll(get_thread_row(topic_id), form.to_text(), current_actor(), at=now())
        poll_id = poll.id
    flash(say("poll-made"))
    return _back_to(poll_id)


@poll_pages.route("/peilingen/<int:poll_id>/wijzigen", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def change_poll(poll_id: int) -> ResponseReturnValue:
    """Change a poll that nobody answered yet."""
    poll = _get_open_poll(poll_id)
    if poll.ballot_count:
        raise PollHasBallots
    form = PollForm(**_standing_text(poll))
    if not form.validate_on_submit():
        page = render_template("polls/edit.html", thread=poll.thread, form=form, poll=poll)
        return page, form.status
    with unit_of_work():
        service.change_poll(get_poll(poll_id), form.to_text(), current_actor(), at=now())
    flash(say("poll-kept"))
    return _back_to(poll_id)


def _standing_text(poll: Poll) -> dict[str, Any]:
    return {
        "question": poll.question,
        "options": "\n".join(option.text for option in poll.options),
        "kind": poll.kind.value,
        "most_choices": max(2, poll.most_choices),
        "closes_on": local_day(poll.closes_at),
        "is_result_after_closing": poll.is_result_after_closing,
    }


@poll_pages.route("/peilingen/<int:poll_id>/sluiten", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def close_poll(poll_id: int) -> ResponseReturnValue:
    """Ask why a poll closes before its date, and close it."""
    poll, form = _get_open_poll(poll_id), ClosePollForm()
    if not form.validate_on_submit():
        page = render_template("polls/close.html", poll=poll, form=form)
        return page, form.status
    with unit_of_work():
        service.close_poll(get_poll(poll_id), form.why.data or "", current_actor(), at=now())
    flash(say("poll-closed-now"))
    return _back_to(poll_id)


@poll_pages.get("/peilingen/<int:poll_id>")
@readers
def show_poll(poll_id: int) -> ResponseReturnValue:
    """Show a poll: the question, the form to answer it, and the result when that can be read."""
    return _poll_page(get_poll(poll_id), None)


@poll_pages.post("/peilingen/<int:poll_id>")
@members_only
def cast_ballot(poll_id: int) -> ResponseReturnValue:
    """Record what a tenant answers, or answers now."""
    poll = get_poll(poll_id)
    form = ballot_form(poll)
    if not form.validate():
        return _poll_page(poll, form, status=422)
    try:
        with unit_of_work():
            service.cast_ballot(get_poll(poll_id), form.to_answer(), current_actor(), at=now())
    except PollChanged as refusal:
        return _poll_page(get_poll(poll_id), None, say(refusal.code), status=refusal.status)
    flash(say("ballot-kept"))
    return _back_to(poll_id)


def _poll_page(
    poll: Poll, form: BallotForm | None, refusal: str = "", *, status: int = 200
) -> ResponseReturnValue:
    actor = current_actor()
    own, takes_ballots = find_own_ballot(poll.id, actor.member_id), poll.is_open(now())
    state = result_state(
        takes_ballots=takes_ballots,
        after_closing=poll.is_result_after_closing,
        has_voted=own is not None,
        ballots=poll.ballot_count,
    )
    lines = result_of(poll) if state is ResultState.SHOWN else []
    may_make = policy.can_make_poll(actor)
    page = render_template(
        "polls/poll.html",
        poll=poll,
        is_open=takes_ballots,
        own=own,
        form=form
        or ballot_form(poll, formdata=None, **chosen_before(poll.kind, own.positions if own else ())),
        refusal=refusal,
        turnout=turnout_of(poll),
        result_state=state,
        lines=lines,
        table_rows=[line.as_row(poll.kind) for line in lines],
        base_fewest=BASE_FEWEST,
        may={
            "answer": takes_ballots and policy.can_answer_poll(actor),
            "enter": takes_ballots and policy.can_enter_ballot(actor),
            "change": takes_ballots and may_make and not poll.ballot_count,
            "close": takes_ballots and may_make,
        },
    )
    return page, status


@poll_pages.route("/peilingen/<int:poll_id>/invoeren", methods=["GET", "POST"])
@staff_only(*ENTERING)
def enter_ballot(poll_id: int) -> ResponseReturnValue:
    """Enter what a tenant answered on paper, by phone or at a meeting, and go on with the next."""
    poll = _get_open_poll(poll_id)
    form = ballot_form(poll, EnteredBallotForm)
    if not form.validate_on_submit():
        return _entering_page(poll, form, status=form.status)
    number, source = form["number"].data, PostSource(form["source"].data)
    try:
        with unit_of_work():
            service.enter_ballot(
                get_poll(poll_id), form.to_answer(), number, source, current_actor(), at=now()
            )
    except (UnknownTenant, TenantVoted) as refusal:
        return _entering_page(get_poll(poll_id), form, in_words(refusal), status=422)
    except PollChanged as refusal:
        poll = get_poll(poll_id)
        form = ballot_form(poll, EnteredBallotForm, formdata=None, number=number, source=source.value)
        return _entering_page(poll, form, say(refusal.code), status=refusal.status)
    flash(say("ballot-entered"))
    return redirect(url_for("polls.enter_ballot", poll_id=poll_id))


def _entering_page(poll: Poll, form: BallotForm, refusal: str = "", *, status: int) -> ResponseReturnValue:
    return render_template("polls/enter.html", poll=poll, form=form, refusal=refusal), status
