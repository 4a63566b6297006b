"""Who is invited, as calendars see them: with an address for the answer that only the forum can make."""

from email.utils import parseaddr

from forum.invitations.models import Invitation
from forum.invitations.rules import SITTING, Rsvp
from forum.invitations.terms import answers_by_calendar
from forum.notifications.links import AnswerAddresses
from forum.panels.calendars import Guest

APPOINTMENTS = AnswerAddresses("afspraak", b"invitations.appointment")
"""Where the answer of a calendar to one invitation goes."""


def guest_of(invitation: Invitation) -> Guest:
    """Return an invited member as the guest of a meeting; without a mail domain no calendar can answer."""
    answers = answers_by_calendar()
    site_name, sender = parseaddr(answers.mail_from)
    own = APPOINTMENTS.make(answers.keys, invitation.id, answers.domain) if answers.domain else ""
    return Guest(
        name=invitation.member.display_name,
        address=invitation.member.email or "",
        organizer_name=site_name or sender,
        organizer=own or sender,
        status=invitation.rsvp if invitation.state in SITTING else Rsvp.DECLINED,
        shift=invitation.calendar_shift,
        may_answer=bool(own),
    )
