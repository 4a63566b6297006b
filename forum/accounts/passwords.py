"""Passwords, hashed with argon2id (19 MiB, two rounds: the OWASP profile, about 40 ms)."""

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """Return the hash of a password, with its own salt and profile."""
    return hasher.hash(_one_form(password))


def is_password(stored_hash: str | None, password: str) -> bool:
    """Tell whether a password is right; for an unknown member it takes as long and is wrong."""
    try:
        return hasher.verify(stored_hash or _nobody(), _one_form(password)) and stored_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def _one_form(password: str) -> str:
    """Return a password in one spelling: an é may be one mark on a phone and two on a computer."""
    return unicodedata.normalize("NFC", password)


_nobodys_hash = ""


def _nobody() -> str:
    global _nobodys_hash  # noqa: PLW0603 - made once, with the profile in force
    if not _nobodys_hash:
        _nobodys_hash = hasher.hash(secrets.token_urlsafe())
    return _nobodys_hash
