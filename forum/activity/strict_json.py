"""Strict reading of JSON from outside: every reader returns a typed value or refuses its field by name.

`where` is the path of the value, such as `posts[3].status`; the document itself is the empty path.
"""

import json
import re
from collections.abc import Callable, Container, Iterable
from datetime import UTC, datetime
from typing import NoReturn, TypeVar

from forum.activity.errors import InputRefused

LARGEST_WHOLE = 1_000_000_000

_RFC_3339 = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?", re.ASCII
)
_PLAIN_NAME = re.compile(r"\w+(-\w+)*", re.ASCII)
_LONGEST_SHOWN = 60

_Row = TypeVar("_Row")


def parse_json(raw: bytes) -> object:
    """Return the one JSON document in `raw`, UTF-8 with or without byte order mark.

    Raises:
        InputRefused: not UTF-8, not JSON, nested too deep, a key twice in one object, a number that is no
            JSON (NaN, Infinity) or has thousands of digits.
    """
    try:
        return json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_unique_keys, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError as error:
        raise InputRefused("not-utf-8", "input", f"is not UTF-8 text, see byte {error.start}") from None
    except json.JSONDecodeError as error:
        reason = f"is not JSON: {error.msg}, line {error.lineno} column {error.colno}"
        raise InputRefused("not-json", "input", reason) from None
    except RecursionError:
        raise InputRefused("not-json", "input", "is nested too deep") from None
    except ValueError:  # Python's limit on the digits of a whole number
        raise InputRefused("out-of-range", "input", "has a number with too many digits") from None


def refuse(code: str, where: str, reason: str, value: object) -> NoReturn:
    """Refuse a value, and show it.

    Raises:
        InputRefused: always.
    """
    raise InputRefused(code, where or "input", f"{reason}, not {_shown(value)}")


def path_of(where: str, name: str) -> str:
    """Return the path of a field or key inside an object; an odd name stands between quotes, on one line."""
    if not _PLAIN_NAME.fullmatch(name):
        return f"{where}[{_shown(name)}]"
    return f"{where}.{name}" if where else name


def read_object(value: object, where: str) -> dict[str, object]:
    """Return an object with free keys, none of them empty."""
    if not isinstance(value, dict):
        refuse("wrong-type", where, "must be an object", value)
    for key in value:
        read_text(key, where)
    return value


def read_record(
    value: object, where: str, required: Iterable[str], optional: Iterable[str] = ()
) -> dict[str, object]:
    """Return an object that has all required fields and none beside the optional ones.

    Raises:
        InputRefused: it is no object, or has a field too many or too few.
    """
    record = read_object(value, where)
    required = tuple(required)
    known = {*required, *optional}
    for name in record:
        if name not in known:
            raise InputRefused("unknown-field", path_of(where, name), "is not a known field")
    for name in required:
        if name not in record:
            raise InputRefused("missing-field", path_of(where, name), "is missing")
    return record


def read_rows(value: object, where: str, read_row: Callable[[object, str], _Row]) -> list[_Row]:
    """Return a list, each row read by `read_row(row, where)`."""
    if not isinstance(value, list):
        refuse("wrong-type", where, "must be a list", value)
    return [read_row(row, f"{where}[{position}]") for position, row in enumerate(value)]


def read_pair(value: object, where: str) -> tuple[object, object]:
    """Return the two values of a list of two."""
    if not isinstance(value, list) or len(value) != 2:
        refuse("wrong-type", where, "must be a list of two values", value)
    return value[0], value[1]


def read_text(value: object, where: str) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str):
        refuse("wrong-type", where, "must be text", value)
    if not value:
        refuse("out-of-range", where, "must not be empty", value)
    return value


def read_flag(value: object, where: str) -> bool:
    """Return true or false; 0 and 1 are neither."""
    if not isinstance(value, bool):
        refuse("wrong-type", where, "must be true or false", value)
    return value


def read_whole(value: object, where: str) -> int:
    """Return a whole number from 0 to `LARGEST_WHOLE`; true, 1.0 and "1" are none."""
    if isinstance(value, bool) or not isinstance(value, int):
        refuse("wrong-type", where, "must be a whole number", value)
    if not 0 <= value <= LARGEST_WHOLE:
        refuse("out-of-range", where, f"must be from 0 to {LARGEST_WHOLE}", value)
    return value


def read_moment(value: object, where: str) -> datetime:
    """Return an RFC 3339 time with `Z` or an offset, from 1970 on, in UTC and whole microseconds."""
    text = read_text(value, where)
    match = _RFC_3339.fullmatch(text)
    if match is None:
        refuse("bad-time", where, "must be a time such as 2026-03-02T08:00:00Z", value)
    if match[2] is None:
        refuse("naive-time", where, "must end in Z or an offset such as +01:00", value)
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        refuse("bad-time", where, "must be a time that exists", value)
    if not 1970 <= moment.year <= 9000:
        refuse("out-of-range", where, "must be in a year from 1970 to 9000", value)
    return moment


def read_choice(value: object, where: str, choices: Iterable[str]) -> str:
    """Return one of the texts in `choices`."""
    choices = tuple(choices)
    text = read_text(value, where)
    if text not in choices:
        refuse("unknown-value", where, f"must be one of {', '.join(choices)}", value)
    return text


def read_known(value: object, where: str, known: Container[str], kind: str) -> str:
    """Return the id of something that is in the document; `kind` names it in the refusal."""
    known_id = read_text(value, where)
    if known_id not in known:
        refuse(f"unknown-{kind}", where, f"must be the id of a {kind} in this file", value)
    return known_id


def refuse_doubles(ids: Iterable[str], where: str) -> None:
    """Check that the ids of the rows in `where` differ.

    Raises:
        InputRefused: an id comes a second time.
    """
    seen: set[str] = set()
    for position, row_id in enumerate(ids):
        if row_id in seen:
            refuse("duplicate-id", f"{where}[{position}].id", "must differ from the ids before it", row_id)
        seen.add(row_id)


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise InputRefused("duplicate-key", path_of("", key), "comes twice in one object")
            seen.add(key)
    return record


def _refuse_constant(constant: str) -> NoReturn:
    raise InputRefused("not-json", "input", f"is not JSON: {constant} is no number")


def _shown(value: object) -> str:
    """Return a value on one line of plain ASCII, cut when long."""
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else f"a list of {len(value)}"
    if isinstance(value, int) and abs(value) > 10**_LONGEST_SHOWN:
        return "a number this large"
    shown = json.dumps(value, default=repr)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}..."
