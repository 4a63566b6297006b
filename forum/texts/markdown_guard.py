"""Make any text harmless for the Markdown library, in linear time and without losing a word of it.

The library takes seconds for some texts of a few kilobytes and overflows the stack for others. So every
mark that means nothing, or too much, is *shielded*: swapped for a stand-in that Markdown takes for a letter
and that becomes the mark again, as plain text, afterwards. The stand-ins are the 32 noncharacters U+FDD0 to
U+FDEF, one for each mark of ASCII; no text may hold these, so nobody can smuggle them in.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import escape

LONGEST_RUN = 50
DEEPEST_QUOTE = 5
DEEPEST_LIST = 5
DEEPEST_INDENT = 4 * DEEPEST_LIST
MOST_COLUMNS = 20
MOST_CELLS = 1_000
MOST_STRUCTURE_LINES = 300
MOST_COMBINING_MARKS = 4

MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_STAND_INS = "".join(map(chr, range(0xFDD0, 0xFDF0)))
_SHIELD = str.maketrans(MARKS, _STAND_INS)
_UNSHIELD = str.maketrans(_STAND_INS, MARKS)
_UNSHIELD_HTML = {ord(stand_in): escape(mark) for mark, stand_in in zip(MARKS, _STAND_INS, strict=True)}
# Raw HTML and entities are text here: people see what they typed, and `&#x202e;` hides nothing.
_SHIELD_ALWAYS = str.maketrans({mark: mark.translate(_SHIELD) for mark in "<&"})
LESS_THAN = "<".translate(_SHIELD)

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_DROPPED = [
    *(code for code in range(0x20) if chr(code) not in "\n\t"),
    *range(0x7F, 0xA0),
    *range(0x202A, 0x202F),  # bidi embeddings and overrides
    *range(0x206A, 0x2070),  # deprecated format characters
    *range(0xFFF9, 0xFFFC),  # interlinear annotation
    0xFEFF,
    *range(0xFDD0, 0xFDF0),
    *(plane << 16 | low for plane in range(17) for low in (0xFFFE, 0xFFFF)),
]
_CHARACTERS: dict[int, str | None] = {
    **dict.fromkeys(_DROPPED),
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),
}
_ISOLATES = re.compile("[\u2066-\u2069]")
_OPENS_ISOLATE = "\u2066\u2067\u2068"

_LONG_RUN = re.compile(rf"([!-/:-@\[-`{{-~])\1{{{LONGEST_RUN},}}")
_LONG_GAP = re.compile(rf" {{{LONGEST_RUN},}}")
_TIMES = re.compile(r"(?<=\w)\*(?=\w)")  # "2*3*4" is a sum
_SHIELDED_TIMES = "*".translate(_SHIELD)
_LINE_OF_DASHES = re.compile(r"[-|:=*_ ]+")
_FENCE = re.compile(r"(`{3,}|~{3,}) *[\w#.+-]*")
_BARE_FENCE = re.compile(r"`{3,}|~{3,}")
_BACKTICKS = re.compile("`+")
_ESCAPE_OR_BACKTICKS = re.compile(r"\\.|`+")
_BULLET = re.compile(r"[*+-](?= )")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,2})\.(?= )")
_HEADING = re.compile(r"(#{1,6}) +\S")
_CLOSING_HASHES = re.compile(r"(?<! )(#+)$")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_RULE = re.compile(r"(?:- *){3,}|(?:_ *){3,}|(?:\* *){3,}")
# What still looks like the beginning of a quote or list after the marks that may nest.
_MORE_PREFIX = re.compile(r"\A(?:>|[*+-] |\d+\. ) *(?:(?:>|[*+-] |\d+\. ) *)*")
_STRUCTURE = re.compile(r"#+|[=-]{3,}|[-_*][-_* ]+$")
_TABLE_RULE = re.compile(r"[|: -]*-[|: -]*")


def scrub(source: str) -> str:
    """Return the text without characters that hide, reorder or pile up, its lines ended by `\\n`."""
    text = _LINE_ENDS.sub("\n", source).translate(_CHARACTERS)
    if text.isascii():
        return text
    if _ISOLATES.search(text):
        text = "\n".join(map(_balance_isolates, text.split("\n")))
    return _limit_combining(text)


def _balance_isolates(line: str) -> str:
    depth = 0
    for mark in _ISOLATES.findall(line):
        depth += 1 if mark in _OPENS_ISOLATE else -1
        if depth < 0:
            break
    return line if depth == 0 else _ISOLATES.sub("", line)


def _limit_combining(text: str) -> str:
    if max(text, default="") < "\u0300":
        return text
    kept = []
    run = 0
    for character in text:
        category = unicodedata.category(character) if character >= "\u0300" else ""
        if category in {"Mn", "Me"}:
            run += 1
        elif category != "Cf":  # a joiner between two accents is no new letter
            run = 0
        if run <= MOST_COMBINING_MARKS or category == "Cf":
            kept.append(character)
    return "".join(kept)


def shield(text: str) -> str:
    """Return the text with every mark shielded: Markdown sees letters only."""
    return text.translate(_SHIELD)


def shield_html(text: str) -> str:
    """Return the text with only those marks shielded that begin a tag or an entity."""
    return text.translate(_SHIELD_ALWAYS)


def unshield(text: str) -> str:
    """Return the text with its marks back, for a value that is escaped later."""
    return text.translate(_UNSHIELD)


def unshield_html(html: str) -> str:
    """Return the HTML with its shielded marks back, escaped: they can never become markup."""
    return html.translate(_UNSHIELD_HTML)


def guard(text: str) -> str:
    """Return scrubbed text with the marks shielded that would be costly, or would eat words, in Markdown.

    Two things people do all the time, and Markdown punishes, get the blank line that Markdown wants: a list
    right under a sentence, and an answer right under a quote.
    """
    guarded: list[str] = []
    state = _State()
    lines = [line.rstrip().expandtabs(4) for line in text.split("\n")]
    fences = _Fences(lines)
    rows = _rows_from(lines)
    number = 0
    while number < len(lines):
        end = fences.end_of(number)
        if end is None:
            guarded.extend(_guard_line(lines[number], rows[number], state))
            number += 1
        else:
            guarded += ["", "```", *map(shield, lines[number + 1 : end]), "```", ""]
            state.block = _Kind.BLANK
            number = end + 1
    return "\n".join(guarded)


class _Kind(StrEnum):
    BLANK = "blank"
    TEXT = "text"
    LIST = "list"
    QUOTE = "quote"
    ALONE = "alone"  # a heading or a rule: needs blank lines around it


@dataclass
class _State:
    block: _Kind = _Kind.BLANK
    structure_lines_left: int = MOST_STRUCTURE_LINES
    cells_left: int = MOST_CELLS


class _Fences:
    """Which fence of code closes which, found once: the library searches the whole text for each."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._closings: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            if _BARE_FENCE.fullmatch(line):
                self._closings.setdefault(line, []).append(number)

    def end_of(self, number: int) -> int | None:
        opening = _FENCE.fullmatch(self._lines[number])
        if opening is None:
            return None
        return _next_after(self._closings.get(opening[1], []), number + 1)


