"""What is true of members and their roles."""

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime

from forum.kernel.actor import Actor, Party, Role

ROLES_OF_A_PARTY = frozenset({Role.DELEGATE, Role.MODERATOR})
"""Roles in which somebody acts for one of the two parties."""

ROLE_WORDS = frozenset(
    "admin administrator afgevaardigde beheer beheerder coordinator huurdersforum huurdersorganisatie "
    "medewerker moderatie moderator redactie verhuurder woningcorporatie".split()
)
"""Words that tell others that somebody speaks for the forum or a party."""


def plain_name(name: str) -> str:
    """Return a name as it is compared: lower case, without accents and marks, words parted by one space."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in letters if not unicodedata.combining(c))))


def is_name_of(name: str, others: Collection[str]) -> bool:
    """Tell whether a name reads as one of the others, in whatever capitals, accents and spaces."""
    wanted = plain_name(name).replace(" ", "")
    return bool(wanted) and any(wanted == plain_name(other).replace(" ", "") for other in others)


def is_last_of(last_name: str, name: str) -> bool:
    """Tell whether a name ends with this last name, in whatever capitals and accents."""
    wanted, plain = plain_name(last_name), plain_name(name)
    return bool(wanted) and (plain == wanted or plain.endswith(f" {wanted}"))


def speaks_for_others(name: str, parties: Collection[str]) -> bool:
    """Tell whether a name has a word of a role in it, or the name of a party."""
    plain = plain_name(name)
    words = {re.sub(r"\d+$", "", word) for word in plain.split()}
    joined = plain.replace(" ", "")
    names = (plain_name(party).replace(" ", "") for party in parties)
    return bool(words & ROLE_WORDS) or any(party in joined for party in names if party)


def is_valid_grant(role: Role, party: Party | None) -> bool:
    """Tell whether a role goes with a party, or with none."""
    return role is not Role.TENANT and (role in ROLES_OF_A_PARTY) == (party is not None)


def is_suspended(until: datetime | None, at: datetime) -> bool:
    """Tell whether a member who is paused until a moment is so at another."""
    return until is not None and at < until


def actor_of(member_id: int, grants: Collection[tuple[Role, Party | None]], *, suspended: bool) -> Actor:
    """Return a member as rules see them; whoever was given no role is a tenant."""
    return Actor(
        member_id=member_id,
        party=next((party for _, party in grants if party), None),
        roles=frozenset(role for role, _ in grants) or frozenset({Role.TENANT}),
        suspended=suspended,
    )
