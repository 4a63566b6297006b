"""Pages of the agenda: what the year is about, and how the parties agree on it."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.agenda import deciding, service, signing
from forum.agenda.comparison import compare_versions
from forum.agenda.debate_states import list_debate_states
from forum.agenda.errors import AgendaPublished, TextChanged, TopicClosed
from forum.agenda.forms import (
    ApprovalForm,
    DecisionForm,
    PeriodForm,
    RatingForm,
    ResumeForm,
    SuggestionForm,
    TopicForm,
    ViewForm,
)
from forum.agenda.models import Agenda, Topic
from forum.agenda.overview import AgendaYears, agenda_overview, agenda_years, topic_permissions
from forum.agenda.queries import LAST_ID, get_agenda, get_topic
from forum.agenda.rules import AgendaState, DecisionKind, TopicState
from forum.agenda.topic_page import find_version, get_visible_topic, standing_forms, topic_values
from forum.kernel.actor import Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import ForumError
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only, readers, staff_only
from forum.web.errors import in_words
from forum.web.forms import PageForm

agenda_pages = Blueprint("agenda", __name__, url_prefix="/agenda")


def _back_to(topic_id: int) -> ResponseReturnValue:
    return redirect(url_for("agenda.show_topic", topic_id=topic_id))


@agenda_pages.get("/")
@readers
def show_current() -> ResponseReturnValue:
    """Go to the agenda of the last year there is; before the first one, tell what will come here."""
    years = _years()
    if not years.existing:
        return render_template("agenda/no_agenda.html", years=years)
    return redirect(url_for("agenda.show_agenda", year=years.existing[0]))


@agenda_pages.get("/<int:year>")
@readers
def show_agenda(year: int) -> ResponseReturnValue:
    """Show the topics of a year and how far the parties are."""
    agenda = get_agenda(year)
    debates = list_debate_states(agenda.id, at=now()) if agenda.state is AgendaState.PUBLISHED else {}
    overview = agenda_overview(
        agenda,
        current_actor(),
        ideas_before=_number("ideeen", LAST_ID),
        closed_before=_number("gesloten", LAST_ID),
    )
    return render_template(
        "agenda/agenda.html", agenda=agenda, overview=overview, years=_years(), debates=debates
    )


def _years() -> AgendaYears:
    return agenda_years(current_actor(), this_year=local_day(now()).year)


def _number(name: str, otherwise: int) -> int:
    """Return a whole number from the address; a hand-made one counts as not given."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number <= LAST_ID else otherwise


@agenda_pages.route("/<int:year>/beginnen", methods=["GET", "POST"])
@staff_only(Role.DELEGATE)
def start_agenda(year: int) -> ResponseReturnValue:
    """Let a delegate of either party start the agenda of a year; the settings say how many topics it gets."""
    topics_wanted = current_app.config["SETTINGS"].topics_per_year
    if request.method == "GET":
        service.check_startable(year, current_actor(), at=now())
        return render_template("agenda/start.html", year=year, topics_wanted=topics_wanted)
    with unit_of_work():
        service.start_agenda(year, topics_wanted, current_actor(), at=now())
    flash(say("agenda-started", year=year))
    return redirect(url_for("agenda.show_agenda", year=year))


@agenda_pages.route("/<int:year>/idee", methods=["GET", "POST"])
@members_only
def suggest_topic(year: int) -> ResponseReturnValue:
    """Let a member suggest a topic."""
    agenda, form = _open_agenda(year), SuggestionForm()
    if not form.validate_on_submit():
        return _form_page("agenda/suggest.html", form, agenda=agenda)
    with unit_of_work():
        topic = service.suggest_topic(
            get_agenda(year), form.title.data or "", form.why.data or "", current_actor(), at=now()
        )
        topic_id = topic.id
    flash(say("topic-suggested"))
    return _back_to(topic_id)


@agenda_pages.route("/<int:year>/voorstel", methods=["GET", "POST"])
@staff_only(Role.DELEGATE)
def propose_topic(year: int) -> ResponseReturnValue:
    """Let a delegate propose a topic for their party."""
    agenda, form = _open_agenda(year), TopicForm()
    if not form.validate_on_submit():
        return _form_page("agenda/edit.html", form, agenda=agenda, topic=None, refusal="")
    try:
        with unit_of_work():
            topic = service.propose_topic(get_agenda(year), form.to_text(), current_actor(), at=now())
            topic_id, key = topic.id, "topic-to-mark" if topic.text.needs_mark else "topic-proposed"
    except ForumError as refusal:
        return _refused_edit(refusal, form, year, None)
    flash(say(key))
    return _back_to(topic_id)


