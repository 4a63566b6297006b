"""The people of the demo year: voices who write, and neighbours made up from names, streets and chance."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from random import Random

from forum.demo.content import People, Place, Voice

EMAIL_DOMAIN = "voorbeeld.nl"
FIRST_NUMBER = 1001
OLD_FROM_YEAR = 1960
"""Whoever was born earlier has an older first name."""
WITHOUT_MARKS = str.maketrans({"ı": "i", "ł": "l", "'": "", " ": "."})
POSTCODE_LETTERS = "FIOQUY"
"""Letters that are hardly ever in a real postcode."""


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the tenant register; the fields are its columns."""

    number: str
    first_name: str
    last_name: str
    email: str
    phone: str
    street: str
    house_number: str
    postcode: str
    city: str
    complex: str
    district: str
    birth_year: int
    language: str


def email_of(first_name: str, last_name: str, taken: int = 0) -> str:
    """Return an address that goes with a name; a number tells namesakes apart."""
    name = f"{first_name}.{last_name}".lower().translate(WITHOUT_MARKS)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"{plain}{taken + 1 if taken else ''}@{EMAIL_DOMAIN}"


def number_of(place: int) -> str:
    """Return the tenant number of a person by their place in the register, from 0."""
    return f"H{FIRST_NUMBER + place}"


def make_people(people: People, count: int, year: int, rng: Random) -> Sequence[Person]:
    """Return the tenants: the voices first, in their order, then their neighbours.

    Args:
        people: names, places and voices.
        count: how many tenants; at least as many as there are voices.
        year: this year, for ages.
        rng: the chance.
    """
    maker = _Maker(people, year, rng)
    for voice in people.voices:
        maker.add_voice(voice)
    while len(maker.made) < count:
        maker.add_household(count - len(maker.made))
    return maker.made


def as_csv(people: Iterable[Person]) -> bytes:
    """Return people as the file of a tenant register."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [field.name for field in fields(Person)])
    writer.writeheader()
    writer.writerows(asdict(person) for person in people)
    return out.getvalue().encode()


class _Maker:
    """What was made so far, so that nobody gets a taken address, number or e-mail."""

    def __init__(self, people: People, year: int, rng: Random) -> None:
        self.people = people
        self.year = year
        self.rng = rng
        self.made: list[Person] = []
        self.homes: Counter[str] = Counter()
        self.emails: Counter[str] = Counter()
        self.postcodes = _postcodes(people.places)
        self.places = {place.name: place for place in people.places}
        older = set(people.older_first_names)
        self.younger_names = [name for name in people.first_names if name not in older]

    def add_voice(self, voice: Voice) -> None:
        """Add somebody who writes."""
        home = self._empty_home(self.places[voice.complex])
        person = replace(
            home,
            number=number_of(len(self.made)),
            first_name=voice.first_name,
            last_name=voice.last_name,
            birth_year=voice.birth_year,
            language=voice.language,
        )
        self._add(person, has_email=voice.has_email)

    def add_household(self, room: int) -> None:
        """Add the people of one home, at most as many as there is room for; some join a voice."""
        rng = self.rng
        if rng.random() < 0.04:
            first = rng.choice(self.made[: len(self.people.voices)])
        else:
            place = rng.choices(self.people.places, [place.homes for place in self.people.places])[0]
            language = rng.choices(list(self.people.languages), list(self.people.languages.values()))[0]
            home = replace(self._empty_home(place), language=language)
            first = self._add_neighbour(
                home, self._birth_year(place.kind), rng.choice(self.people.last_names)
            )
            room -= 1
        if room and rng.random() < 0.3:
            self._add_housemate(first)

    def _add_housemate(self, first: Person) -> None:
        """Add a partner, or a grown-up child with the same name."""
        rng = self.rng
        latest = self.year - 18
        if rng.random() < 0.25 and first.birth_year < self.year - 45:
            self._add_neighbour(first, min(latest, first.birth_year + rng.randint(24, 34)), first.last_name)
        else:
            name = first.last_name if rng.random() < 0.4 else rng.choice(self.people.last_names)
            self._add_neighbour(first, min(latest, first.birth_year + rng.randint(-5, 5)), name)

    def _add_neighbour(self, home: Person, birth_year: int, last_name: str) -> Person:
        rng = self.rng
        age = self.year - birth_year
        names = self.people.older_first_names if birth_year < OLD_FROM_YEAR else self.younger_names
        person = replace(
            home,
            number=number_of(len(self.made)),
            first_name=rng.choice(names),
            last_name=last_name,
            birth_year=birth_year,
        )
        has_email = rng.random() < (0.95 if age < 60 else 0.84 if age < 75 else 0.6)
        return self._add(person, has_email=has_email)

    def _add(self, person: Person, *, has_email: bool) -> Person:
        email = ""
        if has_email:
            plain = email_of(person.first_name, person.last_name)
            email = email_of(person.first_name, person.last_name, taken=self.emails[plain])
            self.emails[plain] += 1
        needs_phone = not has_email or self.rng.random() < 0.7
        phone = f"06 00 {len(self.made):06}" if needs_phone else ""
        self.made.append(replace(person, email=email, phone=phone))
        return self.made[-1]

    def _empty_home(self, place: Place) -> Person:
        street = self.rng.choice(place.streets)
        self.homes[street] += 1
        number = self.homes[street] * 2 - self.rng.randint(0, 1)
        return Person(
            number="",
            first_name="",
            last_name="",
            email="",
            phone="",
            street=street,
            house_number=str(number),
            postcode=self.postcodes[street],
            city=self.people.city,
            complex=place.name,
            district=place.district,
            birth_year=self.year,
            language="nl",
        )

    def _birth_year(self, kind: str) -> int:
        youngest, oldest, most = (58, 94, 74) if kind == "senioren" else (19, 92, 44)
        return self.year - int(self.rng.triangular(youngest, oldest, most))


def _postcodes(places: Sequence[Place]) -> Mapping[str, str]:
    """Return a postcode for each street: a number for each district, letters for each street in it."""
    districts = list(dict.fromkeys(place.district for place in places))
    streets: Counter[str] = Counter()
    postcodes = {}
    for place in places:
        for street in place.streets:
            first, second = divmod(streets[place.district], len(POSTCODE_LETTERS))
            letters = POSTCODE_LETTERS[first] + POSTCODE_LETTERS[second]
            postcodes[street] = f"{4000 + districts.index(place.district)} {letters}"
            streets[place.district] += 1
    return postcodes
