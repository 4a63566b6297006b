"""From the text in a cell to its value: one rule for each column, each refusing with a code."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forum.members.register_columns import COLUMNS, LONGEST, REQUIRED
from forum.members.register_faults import CellRefused

EARLIEST_BIRTH_YEAR = 1900
YOUNGEST_YEARS = 15
DEFAULT_LANGUAGE = "nl"
LOCAL_PART_LONGEST = 64

POSTCODE = re.compile(r"([1-9][0-9]{3}) ?([A-Z]{2})", re.ASCII)
NO_POSTCODE_LETTERS = frozenset({"SA", "SD", "SS"})
ROUNDED_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+[0-9]+", re.ASCII | re.IGNORECASE)
PHONE = re.compile(r"[0-9+()./ -]+", re.ASCII)
LETTER_AFTER_DIGIT = re.compile(r"(?<=[0-9]) +(?=[A-Z])")
EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])",
    re.ASCII,
)
LANGUAGES = frozenset(
    "aa,ab,ae,af,ak,am,an,ar,as,av,ay,az,ba,be,bg,bi,bm,bn,bo,br,bs,ca,ce,ch,co,cr,cs,cu,cv,cy,da,de,dv,"
    "dz,ee,el,en,eo,es,et,eu,fa,ff,fi,fj,fo,fr,fy,ga,gd,gl,gn,gu,gv,ha,he,hi,ho,hr,ht,hu,hy,hz,ia,id,ie,"
    "ig,ii,ik,io,is,it,iu,ja,jv,ka,kg,ki,kj,kk,kl,km,kn,ko,kr,ks,ku,kv,kw,ky,la,lb,lg,li,ln,lo,lt,lu,lv,"
    "mg,mh,mi,mk,ml,mn,mr,ms,mt,my,na,nb,nd,ne,ng,nl,nn,no,nr,nv,ny,oc,oj,om,or,os,pa,pi,pl,ps,pt,qu,rm,"
    "rn,ro,ru,rw,sa,sc,sd,se,sg,si,sk,sl,sm,sn,so,sq,sr,ss,st,su,sv,sw,ta,te,tg,th,ti,tk,tl,tn,to,tr,ts,"
    "tt,tw,ty,ug,uk,ur,uz,ve,vi,vo,wa,wo,xh,yi,yo,za,zh,zu".split(",")
)
"""ISO 639-1."""

CellRule = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class RegisterLimits:
    """Limits that move with the calendar or with the size of the server."""

    latest_birth_year: int
    earliest_birth_year: int = EARLIEST_BIRTH_YEAR
    most_rows: int = 250_000


def limits_on(day: date) -> RegisterLimits:
    """Return the limits on a day: nobody in the register is younger than fifteen."""
    return RegisterLimits(latest_birth_year=day.year - YOUNGEST_YEARS)


def cell_rules(limits: RegisterLimits) -> Mapping[str, CellRule]:
    """Return for each column what turns its cell into a value, or raises `CellRefused`."""
    special: Mapping[str, CellRule] = {
        "number": read_number,
        "email": read_email,
        "phone": read_phone,
        "house_number": read_house_number,
        "postcode": read_postcode,
        "birth_year": lambda cell: read_birth_year(cell, limits),
        "language": read_language,
    }
    return {name: _rule(name, special.get(name, _as_it_is)) for name in COLUMNS}


def _rule(name: str, read: CellRule) -> CellRule:
    longest, is_required = LONGEST.get(name, 1000), name in REQUIRED

    def rule(cell: str) -> Any:
        text = tidy(cell)
        if is_required and not text:
            raise CellRefused("cell-required")
        _check_length(text, longest)
        value = read(text)
        if isinstance(value, str):
            _check_length(value, longest)  # capitals can take more room: ß becomes SS
        return value

    return rule


def _check_length(text: str, longest: int) -> None:
    if len(text) > longest:
        raise CellRefused("cell-too-long", length=len(text), most=longest)


def _as_it_is(text: str) -> str:
    return text


def tidy(cell: str) -> str:
    """Return the text of a cell without outer spaces, composed as NFC.

    Raises:
        CellRefused: it holds a control character, a line end or another mark that does not print.
    """
    text = cell.replace("\u00a0", " ").strip(" ")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        mark = next(mark for mark in text if not mark.isprintable())
        raise CellRefused("cell-unprintable", character=f"U+{ord(mark):04X}")
    return text


def read_number(text: str) -> str:
    """Return a tenant number; one that a spreadsheet rounded (1,2E+11) would merge people."""
    if ROUNDED_NUMBER.fullmatch(text):
        raise CellRefused("number-rounded")
    return text


def read_email(text: str) -> str | None:
    """Return an e-mail address in lower case."""
    if not text:
        return None
    address = text.lower()
    if not EMAIL.fullmatch(address) or address.index("@") > LOCAL_PART_LONGEST:
        raise CellRefused("email-refused")
    return address


def read_phone(text: str) -> str | None:
    """Return a telephone number as it was typed."""
    if not text:
        return None
    digits = sum(mark.isdigit() for mark in text)
    if not PHONE.fullmatch(text) or text.count("+") > 1 or not 8 <= digits <= 15:
        raise CellRefused("phone-refused")
    return text


def read_house_number(text: str) -> str:
    """Return a house number in one spelling: `12 a` is `12A`, and `12  bis` is `12BIS`."""
    return LETTER_AFTER_DIGIT.sub("", " ".join(text.upper().split()))


def read_postcode(text: str) -> str:
    """Return a Dutch postcode as `1234 AB`."""
    found = POSTCODE.fullmatch(text.upper())
    if not found or found[2] in NO_POSTCODE_LETTERS:
        raise CellRefused("postcode-refused")
    return f"{found[1]} {found[2]}"


def read_birth_year(text: str, limits: RegisterLimits) -> int | None:
    """Return a year of birth within the limits."""
    if not text:
        return None
    is_year = len(text) == 4 and text.isascii() and text.isdigit()
    if not is_year or not limits.earliest_birth_year <= int(text) <= limits.latest_birth_year:
        raise CellRefused(
            "birth-year-refused", earliest=limits.earliest_birth_year, latest=limits.latest_birth_year
        )
    return int(text)


def read_language(text: str) -> str:
    """Return a language code in lower case; Dutch when the cell is empty."""
    code = text.lower() or DEFAULT_LANGUAGE
    if code not in LANGUAGES:
        raise CellRefused("language-refused")
    return code
