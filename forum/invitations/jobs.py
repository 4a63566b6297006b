"""Background work around invitations: invite, remind, go on in another way, end, expire and refill."""

from datetime import datetime

from forum.invitations import change_queries, meeting_changes, needs, service
from forum.invitations.calendar_answers import receive_reply
from forum.invitations.queries import (
    get_invitation,
    list_expired,
    list_returned,
    list_to_end,
    list_unanswered,
    list_uninvited_panels,
)
from forum.invitations.rules import REMINDER_BEFORE
from forum.invitations.ways import fall_back
from forum.invitations.withdrawing import end_for_cause
from forum.jobs.registry import task
from forum.kernel.database import unit_of_work
from forum.mail.incoming import IncomingKind
from forum.mail.receivers import register_receiver
from forum.panels.queries import get_panel

BATCH = 200
register_receiver(IncomingKind.CALENDAR, receive_reply)


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


@task("invitations.tell_changes", every_seconds=300)
def tell_meeting_changes(*, at: datetime) -> None:
    """Tell who comes or may come what changed about the meetings: all changes since the last turn in one."""
    for invitation_id in change_queries.list_untold(at, BATCH):
        with unit_of_work():
            meeting_changes.tell_changes(get_invitation(invitation_id), at=at)
    for panel_id in change_queries.list_panels_to_phone(at):
        with unit_of_work():
            meeting_changes.tell_on_the_forum(get_panel(panel_id), at=at)


@task("invitations.forget_needs", every_seconds=3600)
def forget_needs(*, at: datetime) -> None:
    """Remove what people needed at meetings that are over."""
    with unit_of_work():
        needs.forget_needs(at=at)


@task("invitations.fall_back", every_seconds=60)
def ask_in_another_way(*, at: datetime) -> None:
    """Ask by letter or telephone whom mail does not reach."""
    for invitation_id in list_returned(BATCH):
        with unit_of_work():
            fall_back(get_invitation(invitation_id), at=at)


@task("invitations.end", every_seconds=60)
def end_for_the_gone(*, at: datetime) -> None:
    """End the invitations of who left, died, objected or moved away, and fill the seats."""
    for invitation_id in list_to_end(at, BATCH):
        with unit_of_work():
            end_for_cause(get_invitation(invitation_id), at=at)
