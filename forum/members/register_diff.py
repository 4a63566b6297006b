"""What a register file would change: who is new, changed, unchanged and gone."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from forum.members.register_columns import COLUMNS
from forum.members.register_rows import Register, RegisterRow, address_key

LARGE_DEPARTURE_LEAST = 10
LARGE_DEPARTURE_PCT = 10

RETURNED = "state"
"""Name of the change of somebody who was gone and is back."""


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member with a tenant number as the forum knows them now; texts of a missing household are empty."""

    member_id: int
    number: str
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    birth_year: int | None
    language: str
    street: str
    house_number: str
    postcode: str
    city: str
    complex: str
    district: str
    is_gone: bool
    is_staff: bool


Person = RegisterRow | KnownMember
"""Both describe somebody in the words of the columns."""


@dataclass(frozen=True, slots=True)
class ChangedMember:
    """A member whom the file describes differently, and in which columns."""

    member_id: int
    row: RegisterRow
    fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class GoneMember:
    """A member who is not in the file."""

    member_id: int
    number: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class RegisterDiff:
    """What an import would do. `tenants_now` counts the tenants who can be gone by it."""

    sha256: str
    new: Sequence[RegisterRow]
    changed: Sequence[ChangedMember]
    gone: Sequence[GoneMember]
    unchanged: int
    tenants_now: int

    @property
    def counts(self) -> dict[str, int]:
        """Return how many members are new, changed, unchanged and gone."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "gone": len(self.gone),
        }

    @property
    def is_large_departure(self) -> bool:
        """Tell whether so many would be gone that the file is more likely incomplete.

        More than ten tenants, and more than ten percent of them.
        """
        gone = len(self.gone)
        return gone > LARGE_DEPARTURE_LEAST and gone * 100 > self.tenants_now * LARGE_DEPARTURE_PCT

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 (hex) of the file and all that it would do, to tell whether that is still so."""
        content = [
            self.sha256,
            [row.number for row in self.new],
            sorted([change.row.number, *change.fields] for change in self.changed),
            sorted(member.number for member in self.gone),
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def compare(register: Register, members: Iterable[KnownMember]) -> RegisterDiff:
    """Hold a register against the members there are. Staff are changed by it, never gone."""
    awaited = {row.number: row for row in register.rows}
    facts = [(name, FACTS[name]) for name in COLUMNS if name in register.columns and name in FACTS]
    changed: list[ChangedMember] = []
    gone: list[GoneMember] = []
    unchanged = tenants_now = 0
    for member in members:
        can_be_gone = not member.is_gone and not member.is_staff
        tenants_now += can_be_gone
        row = awaited.pop(member.number, None)
        if row is not None:
            fields = [name for name, fact in facts if fact(row) != fact(member)]
            fields += [RETURNED] if member.is_gone else []
            if fields:
                changed.append(ChangedMember(member.member_id, row, tuple(fields)))
            else:
                unchanged += 1
        elif can_be_gone:
            gone.append(GoneMember(member.member_id, member.number, member.first_name, member.last_name))
    return RegisterDiff(register.sha256, tuple(awaited.values()), changed, gone, unchanged, tenants_now)


def _house_number(person: Person) -> str:
    return address_key(person.postcode, person.house_number, person.street)[1]


FACTS: Mapping[str, Callable[[Person], object]] = {
    "first_name": lambda person: person.first_name,
    "last_name": lambda person: person.last_name,
    "email": lambda person: person.email,
    "phone": lambda person: person.phone,
    "street": lambda person: person.street.casefold(),
    "house_number": _house_number,
    "postcode": lambda person: person.postcode.replace(" ", "").upper(),
    "city": lambda person: person.city.casefold(),
    "complex": lambda person: person.complex.casefold(),
    "district": lambda person: person.district.casefold(),
    "birth_year": lambda person: person.birth_year,
    "language": lambda person: person.language,
}
"""What is compared in each column. Capitals in the name of a place make no other place."""
