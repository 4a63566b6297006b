"""Forms of many points: an agenda, a draft of minutes, what an attendee says of each point."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from forum.kernel.numbers import whole_number
from forum.meetings.minutes import PointRow
from forum.meetings.models import AgendaPoint, MinutesPoint
from forum.meetings.remarks import PointAnswer
from forum.meetings.rules import POINT_MINUTES_MOST, POINTS_MOST, TEXT_LONGEST, TITLE_LONGEST
from forum.meetings.service import AgendaRow
from forum.texts.catalogue import say
from forum.web.forms import stripped

EMPTY_ROWS = 3
"""Rows for new points under those that are there."""


class Fault(NamedTuple):
    """What is wrong with one of many fields."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row of a form of many points, as it stands or was typed."""

    place: int
    id: str
    number: str
    title: str
    minutes: str = ""
    text: str = ""


def standing_agenda(points: Sequence[AgendaPoint]) -> Sequence[TypedRow]:
    """Return the rows of an agenda and some empty ones."""
    rows = [
        TypedRow(place, str(point.id), str(place + 1), point.title, str(point.minutes or ""))
        for place, point in enumerate(points)
    ]
    return [*rows, *empty_rows(len(rows))]


def standing_draft(points: Sequence[MinutesPoint]) -> Sequence[TypedRow]:
    """Return the rows of a draft and some empty ones."""
    rows = [
        TypedRow(place, str(point.id), str(place + 1), point.title, text=point.text)
        for place, point in enumerate(points)
    ]
    return [*rows, *empty_rows(len(rows))]


def empty_rows(first: int) -> Sequence[TypedRow]:
    """Return rows for new points, as many as may still come."""
    last = min(first + EMPTY_ROWS, POINTS_MOST)
    return [TypedRow(place, "", str(place + 1), "") for place in range(first, last)]


def typed_rows(typed: MultiDict[str, str]) -> Sequence[TypedRow]:
    """Return the rows of a form as they were typed."""
    rows = []
    for place in range(POINTS_MOST):
        if f"title-{place}" not in typed:
            break
        names = ("id", "number", "title", "minutes", "text")
        values = [str(stripped(typed.get(f"{name}-{place}", ""))) for name in names]
        rows.append(TypedRow(place, *values))
    return rows


def read_agenda(rows: Sequence[TypedRow]) -> tuple[Sequence[AgendaRow], Sequence[Fault]]:
    """Return the points of an agenda in their order, and what is wrong; a row without title is no point."""
    filled = [row for row in rows if row.title or row.minutes]
    faults = [*_title_faults(filled), *_number_faults(filled)]
    faults += [
        Fault(f"minutes-{row.place}", say("agenda-minutes-refused", title=row.title))
        for row in filled
        if row.minutes and not 1 <= (whole_number(row.minutes) or 0) <= POINT_MINUTES_MOST
    ]
    if faults:
        return [], faults
    return [
        AgendaRow(whole_number(row.id), row.title, whole_number(row.minutes)) for row in _ordered(filled)
    ], []


def read_draft(rows: Sequence[TypedRow]) -> tuple[Sequence[PointRow], Sequence[Fault]]:
    """Return the points of minutes in their order, and what is wrong; an empty row is no point."""
    filled = [row for row in rows if row.title or row.text]
    faults = [*_title_faults(filled), *_number_faults(filled)]
    faults += [
        Fault(f"text-{row.place}", say("field-too-long", most=TEXT_LONGEST))
        for row in filled
        if len(row.text) > TEXT_LONGEST
    ]
    if faults:
        return [], faults
    return [PointRow(whole_number(row.id), row.title, row.text) for row in _ordered(filled)], []


def _title_faults(rows: Sequence[TypedRow]) -> list[Fault]:
    faults = []
    for row in rows:
        if not row.title:
            faults.append(Fault(f"title-{row.place}", say("point-title-required")))
        elif len(row.title) > TITLE_LONGEST:
            faults.append(Fault(f"title-{row.place}", say("field-too-long", most=TITLE_LONGEST)))
    return faults


def _number_faults(rows: Sequence[TypedRow]) -> list[Fault]:
    return [
        Fault(f"number-{row.place}", say("point-number-refused"))
        for row in rows
        if row.number and whole_number(row.number) is None
    ]


def _ordered(rows: Sequence[TypedRow]) -> Sequence[TypedRow]:
    """Return rows by the number that was typed; one without comes last."""
    return sorted(rows, key=lambda row: (not row.number, whole_number(row.number) or 0, row.place))


def read_answers(
    typed: MultiDict[str, str], points: Sequence[MinutesPoint], proposed: dict[int, str]
) -> tuple[Sequence[PointAnswer], Sequence[Fault]]:
    """Return what an attendee says of points, and what is wrong. Points without a choice are left out.

    Args:
        typed: the sent form; fields `answer-<id>`, `text-<id>` and `version-<id>`.
        points: of the minutes, those that this attendee can answer.
        proposed: the texts that they proposed before, by point.
    """
    answers: list[PointAnswer] = []
    faults: list[Fault] = []
    for point in points:
        choice, text = typed.get(f"answer-{point.id}", ""), str(stripped(typed.get(f"text-{point.id}", "")))
        is_changed = bool(text) and text != point.text
        if not choice and not is_changed:
            continue
        fault = _answer_fault(
            typed, point, choice, text, is_news=is_changed and text != proposed.get(point.id)
        )
        if fault:
            faults.append(Fault(f"text-{point.id}", say(fault, title=point.title, most=TEXT_LONGEST)))
        else:
            is_agreed = choice == "agree"
            answers.append(PointAnswer(point.id, point.version, None if is_agreed else text))
    if not answers and not faults:
        faults.append(Fault(f"answer-{points[0].id}" if points else "inhoud", say("nothing-answered")))
    return answers, faults


def _answer_fault(
    typed: MultiDict[str, str], point: MinutesPoint, choice: str, text: str, *, is_news: bool
) -> str:
    """Return the key of what is wrong with the answer on one point, nothing when all is well."""
    if typed.get(f"version-{point.id}") != str(point.version):
        return "point-changed"
    if choice == "agree":
        return "answer-both" if is_news else ""
    if len(text) > TEXT_LONGEST:
        return "proposal-too-long"
    return "" if text and text != point.text else "proposal-same"
