"""The radar in words: cells of tables with their shares, what was done and what came of it, the file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from forum.texts.catalogue import say
from forum.voices.forms import tell_action
from forum.voices.hiding import Hidden, ShownCount
from forum.voices.models import VoiceAction
from forum.voices.radar import Radar
from forum.voices.rules import Change, Grouping, Measure, Row, change_between, missing_people, share_pct
from forum.web.times import show_number

EFFECTS = (Measure.READERS, Measure.WRITERS)
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
        )
        for row in rows
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