def _open_agenda(year: int) -> Agenda:
    """Return the agenda of a year for a form about a new topic.

    Raises:
        NotFound: there is none.
        AgendaPublished: a form that is opened now could only be refused.
    """
    agenda = get_agenda(year)
    if request.method == "GET" and agenda.state is AgendaState.PUBLISHED:
        raise AgendaPublished(year=year)
    return agenda


@agenda_pages.get("/onderwerp/<int:topic_id>")
@readers
def show_topic(topic_id: int) -> ResponseReturnValue:
    """Show one topic on its way to the agenda."""
    return _topic_page(get_visible_topic(topic_id, current_actor()))


def _topic_page(topic: Topic, *, refused: dict[str, PageForm] | None = None) -> ResponseReturnValue:
    """Show a topic; `refused` holds the form that was not right, by name, with what was typed."""
    actor = current_actor()
    page = render_template(
        "agenda/topic.html",
        **topic_values(topic, actor),
        opened=request.args.get("stap", ""),
        forms=standing_forms(topic, actor.party) | (refused or {}),
        refused=next(iter(refused.values())) if refused else None,
    )
    return page, 422 if refused else 200


def _refused(topic_id: int, step: str, form: PageForm) -> ResponseReturnValue:
    """Show the topic with what was typed, or say that the step is over by now.

    Raises:
        TopicClosed: the page has no place for this form any more; the error page keeps the text.
    """
    topic = get_visible_topic(topic_id, current_actor())
    if not topic_permissions(topic, current_actor()).get(step):
        raise TopicClosed(topic_id=topic_id, title=topic.title)
    return _topic_page(topic, refused={step: form})


@agenda_pages.route("/onderwerp/<int:topic_id>/wijzigen", methods=["GET", "POST"])
@staff_only(Role.DELEGATE)
def edit_topic(topic_id: int) -> ResponseReturnValue:
    """Write the next version of a topic, or make a suggestion a proposal."""
    topic, form = get_visible_topic(topic_id, current_actor()), TopicForm()
    if request.method == "GET":
        form = TopicForm(obj=topic.text)
        may = topic_permissions(topic, current_actor())
        if not (may.get("edit") or may.get("adopt")):
            raise TopicClosed(topic_id=topic_id, title=topic.title)
    if not form.validate_on_submit():
        return _form_page("agenda/edit.html", form, agenda=topic.agenda, topic=topic, refusal="")
    key = "topic-adopted" if topic.state is TopicState.SUGGESTED else "topic-edited"
    year = topic.agenda.year
    try:
        with unit_of_work():
            edited = service.edit_topic(
                get_topic(topic_id),
                form.version.data or 0,
                form.to_text(),
                current_actor(),
                reason=form.reason.data or "",
                at=now(),
            )
            version, key = edited.version, "topic-to-mark" if edited.text.needs_mark else key
    except ForumError as refusal:
        return _refused_edit(refusal, form, year, topic_id)
    flash(say(key, version=version))
    return _back_to(topic_id)


def _refused_edit(
    refusal: ForumError, form: TopicForm, year: int, topic_id: int | None
) -> ResponseReturnValue:
    """Show the form again with everything that was typed and why it was refused.

    After somebody else's edit it stands beside the new text, and sending it again builds on that.
    """
    topic = get_topic(topic_id) if topic_id else None
    newer = topic.text if topic and isinstance(refusal, TextChanged) else None
    if newer:
        form.version.raw_data, form.version.data = None, newer.version
    page = render_template(
        "agenda/edit.html",
        form=form,
        agenda=get_agenda(year),
        topic=topic,
        newer=newer,
        refusal=in_words(refusal),
    )
    return page, refusal.status


def _form_page(template: str, form: TopicForm | SuggestionForm, **details: object) -> ResponseReturnValue:
    return render_template(template, form=form, **details), form.status


@agenda_pages.get("/onderwerp/<int:topic_id>/versies")
@readers
def show_versions(topic_id: int) -> ResponseReturnValue:
    """Show two versions of a topic beside each other: the ones in the address, else the last two."""
    topic = get_visible_topic(topic_id, current_actor())
    last = topic.version
    before = find_version(topic, _number("van", last - 1)) or topic.versions[max(0, last - 2)]
    after = find_version(topic, _number("naar", last)) or topic.text
    return render_template(
        "agenda/versions.html",
        topic=topic,
        before=before,
        after=after,
        parts=compare_versions(before, after),
    )


