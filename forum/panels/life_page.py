"""What everybody may read of the life of a panel: what it is for, what it closed, its end, how it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.kernel.actor import Actor
from forum.kernel.clock import local_day
from forum.members.queries import get_member
from forum.panels import policy
from forum.panels.conclusions import may_close_points
from forum.panels.form_facts import life_facts
from forum.panels.life_queries import list_chosen, list_conclusions, list_survey_answers
from forum.panels.life_rules import (
    SMALLEST_SHOWN,
    SurveyResult,
    end_reason,
    is_survey_open,
    next_meeting_due,
    survey_results,
)
from forum.panels.models import Conclusion, Panel
from forum.panels.rules import ENDABLE_STATES, PanelState
from forum.settings.queries import get_site
from forum.texts.catalogue import say
from forum.web.times import show_day, show_tenths


@dataclass(frozen=True, slots=True)
class SurveyView:
    """What may be shown: how many of those who were asked answered, and results once that are enough."""

    asked: int
    answered: int
    results: Sequence[SurveyResult]
    words: Sequence[str]

    @property
    def rows(self) -> Sequence[tuple[str, str]]:
        """Return the results as rows of a table."""
        return [(say(f"survey-{row.question}"), show_tenths(row.mean_tenths)) for row in self.results]


def survey_view(panel: Panel) -> SurveyView | None:
    """Return what may be shown of the answers, `None` for a panel that has no survey or goes on."""
    if panel.ended_at is None or not panel.form_rules.has_survey:
        return None
    answers = list_survey_answers(panel.id)
    return SurveyView(
        asked=len(list_chosen(panel)),
        answered=len(answers),
        results=survey_results([(row.heard, row.informed, row.result) for row in answers]),
        words=[row.words for row in answers if row.words] if len(answers) >= SMALLEST_SHOWN else [],
    )


@dataclass(frozen=True, slots=True)
class LifeView:
    """The life of a panel as its page shows it; texts are empty where a topic says it already."""

    purpose: str
    fixed_points: str
    open_points: str
    facts: Sequence[tuple[str, str]]
    conclusions: Sequence[Conclusion]
    survey: SurveyView | None


def life_view(panel: Panel) -> LifeView:
    """Return what the page of a panel tells of its life."""
    rules = panel.form_rules
    has_topic = panel.topic_id is not None
    return LifeView(
        purpose="" if has_topic else rules.purpose,
        fixed_points="" if has_topic else rules.fixed_points,
        open_points="" if has_topic else rules.open_points,
        facts=[*life_facts(panel), *_moment_facts(panel)],
        conclusions=list_conclusions(panel.id),
        survey=survey_view(panel),
    )


def life_acts(panel: Panel, actor: Actor, *, at: datetime) -> Mapping[str, object]:
    """Return what an actor may do in the life of a panel now, for the buttons on its page."""
    rules = panel.form_rules
    asks = rules.has_survey and is_survey_open(panel.ended_at, at)
    may_end = policy.can_prepare_panel(actor) and panel.state in ENDABLE_STATES
    acts = {
        "close": may_close_points(panel, actor),
        "end": may_end and end_reason(rules) is not None,
        "survey": asks and policy.can_run_panel(actor, panel.coordinator_id),
    }
    may_look_back = asks and actor.member_id in list_chosen(panel)
    return {"may_write": acts if any(acts.values()) else None, "may_look_back": may_look_back}


def _moment_facts(panel: Panel) -> Sequence[tuple[str, str]]:
    """Return by when the panel must meet again, how many seats are empty, and who asked for it."""
    rules, facts = panel.form_rules, []
    due = next_meeting_due(rules, local_day(panel.last_meeting.starts_at), panel.ends_on)
    if due and panel.state is PanelState.CONFIRMED:
        facts.append((say("fact-next-meeting"), show_day(due)))
    empty = sum(group.seats for group in rules.groups) - panel.seats
    if rules.groups and empty > 0 and panel.state is not PanelState.DRAFT:
        facts.append((say("fact-empty-seats"), str(empty)))
    party = get_member(panel.made_by_id).as_actor(panel.made_at).party
    if rules.lives_on and party is not None:
        facts.append((say("fact-asked-by"), get_site().name_of(party)))
    return facts
