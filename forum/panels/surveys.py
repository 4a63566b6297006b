"""How members look back on a panel that ended: three marks and a few words, shown as numbers of all."""

from dataclasses import dataclass
from datetime import datetime

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.panels import policy
from forum.panels.application_rules import ApplicationSource
from forum.panels.errors import NotOnPanel, SurveyClosed
from forum.panels.life_queries import find_own_answer, list_chosen
from forum.panels.life_rules import is_survey_open
from forum.panels.models import Panel, SurveyAnswer


@dataclass(frozen=True, slots=True)
class LookingBack:
    """One answer: a mark of 1 to 5 for each question, in their order, and words that may be empty."""

    marks: tuple[int, int, int]
    words: str


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
