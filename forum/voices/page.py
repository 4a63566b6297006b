"""The radar in words: cells of tables with their shares, what was done and what came of it, the file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from forum.texts.catalogue import say
from forum.voices.forms import tell_action
from forum.voices.hiding import Hidden, ShownCount
from forum.voices.models import VoiceAction
from forum.voices.radar import Radar
from forum.voices.rules import Change, Grouping, Measure, Row, change_between, missing_people, share_pct
from forum.web.times import show_number

EFFECTS = (Measure.READERS, Measure.WRITERS)
UNFOLDED_MOST, PART_MOST = 25, 20
"""Rows of a table that stand open, and in each part of a longer one: some screens of a telephone."""
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with its share of the column; `percent` is the length of its bar, `None` without one."""

    text: str
    percent: int | None
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A group: its tenants, and each measure."""

    name: str
    cells: Sequence[Cell]
    within: str = ""

    @property
    def is_short(self) -> bool:
        """Tell whether too few of the group take part, by any measure."""
        return any(cell.is_short for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a table that are folded together; a table that is short has one part without a name."""

    name: str
    lines: Sequence[Line]

    @property
    def short(self) -> int:
        """Return of how many groups too few take part."""
        return sum(line.is_short for line in self.lines)


@dataclass(frozen=True, slots=True)
class ShareTable:
    """A table as the page shows it; `most` is the longest bar of all its parts, in percent."""

    kind: str
    parts: Sequence[Part]
    most: int

    @property
    def groups(self) -> int:
        """Return how many rows there are in all."""
        return sum(len(part.lines) for part in self.parts)


@dataclass(frozen=True, slots=True)
class ActionLine:
    """What was done for a group, how it stood, how it stands, and what that means."""

    action: VoiceAction
    title: str
    effects: Sequence[tuple[Measure, str, str, Change]]


def show_count(count: ShownCount) -> str:
    """Return a number, or why it is not shown."""
    return say(f"voices-{count}") if isinstance(count, Hidden) else show_number(count)


def lines_of(radar: Radar, rows: Sequence[Row]) -> Sequence[Line]:
    """Return the rows of a table with the share that each number has of its column."""
    return [
        Line(
            row.name,
            [
                _cell(row.tenants, radar.register),
                *(_measure_cell(radar, row, measure) for measure in Measure),
            ],
            row.within,
        )
        for row in rows
    ]


def tables_of(radar: Radar) -> Sequence[ShareTable]:
    """Return the tables of the page; a long one in parts that can be opened one by one."""
    tables = [(table.grouping, lines_of(radar, table.rows)) for table in radar.tables]
    return [
        ShareTable(
            say(f"category-{grouping}"),
            parts_of(lines),
            max((cell.percent or 0 for line in lines for cell in line.cells), default=0),
        )
        for grouping, lines in tables
    ]


def parts_of(lines: Sequence[Line]) -> Sequence[Part]:
    """Return the rows of a table in parts: all in one when they are few, else some of one district each."""
    if len(lines) <= UNFOLDED_MOST:
        return [Part("", lines)] if lines else []
    return [
        part
        for within, rows in groupby(lines, key=lambda line: line.within)
        for part in _some_each(within, list(rows))
    ]


def _some_each(within: str, lines: Sequence[Line]) -> Sequence[Part]:
    """Return rows in parts of about the same length, named after the district, first and last group."""
    count = -(-len(lines) // PART_MOST)
    edges = [place * len(lines) // count for place in range(count + 1)]
    parts = [lines[first:last] for first, last in pairwise(edges)]
    if count == 1 and within:
        return [Part(within, lines)]
    names = [say("voices-part", first=rows[0].name, last=rows[-1].name) for rows in parts]
    return [
        Part(say("voices-part-of", within=within, part=name) if within else name, rows)
        for name, rows in zip(names, parts, strict=True)
    ]


def _measure_cell(radar: Radar, row: Row, measure: Measure) -> Cell:
    count, total = row.count(measure), radar.totals[measure]
    is_short = not row.is_joined and missing_people(count, row.tenants, total, radar.register) > 0
    return _cell(count, total, is_short=is_short)


def _cell(count: ShownCount, total: ShownCount, *, is_short: bool = False) -> Cell:
    percent = share_pct(count, total)
    text = show_count(count)
    if percent is not None:
        text = say("voices-of", count=text, percent=percent)
    return Cell(text, percent, is_short)


def action_lines(radar: Radar, actions: Sequence[VoiceAction]) -> Sequence[ActionLine]:
    """Return what was done with the shares before and now."""
    return [
        ActionLine(
            action,
            tell_action(action.kind, action.grouping, action.group_name),
            [_effect(radar, action, measure) for measure in EFFECTS],
        )
        for action in actions
    ]


def _effect(radar: Radar, action: VoiceAction, measure: Measure) -> tuple[Measure, str, str, Change]:
    kept = {
        Measure.READERS: (action.readers, action.all_readers),
        Measure.WRITERS: (action.writers, action.all_writers),
    }
    row = radar.find_row(action.grouping, action.group_name)
    before, after = kept[measure], (row.count(measure) if row else None, radar.totals[measure])
    return measure, _share(*before), _share(*after), change_between(before, after)


def _share(count: ShownCount | None, total: ShownCount | None) -> str:
    if count is None or total is None or isinstance(count, Hidden) or isinstance(total, Hidden):
        return say("voices-with-others")
    return say(
        "voices-share", percent=share_pct(count, total), count=show_number(count), total=show_number(total)
    )


def as_csv(radar: Radar) -> bytes:
    """Return the tables as a file that a Dutch spreadsheet opens: UTF-8 with a mark, parted by semicolons."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            say("voices-file-grouping"),
            say("voices-file-group"),
            say("voices-file-tenants"),
            *(say(f"voices-{measure}") for measure in Measure),
        ]
    )
    totals = [_plain(radar.totals[measure]) for measure in Measure]
    writer.writerow([say("voices-file-all"), "", radar.register, *totals])
    for table in radar.tables:
        for row in table.rows:
            writer.writerow(_file_row(table.grouping, row))
    return text.getvalue().encode("utf-8-sig")


def _file_row(grouping: Grouping, row: Row) -> Sequence[str | int]:
    name = f"'{row.name}" if row.name.startswith(FORMULA_MARKS) else row.name
    return [say(f"category-{grouping}"), name, row.tenants, *map(_plain, row.counts)]


def _plain(count: ShownCount) -> str | int:
    return say(f"voices-{count}") if isinstance(count, Hidden) else count
