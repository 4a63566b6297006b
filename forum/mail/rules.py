"""What is true of sending: how long a claim holds, when a message is tried again, what it is called."""

import hashlib
import re
from datetime import datetime, timedelta

LEASE = timedelta(minutes=10)
"""How long one sender keeps a message to itself; longer than a mail server may take over one message."""
MOST_ATTEMPTS = 14
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
HOST_LONGEST = 80


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many attempts (1 or more); `None` when it was the last one.

    The pause doubles from a minute to six hours, so the last attempt is a day and a half after the first.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    doubled: timedelta = FIRST_PAUSE * 2 ** (attempts - 1)
    return min(doubled, LONGEST_PAUSE)


def message_id(key: str, queued_at: datetime, host: str) -> str:
    """Return the Message-ID of a message: the same for every attempt, another for every message.

    Args:
        key: the key of the message, unique in one database.
        queued_at: tells messages of two databases with the same keys apart.
        host: name of the host of the forum.
    """
    mark = hashlib.sha256(f"{key} {queued_at.isoformat()}".encode()).hexdigest()[:32]
    return f"<{mark}@{host[-HOST_LONGEST:].lstrip('.-')}>"


def says_address_is_dead(answer: str) -> bool:
    """Tell whether a mail server says, of a recipient, that nobody gets mail there.

    A code from 550 to 553 does, unless the status after it (RFC 3463) is of another kind than an address
    (5.1) or a mailbox (5.2): such as 5.7, which is about the sender. A full mailbox (5.2.2) is not dead.
    """
    found = re.match(r"55[0-3][ -](?:5\.(\d{1,3})\.(\d{1,3}))?", answer)
    if found is None:
        return False
    subject, detail = found.groups()
    return subject is None or subject == "1" or (subject == "2" and detail != "2")