def _rows_from(lines: list[str]) -> list[int]:
    rows = [0] * (len(lines) + 1)
    for number in range(len(lines) - 1, -1, -1):
        rows[number] = rows[number + 1] + 1 if lines[number] else 0
    return rows


def _guard_line(line: str, rows: int, state: _State) -> Iterator[str]:
    text = line.lstrip(" ")
    if not text:
        state.block = _Kind.BLANK
        yield ""
        return
    indent = min(len(line) - len(text), DEEPEST_INDENT)
    text = _guard_code(_limit_runs(text))
    kind = _kind(text, state.block) if indent < 4 else _Kind.TEXT
    if _needs_blank_line(state.block, kind, text, indent):
        state.block = _Kind.BLANK
        yield ""
    if state.block in {_Kind.BLANK, _Kind.ALONE} or kind is _Kind.ALONE:
        state.block = kind
    yield " " * indent + shield_html(_guard_structure(text, indent, rows, state))


def _limit_runs(text: str) -> str:
    if _LINE_OF_DASHES.fullmatch(text):
        return _LONG_RUN.sub(lambda run: run[0][:LONGEST_RUN], _LONG_GAP.sub(" ", text))
    return _TIMES.sub(_SHIELDED_TIMES, _LONG_RUN.sub(lambda run: shield(run[0]), text))


