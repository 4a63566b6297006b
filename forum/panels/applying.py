"""Applying for a seat: by the tenant, or entered for who wrote or phoned; told, and then forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from forum.audit import service as audit
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.members.models import Member
from forum.notifications.rules import NotificationKind
from forum.notifications.service import notify
from forum.panels import policy
from forum.panels.application_queries import find_application, phase_of
from forum.panels.application_rules import ApplicationPhase, ApplicationSource
from forum.panels.errors import ApplicationsClosed, UnknownGroup
from forum.panels.models import Application, ApplicationRating, Panel
from forum.panels.rules import PanelState

FORGOTTEN_AFTER = timedelta(days=365)
"""Applications for a panel that never came go this long after they closed."""
FORGOTTEN_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ApplicationText:
    """What somebody says who asks for a seat; the group is empty where seats have none."""

    seat_group: str
    motivation: str
    competences: str


def apply_for_seat(
    panel: Panel,
    member: Member,
    text: ApplicationText,
    source: ApplicationSource,
    actor: Actor,
    *,
    at: datetime,
) -> Application:
    """Keep an application; the last text counts, and the tenant gets a confirmation.

    Raises:
        Forbidden: the actor is somebody else and no moderator, or the member is no tenant or is paused.
        ApplicationsClosed: it is too early or too late.
        UnknownGroup: no seats are kept for this group.
    """
    lock(panel)
    applicant = member.as_actor(at)
    is_self = actor.member_id == member.id and source is ApplicationSource.ACCOUNT
    if not applicant.is_tenant or applicant.suspended or not (is_self or policy.can_prepare_panel(actor)):
        raise Forbidden(action="apply", panel_id=panel.id)
    if phase_of(panel, at) is not ApplicationPhase.OPEN:
        raise ApplicationsClosed(panel_id=panel.id)
    groups = [group.name for group in panel.form_rules.groups]
    if text.seat_group not in (groups or [""]):
        raise UnknownGroup(panel_id=panel.id)
    kept = find_application(panel.id, member.id) or Application(panel_id=panel.id, member_id=member.id)
    kept.seat_group, kept.motivation, kept.competences = text.seat_group, text.motivation, text.competences
    kept.source, kept.sent_at = source, at
    kept.entered_by_id = None if is_self else actor.member_id
    db.session.add(kept)
    db.session.flush()
    audit.record(actor, "panel.applied", panel_id=panel.id, member_id=member.id, source=source, at=at)
    _tell(kept, panel, "applied", f"/panels/{panel.id}/aanmelden", at=at)
    return kept


def withdraw_application(application: Application, actor: Actor, *, at: datetime) -> None:
    """Take an application back, as long as the list is not fixed; nothing of it is kept.

    Raises:
        Forbidden: the actor is somebody else and no moderator.
        ApplicationsClosed: the list is fixed; who is chosen can still say no to the invitation.
    """
    panel = application.panel
    lock(panel)
    if actor.member_id != application.member_id and not policy.can_prepare_panel(actor):
        raise Forbidden(action="withdraw-application", panel_id=panel.id)
    if panel.state is not PanelState.DRAFT:
        raise ApplicationsClosed(panel_id=panel.id)
    audit.record(actor, "panel.application_withdrawn", panel_id=panel.id, at=at)
    db.session.delete(application)


def tell_outcome(application_id: int, *, at: datetime) -> None:
    """Tell an applicant that the choice was made, and where it is explained; once."""
    application = db.session.get(Application, application_id)
    if application is None:
        return
    lock(application)
    if application.told_at is None:
        application.told_at = at
        panel = application.panel
        _tell(application, panel, "judged", f"/mijn/panels/{panel.id}", at=at)


def _tell(application: Application, panel: Panel, event: str, path: str, *, at: datetime) -> None:
    notify(
        application.member_id,
        NotificationKind.PANEL,
        at=at,
        event=event,
        key=f"application:{application.id}:{event}:{at.isoformat()}",
        subject=f"panel:{panel.id}",
        title=panel.title,
        path=path,
    )


def forget_applications(keep_days: int, *, at: datetime) -> int:
    """Delete what was written some days after who sent it was told, or a year after a panel that never came.

    The dossier keeps the mean rating under a pseudonym. Returns how many went.
    """
    stale = select(Panel.id).where(Panel.applications_until < at - FORGOTTEN_AFTER)
    old = (
        select(Application.id)
        .where(
            (Application.told_at < at - timedelta(days=keep_days)) | (Application.panel_id.in_(stale)),
        )
        .limit(FORGOTTEN_AT_ONCE)
    )
    ids = db.session.scalars(old).all()
    db.session.execute(delete(ApplicationRating).where(ApplicationRating.application_id.in_(ids)))
    db.session.execute(delete(Application).where(Application.id.in_(ids)))
    if ids:
        audit.record(SYSTEM, "panel.applications_deleted", count=len(ids), at=at)
    return len(ids)