@agenda_pages.post("/onderwerp/<int:topic_id>/akkoord")
@staff_only(Role.DELEGATE)
def approve_topic(topic_id: int) -> ResponseReturnValue:
    """Give the approval of the delegate's party to the text that was shown."""
    form = ApprovalForm.from_request()
    with unit_of_work():
        topic = service.approve_topic(get_topic(topic_id), form.version.data or 0, current_actor(), at=now())
        key = "topic-approved-both" if topic.state is TopicState.AGREED else "topic-approved-one"
        sentence = say(key, title=topic.title)
    flash(sentence)
    return _back_to(topic_id)


@agenda_pages.post("/onderwerp/<int:topic_id>/cijfers")
@staff_only(Role.DELEGATE)
def rate_topic(topic_id: int) -> ResponseReturnValue:
    """Record importance and expected influence for the delegate's party."""
    form = RatingForm()
    if not form.validate():
        return _refused(topic_id, "rate", form)
    with unit_of_work():
        service.rate_topic(
            get_topic(topic_id),
            form.importance.data,
            form.influence.data,
            current_actor(),
            at=now(),
        )
    flash(say("topic-rated"))
    return _back_to(topic_id)


@agenda_pages.post("/onderwerp/<int:topic_id>/besluit")
@staff_only(Role.DELEGATE)
def decide_topic(topic_id: int) -> ResponseReturnValue:
    """Decline or postpone a topic with a reason."""
    form = DecisionForm()
    if not form.validate():
        return _refused(topic_id, "decide", form)
    kind = DecisionKind(form.kind.data)
    with unit_of_work():
        deciding.decide_topic(get_topic(topic_id), kind, form.reason.data or "", current_actor(), at=now())
    flash(say("topic-decided", decision=say(f"decision-{kind}").lower()))
    return _back_to(topic_id)


@agenda_pages.post("/onderwerp/<int:topic_id>/terug")
@staff_only(Role.DELEGATE)
def resume_topic(topic_id: int) -> ResponseReturnValue:
    """Put a declined or postponed topic back on the table."""
    form = ResumeForm()
    if not form.validate():
        return _refused(topic_id, "resume", form)
    with unit_of_work():
        deciding.resume_topic(get_topic(topic_id), form.reason.data or "", current_actor(), at=now())
    flash(say("topic-decided", decision=say("decision-resumed").lower()))
    return _back_to(topic_id)


@agenda_pages.post("/onderwerp/<int:topic_id>/standpunt")
@staff_only(Role.DELEGATE)
def give_view(topic_id: int) -> ResponseReturnValue:
    """Write the view of the delegate's party on a topic without agreement."""
    form = ViewForm()
    if not form.validate():
        return _refused(topic_id, "view", form)
    with unit_of_work():
        topic = deciding.give_view(get_topic(topic_id), form.text.data or "", current_actor(), at=now())
        key = "view-given-both" if topic.state is TopicState.BOTH_VIEWS else "view-given-one"
    flash(say(key))
    return _back_to(topic_id)


@agenda_pages.post("/onderwerp/<int:topic_id>/periode")
@staff_only(Role.DELEGATE)
def set_period(topic_id: int) -> ResponseReturnValue:
    """Say from when to when a topic is debated."""
    form = PeriodForm()
    if not form.validate():
        return _refused(topic_id, "period", form)
    with unit_of_work():
        signing.set_period(get_topic(topic_id), form.opens_at, form.closes_at, current_actor(), at=now())
    flash(say("period-set"))
    return _back_to(topic_id)


@agenda_pages.get("/onderwerp/<int:topic_id>/akkoord")
@agenda_pages.get("/onderwerp/<int:topic_id>/cijfers")
@agenda_pages.get("/onderwerp/<int:topic_id>/besluit")
@agenda_pages.get("/onderwerp/<int:topic_id>/terug")
@agenda_pages.get("/onderwerp/<int:topic_id>/standpunt")
@agenda_pages.get("/onderwerp/<int:topic_id>/periode")
@readers
def return_to_topic(topic_id: int) -> ResponseReturnValue:
    """Lead whoever opens the address of a form, such as one that was refused, to the topic."""
    return _back_to(topic_id)


@agenda_pages.post("/<int:year>/ondertekenen")
@staff_only(Role.DELEGATE)
def sign_agenda(year: int) -> ResponseReturnValue:
    """Sign the agenda for the delegate's party."""
    with unit_of_work():
        signing.sign_agenda(get_agenda(year), current_actor(), at=now())
    flash(say("agenda-signed"))
    return redirect(url_for("agenda.show_agenda", year=year))
