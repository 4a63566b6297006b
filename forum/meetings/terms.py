"""The terms of minutes, as the settings of the installation have them."""

from datetime import datetime, timedelta

from flask import current_app

from forum.settings.config import Settings


def due_days() -> int:
    """Return within how many days after a meeting its minutes should be sent."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.minutes_due_days


def late_before(at: datetime) -> datetime:
    """Return the moment before which a meeting ended whose minutes should have been sent by now."""
    return at - timedelta(days=due_days())
