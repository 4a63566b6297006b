"""What is true of an invitation."""

from enum import StrEnum


class InvitationState(StrEnum):
    """Whether an invitation still asks for something."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Rsvp(StrEnum):
    """The answer, in the words of RFC 5545 (PARTSTAT)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class AnswerSource(StrEnum):
    """How the answer came in."""

    LINK = "link"
    ACCOUNT = "account"
    PHONE = "phone"
    LETTER = "letter"
    MEETING = "meeting"
