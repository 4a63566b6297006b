"""The terms around an invitation, as the settings of the installation have them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from forum.invitations.rules import ClaimWindow
from forum.kernel.clock import AMSTERDAM
from forum.notifications.emails import secret_keys
from forum.settings.config import Settings


@dataclass(frozen=True, slots=True)
class AnswersByCalendar:
    """Where answers of calendars go: keys that sign the addresses, the newest last; no domain is nowhere."""

    keys: Sequence[str]
    domain: str
    mail_from: str


def claim_window() -> ClaimWindow:
    """Return how long a reserve has to answer."""
    settings: Settings = current_app.config["SETTINGS"]
    return ClaimWindow(settings.claim_days, settings.claim_hours_least, AMSTERDAM)


def needs_kept_for() -> timedelta:
    """Return how long after a meeting it is kept what people needed there."""
    settings: Settings = current_app.config["SETTINGS"]
    return timedelta(days=settings.needs_days)


def answers_by_calendar() -> AnswersByCalendar:
    """Return where answers of calendars go, and from whom our mail comes."""
    settings: Settings = current_app.config["SETTINGS"]
    return AnswersByCalendar(secret_keys(settings), settings.mail_reply_domain, settings.mail_from)