def _guard_code(text: str) -> str:
    """Shield what stands between backticks, and every backtick that has no partner on its line."""
    if "`" not in text:
        return text
    closings: dict[int, list[int]] = {}
    for run in _BACKTICKS.finditer(text):
        closings.setdefault(len(run[0]), []).append(run.start())
    parts = []
    place = 0
    for found in _ESCAPE_OR_BACKTICKS.finditer(text):
        if found.start() < place:  # inside a piece of code
            continue
        marks = found[0]
        parts.append(text[place : found.start()])
        place = found.end()
        end = _next_after(closings.get(len(marks), []), place) if marks[0] == "`" else None
        if end is not None and text[place:end].strip():
            parts += [marks, shield(text[place:end]), marks]
            place = end + len(marks)
        else:
            parts.append(shield(marks.lstrip("\\")) if "`" in marks else marks)
    return "".join([*parts, text[place:]])


def _next_after(places: list[int], place: int) -> int | None:
    index = bisect_left(places, place)
    return places[index] if index < len(places) else None


def _kind(text: str, block: _Kind) -> _Kind:
    if text.startswith(">"):
        return _Kind.QUOTE
    if _HEADING.match(text) or (_RULE.fullmatch(text) and not (text.startswith("-") and block is _Kind.TEXT)):
        return _Kind.ALONE
    return _Kind.LIST if _BULLET.match(text) or _NUMBER.match(text) else _Kind.TEXT


def _needs_blank_line(block: _Kind, kind: _Kind, text: str, indent: int) -> bool:
    if block is _Kind.BLANK or block is kind is _Kind.QUOTE:
        return False
    if block in {_Kind.QUOTE, _Kind.ALONE} or kind is _Kind.ALONE:
        return True
    if block is not _Kind.TEXT or indent:
        return False
    # "1." starts a list under a sentence; "12. " is a line that happens to begin with a number.
    return kind is _Kind.QUOTE or (kind is _Kind.LIST and (not text[0].isdigit() or text.startswith("1.")))


def _guard_structure(text: str, indent: int, rows: int, state: _State) -> str:
    start = 0 if _RULE.fullmatch(text) else _end_of_prefix(text, indent // 4)
    prefix, rest = text[:start], text[start:]
    if _LINE_OF_DASHES.fullmatch(rest):
        rest = _guard_dashes(rest, rows, state)
    else:
        rest = _guard_heading(_MORE_PREFIX.sub(lambda marks: shield(marks[0]), rest))
    if not prefix and not _STRUCTURE.match(rest):
        return rest
    if state.structure_lines_left <= 0:
        return shield(prefix) + _STRUCTURE.sub(lambda marks: shield(marks[0]), rest)
    state.structure_lines_left -= 1
    return prefix + rest


def _end_of_prefix(text: str, list_depth: int) -> int:
    """Return where the words begin after the marks of quotes and lists, as far as these may nest."""
    place = quote_depth = 0
    while True:
        if text.startswith(">", place):
            quote_depth += 1
            end = place + 1
        elif marker := _BULLET.match(text, place) or _NUMBER.match(text, place):
            list_depth += 1
            end = marker.end()
        else:
            return place
        if quote_depth > DEEPEST_QUOTE or list_depth > DEEPEST_LIST:
            return place
        place = end
        while text.startswith(" ", place):
            place += 1


def _guard_dashes(text: str, rows: int, state: _State) -> str:
    if "|" in text:
        cells = (text.count("|") + 1) * rows
        if not _TABLE_RULE.fullmatch(text) or text.count("|") > MOST_COLUMNS or cells > state.cells_left:
            return shield(text)
        state.cells_left -= cells
        return text
    return text if _UNDERLINE.fullmatch(text) or _RULE.fullmatch(text) else shield(text)


def _guard_heading(text: str) -> str:
    if not text.startswith("#"):
        return text
    if not _HEADING.match(text):  # "#12" and "#huur" are no headings
        return shield(text[: len(text) - len(text.lstrip("#"))]) + text.lstrip("#")
    return _CLOSING_HASHES.sub(lambda hashes: shield(hashes[0]), text)  # "Over C#" keeps its sharp
