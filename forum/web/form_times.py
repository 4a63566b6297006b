"""How long a form was open: a random key with the moment it was shown, signed so that nobody makes it up."""

import secrets
from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, TimestampSigner

RANDOM_BYTES = 8


def _signer() -> TimestampSigner:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return TimestampSigner(keys, salt="form shown")


def new_form_key() -> str:
    """Return a key that is another for each form that is shown, and knows when that was."""
    return _signer().sign(secrets.token_urlsafe(RANDOM_BYTES)).decode()


def seconds_open(form_key: str, sent_at: datetime) -> float | None:
    """Return how long a form was open when it was sent; `None` for a key that is not ours."""
    try:
        _, shown_at = _signer().unsign(form_key, return_timestamp=True)
    except BadSignature:
        return None
    return (sent_at - shown_at).total_seconds()
