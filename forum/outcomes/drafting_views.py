"""Pages for who writes what was advised: drafts, their sources, publishing, closing the topic."""

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.discussion.fronts import period_of
from forum.discussion.models import Thread
from forum.discussion.queries import get_thread, get_thread_row
from forum.discussion.rules import phase_of
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import ForumError, NotFound
from forum.meetings.lateness import list_without_minutes
from forum.notifications.rules import beginning_of
from forum.outcomes import answering, policy, queries, service
from forum.outcomes.errors import (
    DraftChanged,
    MinutesOpen,
    PanelUnderWay,
    QuoteRefused,
    SourceRefused,
    StillDrafts,
    StillUnanswered,
    TooManySources,
    WithoutSource,
)
from forum.outcomes.forms import CitationForm, RecommendationForm
from forum.outcomes.logbook import shown_source
from forum.outcomes.models import Recommendation
from forum.panels.models import Panel
from forum.panels.rules import CONFIRMED_STATES
from forum.texts.catalogue import say
from forum.texts.markdown import plain_text
from forum.web.access import current_actor, staff_only
from forum.web.errors import in_words

drafting_pages = Blueprint("drafting", __name__)
WRITERS = (Role.MODERATOR, Role.DELEGATE, Role.COORDINATOR)


def _answer_days() -> int:
    days: int = current_app.config["SETTINGS"].answer_days
    return days


def _thread_of_writer(topic_id: int) -> Thread:
    """Return a topic on which the actor may write recommendations.

    Raises:
        NotFound: there is none, or a coordinator runs no panel on it.
    """
    thread = get_thread(topic_id)
    coordinators = [panel.coordinator_id for panel in queries.list_panels_of(topic_id)]
    if not policy.can_see_recommendations(current_actor(), coordinators):
        raise NotFound(topic_id=topic_id)
    return thread


def _own_panels(topic_id: int) -> Sequence[Panel]:
    actor = current_actor()
    return [
        panel
        for panel in queries.list_panels_of(topic_id)
        if policy.can_write_recommendation(actor, panel.coordinator_id)
    ]


@drafting_pages.get("/onderwerpen/<int:topic_id>/adviezen")
@staff_only(*WRITERS)
def show_drafts(topic_id: int) -> ResponseReturnValue:
    """Show the drafts on a topic, what was published, and what is needed to close it."""
    return _drafts_page(_thread_of_writer(topic_id))


def _drafts_page(thread: Thread, refusal: ForumError | None = None) -> ResponseReturnValue:
    actor, at = current_actor(), now()
    page = render_template(
        "outcomes/drafts.html",
        thread=thread,
        phase=phase_of(period_of(thread), at),
        drafts=service.writable_drafts(thread.topic_id, actor),
        published=queries.list_published(thread.topic_id),
        answer_days=_answer_days(),
        may_close=policy.can_close_topic(actor),
        without_minutes=list_without_minutes(thread.topic_id),
        refusal=in_words(refusal) if refusal else "",
    )
    return page, refusal.status if refusal else 200


@drafting_pages.route("/onderwerpen/<int:topic_id>/adviezen/nieuw", methods=["GET", "POST"])
@staff_only(*WRITERS)
def write_draft(topic_id: int) -> ResponseReturnValue:
    """Write a recommendation."""
    thread, form = _thread_of_writer(topic_id), _form(topic_id)
    if not form.validate_on_submit():
        page = render_template("outcomes/draft_new.html", thread=thread, form=form)
        return page, form.status
    with unit_of_work():
        row = service.write_recommendation(
            get_thread_row(topic_id), form.to_text(), current_actor(), at=now()
        )
        draft_id = row.id
    flash(say("recommendation-written"))
    return redirect(url_for("drafting.edit_draft", recommendation_id=draft_id))


def _form(topic_id: int, draft: Recommendation | None = None) -> RecommendationForm:
    if draft is not None:
        return _offered(RecommendationForm(data=_standing(draft)), topic_id)
    panels = [str(panel.id) for panel in _own_panels(topic_id) if _has_met(panel)]
    return _offered(RecommendationForm(data={"panel": panels[-1]} if panels else None), topic_id)


def _has_met(panel: Panel) -> bool:
    return panel.state in CONFIRMED_STATES and panel.first_meeting.ends_at <= now()


def _standing(draft: Recommendation) -> dict[str, object]:
    names = ("version", "title", "text", "why_no_source")
    return {name: getattr(draft, name) for name in names} | {"panel": str(draft.panel_id or "")}


def _offered(form: RecommendationForm, topic_id: int) -> RecommendationForm:
    may_have_none = policy.can_write_recommendation(current_actor(), None)
    return form.offer(_own_panels(topic_id), may_have_none=may_have_none)


def _draft_of_writer(recommendation_id: int) -> Recommendation:
    """Return a draft that the actor may change.

    Raises:
        NotFound: there is none, or it is of a panel that somebody else runs.
    """
    draft = queries.get_recommendation(recommendation_id)
    coordinator_id = draft.panel.coordinator_id if draft.panel else None
    if not policy.can_write_recommendation(current_actor(), coordinator_id):
        raise NotFound(recommendation_id=recommendation_id)
    return draft


