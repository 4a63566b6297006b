"""What the page of one topic on its way to the agenda shows, and what its forms hold."""

from collections.abc import Mapping

from forum.agenda import policy
from forum.agenda.advice_notes import list_advice_notes
from forum.agenda.forms import DecisionForm, PeriodForm, RatingForm, ResumeForm, ViewForm
from forum.agenda.models import Topic, TopicVersion
from forum.agenda.overview import topic_permissions
from forum.agenda.queries import find_carried, find_next_draft, get_topic
from forum.agenda.rules import AgendaState
from forum.kernel.actor import Actor, Party
from forum.kernel.clock import AMSTERDAM
from forum.kernel.errors import NotFound
from forum.web.forms import PageForm


def get_visible_topic(topic_id: int, actor: Actor) -> Topic:
    """Return a topic this actor may see.

    Raises:
        NotFound: there is none, or it is not for this actor.
    """
    topic = get_topic(topic_id)
    if not _can_see(topic, actor):
        raise NotFound(topic_id=topic_id)
    return topic


def _can_see(topic: Topic, actor: Actor) -> bool:
    return policy.can_see_topic(actor, is_public=topic.is_public, suggested_by_id=topic.suggested_by_id)


def topic_values(topic: Topic, actor: Actor) -> Mapping[str, object]:
    """Return what the template of the page shows; a topic before or after it only to who may see that."""
    may = topic_permissions(topic, actor)
    carried_to = find_carried(topic) if topic.agenda.state is AgendaState.PUBLISHED else None
    carried_from = topic.carried_from
    return {
        "topic": topic,
        "may": may,
        "party": actor.party,
        "carried_to": carried_to if carried_to and _can_see(carried_to, actor) else None,
        "carried_from": carried_from if carried_from and _can_see(carried_from, actor) else None,
        "next_agenda": find_next_draft(topic.agenda.year) if may.get("carry") else None,
        "advice_notes": list_advice_notes(topic.id),
        "own_view": next((view for view in topic.views if view.party == actor.party), None),
    }


def standing_forms(topic: Topic, party: Party | None) -> dict[str, PageForm]:
    """Return the forms of a topic's page with what the party filled in before."""
    rating = next((rating for rating in topic.ratings if rating.party == party), None)
    view = next((view for view in topic.views if view.party == party), None)
    return {
        "rate": RatingForm(formdata=None, obj=rating),
        "decide": DecisionForm(formdata=None),
        "resume": ResumeForm(formdata=None),
        "view": ViewForm(formdata=None, obj=view),
        "period": PeriodForm(
            formdata=None,
            opens_on=topic.opens_at.astimezone(AMSTERDAM).date() if topic.opens_at else None,
            closes_on=topic.closes_at.astimezone(AMSTERDAM).date() if topic.closes_at else None,
        ),
    }


def find_version(topic: Topic, number: int) -> TopicVersion | None:
    """Return the version of a topic with this number."""
    return next((version for version in topic.versions if version.version == number), None)
