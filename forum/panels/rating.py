"""The committee: outsiders who rate applications without names, each alone; the mean is the score."""

from collections.abc import Sequence
from datetime import datetime

from forum.audit import service as audit
from forum.kernel.actor import SYSTEM
from forum.kernel.database import db, lock
from forum.kernel.errors import NotFound
from forum.panels.application_queries import phase_of
from forum.panels.application_rules import ApplicationPhase
from forum.panels.errors import MarksRefused, RatingsNotOpen
from forum.panels.models import Application, ApplicationRating, PanelGuest
from forum.panels.rating_queries import find_rating
from forum.panels.rules import PanelState


def rate(
    guest: PanelGuest, application_id: int, marks: Sequence[int], reason: str, *, at: datetime
) -> ApplicationRating:
    """Keep what a rater gives an application; until the list is fixed they can change it.

    Raises:
        RatingsNotOpen: tenants can still apply, or the list is fixed.
        NotFound: the application is for another panel, or was withdrawn.
        MarksRefused: not one mark for each criterion.
    """
    panel = guest.panel
    lock(panel)
    if panel.state is not PanelState.DRAFT or phase_of(panel, at) is not ApplicationPhase.OVER:
        raise RatingsNotOpen(panel_id=panel.id)
    application = db.session.get(Application, application_id)
    if guest.ended_at is not None or application is None or application.panel_id != panel.id:
        raise NotFound(application_id=application_id)
    if len(marks) != len(panel.form_rules.criteria):
        raise MarksRefused(panel_id=panel.id)
    kept = find_rating(application, guest.id) or ApplicationRating(
        application_id=application_id, guest_id=guest.id
    )
    kept.marks, kept.reason, kept.at = list(marks), reason, at
    db.session.add(kept)
    db.session.flush()
    audit.record(
        SYSTEM,
        "panel.application_rated",
        panel_id=panel.id,
        application_id=application_id,
        by=guest.id,
        at=at,
    )
    return kept