@drafting_pages.route("/beheer/adviezen/<int:recommendation_id>", methods=["GET", "POST"])
@staff_only(*WRITERS)
def edit_draft(recommendation_id: int) -> ResponseReturnValue:
    """Change a draft; what was published leads to its place in the logbook."""
    draft = _draft_of_writer(recommendation_id)
    if draft.number is not None:
        return redirect(
            url_for("outcomes.show_logbook", topic_id=draft.thread_id) + f"#advies-{draft.number}"
        )
    form = _form(draft.thread_id, draft)
    if not form.validate_on_submit():
        return _edit_page(draft, form, status=form.status)
    try:
        with unit_of_work():
            draft, shown = queries.get_recommendation(recommendation_id), form.version.data or 0
            service.change_draft(draft, shown, form.to_text(), current_actor(), at=now())
    except DraftChanged as refusal:
        newer = queries.get_recommendation(recommendation_id)
        form.version.raw_data, form.version.data = None, newer.version
        return _edit_page(newer, form, refusal=refusal, newer=newer, status=refusal.status)
    flash(say("recommendation-kept"))
    return redirect(url_for("drafting.edit_draft", recommendation_id=recommendation_id))


def _edit_page(
    draft: Recommendation,
    form: RecommendationForm,
    citing: CitationForm | None = None,
    *,
    refusal: ForumError | None = None,
    newer: Recommendation | None = None,
    status: int,
) -> ResponseReturnValue:
    page = render_template(
        "outcomes/draft.html",
        thread=get_thread(draft.thread_id),
        draft=draft,
        form=form,
        citing=citing or CitationForm(formdata=None),
        sources=[(row.id, shown_source(row)) for row in draft.citations],
        valued=[
            (post, beginning_of(plain_text(post.text), 200)) for post in queries.list_valued_posts(draft)
        ],
        refusal=in_words(refusal) if refusal else "",
        newer=newer,
    )
    return page, status


@drafting_pages.get("/beheer/adviezen/<int:recommendation_id>/verwijzingen")
@staff_only(*WRITERS)
def return_to_draft(recommendation_id: int) -> ResponseReturnValue:
    """Lead who opens the address of a refused form again back to the draft."""
    return redirect(url_for("drafting.edit_draft", recommendation_id=recommendation_id))


@drafting_pages.post("/beheer/adviezen/<int:recommendation_id>/verwijzingen")
@staff_only(*WRITERS)
def cite(recommendation_id: int) -> ResponseReturnValue:
    """Name a post that a draft builds on."""
    draft, citing = _draft_of_writer(recommendation_id), CitationForm()
    if not citing.validate():
        return _edit_page(draft, _standing_form(draft), citing, status=422)
    try:
        with unit_of_work():
            draft = queries.get_recommendation(recommendation_id)
            typed, quote = citing.source.data or "", citing.quote.data or ""
            service.cite(draft, typed, quote, current_actor(), at=now())
    except (SourceRefused, QuoteRefused, TooManySources) as refusal:
        draft = queries.get_recommendation(recommendation_id)
        return _edit_page(draft, _standing_form(draft), citing, refusal=refusal, status=422)
    flash(say("source-kept"))
    return redirect(url_for("drafting.edit_draft", recommendation_id=recommendation_id) + "#bronnen")


def _standing_form(draft: Recommendation) -> RecommendationForm:
    return _offered(RecommendationForm(formdata=None, data=_standing(draft)), draft.thread_id)


@drafting_pages.post("/beheer/adviezen/verwijzingen/<int:citation_id>/weg")
@staff_only(*WRITERS)
def drop_citation(citation_id: int) -> ResponseReturnValue:
    """Take a source from a draft."""
    with unit_of_work():
        citation = queries.get_citation(citation_id)
        draft = _draft_of_writer(citation.recommendation_id)
        service.drop_citation(citation, draft, current_actor(), at=now())
        draft_id = draft.id
    flash(say("source-dropped"))
    return redirect(url_for("drafting.edit_draft", recommendation_id=draft_id) + "#bronnen")


@drafting_pages.post("/beheer/adviezen/<int:recommendation_id>/weg")
@staff_only(*WRITERS)
def remove_draft(recommendation_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    with unit_of_work():
        draft = _draft_of_writer(recommendation_id)
        topic_id = draft.thread_id
        service.remove_draft(draft, current_actor(), at=now())
    flash(say("recommendation-removed"))
    return redirect(url_for("drafting.show_drafts", topic_id=topic_id))


@drafting_pages.post("/onderwerpen/<int:topic_id>/adviezen/publiceren")
@staff_only(*WRITERS)
def publish(topic_id: int) -> ResponseReturnValue:
    """Publish the drafts on a topic."""
    thread = _thread_of_writer(topic_id)
    try:
        with unit_of_work():
            service.publish_recommendations(
                get_thread_row(topic_id), current_actor(), answer_days=_answer_days(), at=now()
            )
    except WithoutSource as refusal:
        return _drafts_page(thread, refusal)
    flash(say("recommendations-published"))
    return redirect(url_for("outcomes.show_logbook", topic_id=topic_id))


@drafting_pages.post("/onderwerpen/<int:topic_id>/sluiten")
@staff_only(Role.MODERATOR, Role.DELEGATE)
def close_topic(topic_id: int) -> ResponseReturnValue:
    """Close a topic of which all is answered."""
    thread = _thread_of_writer(topic_id)
    try:
        with unit_of_work():
            answering.close_topic(get_thread_row(topic_id), current_actor(), at=now())
    except (StillUnanswered, StillDrafts, PanelUnderWay, MinutesOpen) as refusal:
        return _drafts_page(thread, refusal)
    flash(say("topic-closed-now"))
    return redirect(url_for("discussion.find_thread", topic_id=topic_id))
