"""Background work around invitations: invite, remind, expire and refill."""

from datetime import datetime

from forum.invitations import service
from forum.invitations.queries import get_invitation, list_expired, list_unanswered, list_uninvited_panels
from forum.invitations.rules import REMINDER_BEFORE
from forum.jobs.registry import task
from forum.kernel.database import unit_of_work
from forum.panels.queries import get_panel

BATCH = 200


@task("invitations.invite", every_seconds=20)
def invite_confirmed_panels(*, at: datetime) -> None:
    """Invite for every panel both parties confirmed; a panel at a time, whole or not at all."""
    for panel_id in list_uninvited_panels():
        with unit_of_work():
            service.invite_panel(get_panel(panel_id), at=at)


@task("invitations.remind", every_seconds=300)
def remind_unanswered(*, at: datetime) -> None:
    """Remind who has not answered in the last days before the date."""
    for invitation_id in list_unanswered(at, at + REMINDER_BEFORE, BATCH):
        with unit_of_work():
            service.remind(get_invitation(invitation_id), at=at)


@task("invitations.expire", every_seconds=300)
def expire_unanswered(*, at: datetime) -> None:
    """Close what was not answered in time and fill the seats."""
    for invitation_id in list_expired(at, BATCH):
        with unit_of_work():
            service.expire(get_invitation(invitation_id), at=at)
