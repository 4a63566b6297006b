"""What is true of passwords, codes and sign-in limits."""

import hashlib
import re
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from forum.accounts.guessed_passwords import guessed_passwords

PASSWORD_SHORTEST = 10
PASSWORD_LONGEST = 200
SESSION_LENGTH = timedelta(days=14)
STAFF_SESSION_LENGTH = timedelta(hours=12)
EMAIL_CODE_LENGTH = timedelta(days=2)
LETTER_CODE_LENGTH = timedelta(days=60)

ATTEMPT_WINDOW = timedelta(minutes=15)
ATTEMPTS_PER_NAME = 8
ATTEMPTS_PER_ADDRESS = 100
"""A library or a care home is one address, so this is loose; the limit per name is the one that protects."""

CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""No vowels (no words), and no 0, O, 1, I or Y that people misread."""
CODE_LENGTH = 12


class LetterList(StrEnum):
    """Which tenants without a password are listed for a letter with a code."""

    NEW = "nieuw"
    SENT = "gemaakt"
    WITH_EMAIL = "met-email"


def session_length(*, is_staff: bool) -> timedelta:
    """Return how long a sign-in lasts: shorter for whoever can see or change other people's affairs."""
    return STAFF_SESSION_LENGTH if is_staff else SESSION_LENGTH


def password_fault(password: str, *, names: Collection[str] = ()) -> str | None:
    """Return the key of the sentence that says why a password will not do; `None` when it will.

    Args:
        password: as it was typed.
        names: what the member signs in with; a password must not be one of them.
    """
    if len(password) < PASSWORD_SHORTEST:
        return "password-too-short"
    if len(password) > PASSWORD_LONGEST:
        return "password-too-long"
    plain = password.casefold()
    if plain in guessed_passwords() or len(set(plain)) < 4 or plain in {name.casefold() for name in names}:
        return "password-too-common"
    return None


def token_hash(token: str) -> str:
    """Return the SHA-256 (hex) of a random token; what is stored cannot be used as the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def plain_code(typed: str) -> str:
    """Return a typed code without spaces and hyphens, in capitals."""
    return re.sub(r"[^A-Z0-9]", "", typed.upper())


def shown_code(code: str) -> str:
    """Return a code as it is printed: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def plain_postcode(typed: str) -> str:
    """Return a postcode without spaces, in capitals."""
    return "".join(typed.split()).upper()


def plain_email(typed: str) -> str:
    """Return an e-mail address as it is compared: without outer spaces, in lower case."""
    return typed.strip().lower()
