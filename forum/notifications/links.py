"""Signed links and addresses in mail: only the forum can make them, and they say for whom they are."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from forum.notifications.errors import UnsubscribeLinkRefused
from forum.notifications.rules import Frequency

UNSUBSCRIBE = "notifications.unsubscribe"
SIGNATURE_HEX = 24
"""96 bits; the whole part before the @ stays under the 64 characters that mail allows."""


def unsubscribe_token(keys: Sequence[str], member_id: int, how: Frequency) -> str:
    """Return what stands in the link that stops mails.

    Args:
        keys: the secret keys, the newest last; that one signs.
        member_id: for whom.
        how: which mails.
    """
    return str(URLSafeSerializer(list(keys), salt=UNSUBSCRIBE).dumps([member_id, how.value]))


def read_unsubscribe_token(keys: Sequence[str], token: str) -> tuple[int, Frequency]:
    """Return for whom a link is, and which mails it stops.

    Raises:
        UnsubscribeLinkRefused: the forum did not make it.
    """
    try:
        member_id, how = URLSafeSerializer(list(keys), salt=UNSUBSCRIBE).loads(token)
        return int(member_id), Frequency(how)
    except (BadData, TypeError, ValueError) as error:
        raise UnsubscribeLinkRefused from error


@dataclass(frozen=True, slots=True)
class AnswerAddresses:
    """Addresses for answers to one kind of thing: how they begin, and what keeps their signatures apart."""

    name: str
    purpose: bytes

    def make(self, keys: Sequence[str], number: int, domain: str) -> str:
        """Return where an answer about the thing with this number goes; it has no capitals."""
        return f"{self.name}-{number}-{self._signature(keys[-1], number)}@{domain}"

    def find_number(self, keys: Sequence[str], address: str, domain: str) -> int | None:
        """Return of which thing this is the address, `None` when the forum did not make it."""
        form = rf"{self.name}-(\d{{1,9}})-([0-9a-f]+)@(.+)"
        found = re.fullmatch(form, address.strip().lower(), re.ASCII)
        if found is None or not domain or found[3] != domain:
            return None
        number = int(found[1])
        is_ours = any(hmac.compare_digest(found[2], self._signature(key, number)) for key in keys)
        return number if is_ours else None

    def _signature(self, key: str, number: int) -> str:
        derived = hmac.new(key.encode(), self.purpose, hashlib.sha256).digest()
        return hmac.new(derived, str(number).encode(), hashlib.sha256).hexdigest()[:SIGNATURE_HEX]


NOTIFICATIONS = AnswerAddresses("antwoord", b"notifications.reply")
"""Where an answer to the mail about one notification goes."""
