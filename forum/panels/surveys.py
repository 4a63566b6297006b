"""How members look back on a panel that ended: three marks and a few words, shown as numbers of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.panels import policy
from forum.panels.application_rules import ApplicationSource
from forum.panels.ending import list_chosen
from forum.panels.errors import NotOnPanel, SurveyClosed
from forum.panels.life_rules import SMALLEST_SHOWN, SurveyResult, is_survey_open, survey_results
from forum.panels.models import Panel, SurveyAnswer
from forum.texts.catalogue import say
from forum.web.times import show_tenths


@dataclass(frozen=True, slots=True)
class LookingBack:
    """One answer: a mark of 1 to 5 for each question, in their order, and words that may be empty."""

    marks: tuple[int, int, int]
    words: str


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


def find_own_answer(panel_id: int, member_id: int) -> SurveyAnswer | None:
    """Return what a member answered, to that member alone."""
    return db.session.scalar(
        select(SurveyAnswer).where(SurveyAnswer.panel_id == panel_id, SurveyAnswer.member_id == member_id)
    )


def answer_survey(
    panel: Panel,
    member_id: int,
    answer: LookingBack,
    source: ApplicationSource,
    actor: Actor,
    *,
    at: datetime,
) -> SurveyAnswer:
    """Keep how a member looks back on a panel; their last answer counts.

    Raises:
        Forbidden: the actor is somebody else, and does not run the panel.
        SurveyClosed: the panel has not ended, has no survey, or it is too late.
        NotOnPanel: this member was not chosen for the panel.
    """
    lock(panel)
    if actor.member_id != member_id and not policy.can_run_panel(actor, panel.coordinator_id):
        raise Forbidden(action="answer-survey", panel_id=panel.id)
    if not panel.form_rules.has_survey or not is_survey_open(panel.ended_at, at):
        raise SurveyClosed(panel_id=panel.id)
    if member_id not in list_chosen(panel):
        raise NotOnPanel(panel_id=panel.id)
    kept = find_own_answer(panel.id, member_id) or SurveyAnswer(panel_id=panel.id, member_id=member_id)
    kept.heard, kept.informed, kept.result = answer.marks
    kept.words, kept.source, kept.at = answer.words, source, at
    kept.entered_by_id = None if source is ApplicationSource.ACCOUNT else actor.member_id
    db.session.add(kept)
    db.session.flush()
    audit.record(actor, "panel.survey_answered", panel_id=panel.id, source=source, at=at)
    return kept


def survey_view(panel: Panel) -> SurveyView | None:
    """Return what may be shown of the answers, `None` for a panel that has no survey or goes on."""
    if panel.ended_at is None or not panel.form_rules.has_survey:
        return None
    answers = db.session.scalars(
        select(SurveyAnswer).where(SurveyAnswer.panel_id == panel.id).order_by(SurveyAnswer.words)
    ).all()
    return SurveyView(
        asked=len(list_chosen(panel)),
        answered=len(answers),
        results=survey_results([(row.heard, row.informed, row.result) for row in answers]),
        words=[row.words for row in answers if row.words] if len(answers) >= SMALLEST_SHOWN else [],
    )
