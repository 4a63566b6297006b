"""Details in a text that its writer may not want everybody to read: a guess, to hint at and no more. Pure."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final, NamedTuple

MOST_DETAILS: Final = 5
"""How many are named; more says nothing more."""


class DetailKind(StrEnum):
    """What kind of detail it is."""

    IBAN = "iban"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    POSTCODE = "postcode"
    BSN = "bsn"


class Detail(NamedTuple):
    """Something private, in the words of the text."""

    kind: DetailKind
    words: str


def list_details(text: str) -> tuple[Detail, ...]:
    """Return the private details in a text, each once, the surest kinds first.

    Years, prices, dates, article numbers, public numbers (0800, 0900, 088) and the addresses of an office
    (`info@`) are none. What looks like one kind is no other as well: an account number with a
    typing error holds no phone number.
    """
    rest = _URL.sub(_blank, text)
    found: dict[Detail, None] = {}
    for kind, pattern, is_private in _KINDS:
        matches = list(pattern.finditer(rest))
        for match in matches:
            if is_private(match):
                found[Detail(kind, " ".join(match["it"].split()))] = None
        if matches:
            rest = pattern.sub(_blank, rest)
    return tuple(found)[:MOST_DETAILS]


def is_bsn(digits: str) -> bool:
    """Tell whether nine digits pass the eleven-test of a burgerservicenummer.

    The weights are 9 to 2, and -1 for the last digit; eleven must divide the sum (Besluit BSN, art. 1).
    """
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return total % 11 == 0 and int(digits) > 0


def is_iban(number: str) -> bool:
    """Tell whether an account number has the right check digits (ISO 13616: remainder 1 by 97)."""
    moved = number[4:] + number[:4]
    return int("".join(str(int(mark, 36)) for mark in moved)) % 97 == 1


def _blank(match: re.Match[str]) -> str:
    return "\n" * len(match[0])


def _joined(match: re.Match[str]) -> str:
    return re.sub(r"[\W_]", "", match["it"]).upper()


def _has_check_digits(match: re.Match[str]) -> bool:
    return is_iban(_joined(match))


def _is_of_a_person(match: re.Match[str]) -> bool:
    return match["name"].casefold() not in _OFFICE_NAMES


def _is_own_number(match: re.Match[str]) -> bool:
    return not _DATE.match(match["it"]) and not _joined(match).startswith(_PUBLIC_NUMBERS)


def _passes_eleven_test(match: re.Match[str]) -> bool:
    return is_bsn(_joined(match))


def _always(_match: re.Match[str]) -> bool:
    return True


_URL: Final = re.compile(r"https?://\S++", re.IGNORECASE)
_IBAN: Final = re.compile(
    r"\b(?P<it>(?i:NL\d{2}[ .-]?[A-Z]{4}(?:[ .-]?\d){10})"
    r"|(?!NL)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\b"
)
_EMAIL: Final = re.compile(r"(?<![\w.+-])(?P<it>(?P<name>[\w.+-]++)@[\w-]++(?:\.[\w-]++)++)")
_OFFICE_NAMES: Final = frozenset(
    "bestuur contact helpdesk info klantenservice post redactie reparatie reparaties secretariaat".split()
)
_PHONE: Final = re.compile(
    r"(?<![\w+.,])(?P<it>\(?(?:(?:\+|00)31[ .-]?(?:\(0\))?|0)(?:(?: - |[ .)-]{0,2})\d){9})(?!\d)"
)
_PUBLIC_NUMBERS: Final = ("0800", "0900", "0906", "0909", "088", "3188")
_DATE: Final = re.compile(r"\d\d?[-. ]\d\d?[-. ](?:19|20)\d\d")
_HOUSE: Final = r"\d{1,5}(?:[ -]?[a-zA-Z]\b(?!/)|-\d{1,4}\b)?"
_YEARS_IN_CAPITALS: Final = r"(?:19|20)\d\d (?:DE|EN|ER|IN|IS|OF|TE)\b"
_POSTCODE: Final = rf"(?!{_YEARS_IN_CAPITALS})[1-9]\d{{3}}(?: ?[A-Z]{{2}}|[a-z]{{2}})\b"
_COUNTED: Final = (
    r"keer|uur|euro|jaar|maand\w*|week|weken|dag\w*|minu\w+|meter|mensen|personen|huizen|woningen|huurders"
    r"|bomen|lampen|auto\w*|fiets\w*|x\b|%"
)
_STREET: Final = (
    r"[A-Z][\w'’-]{0,40}"
    r"(?:straat|laan|weg|plein|hof|kade|gracht|singel|dreef|pad|steeg|plantsoen|dijk|wal|erf|flat|park|markt|baan|haven)"
)
_NEIGHBOUR: Final = (
    r"(?:[Bb]uren|[Bb]uurman|[Bb]uurvrouw|[Bb]ewoners?|[Mm]evrouw|[Mm]eneer|[Ff]amilie|[Gg]ezin|[Hh]uurders?)"
)
_ADDRESS: Final = re.compile(
    r"(?<!artikel )(?<!nummer )(?<!nr )(?<!nr\. )(?<!\w)"
    rf"(?P<it>{_POSTCODE}[,;]?(?: (?:[Hh]uis)?(?:nummer|nr\.?))? ?{_HOUSE}"
    rf"|{_STREET} (?:nummer |nr\.? )?{_HOUSE}(?! ?(?:t/m|tot|{_COUNTED}))(?!\d|[.,]\d)(?:,? {_POSTCODE})?"
    rf"|\d{{1,5}} ?[a-z]?,? (?:in |te )?[1-9]\d{{3}} ?[A-Z]{{2}}\b"
    rf"|{_NEIGHBOUR}(?: \w+){{0,3}} (?:op|van|in|uit) (?:huis)?(?:nummer|nr\.?) ?{_HOUSE}"
    rf"|[Hh]uisnummer {_HOUSE})(?!\d)"
)
_LONE_POSTCODE: Final = re.compile(
    r"(?<!artikel )(?<!onderdeel )(?<!nummer )(?<!nr )(?<!nr\. )(?<![\w.,€-])(?<!€ )"
    rf"(?!{_YEARS_IN_CAPITALS})"
    r"(?P<it>(?<=[Pp]ostcode )[1-9]\d{3} ?[A-Za-z]{2}|[1-9]\d{3} ?[A-Z]{2})\b"
)
_BSN: Final = re.compile(
    r"(?<![\w.,€-])(?<!€ )(?P<it>\d{9}|\d{4}[. ]\d{2}[. ]\d{3}|\d{3} \d{3} \d{3})"
    r"(?![\w-]|[.,]\d| ?(?:euro|EUR)\b)"
)
_KINDS: Final[tuple[tuple[DetailKind, re.Pattern[str], Callable[[re.Match[str]], bool]], ...]] = (
    (DetailKind.IBAN, _IBAN, _has_check_digits),
    (DetailKind.EMAIL, _EMAIL, _is_of_a_person),
    (DetailKind.PHONE, _PHONE, _is_own_number),
    (DetailKind.ADDRESS, _ADDRESS, _always),
    (DetailKind.POSTCODE, _LONE_POSTCODE, _always),
    (DetailKind.BSN, _BSN, _passes_eleven_test),
)
