"""Steps of the demo year about the meetings of the panel that has met: agenda, who was there, the minutes."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from importlib import resources
from typing import Any

from forum.demo.moments import days_before, local_moment
from forum.demo.panel_steps import GATHERINGS, HOUR, MEETING_LENGTH, Happening, meeting_starts
from forum.demo.year import DemoYear
from forum.kernel.actor import SYSTEM, Actor, Party, Role
from forum.kernel.clock import local_day
from forum.mail.composing import address_of
from forum.meetings import attendance, minutes, queries, remarks, service
from forum.meetings.attendance import Tick
from forum.meetings.minutes import PointRow
from forum.meetings.models import Minutes, MinutesPoint
from forum.meetings.news import minutes_path
from forum.meetings.remarks import Given, PointAnswer
from forum.meetings.rules import RemarkState
from forum.meetings.service import AgendaRow, MeetingPlan
from forum.members.queries import get_member
from forum.panels.models import Meeting
from forum.panels.queries import get_panel, list_public_panel_ids

HELD = GATHERINGS[0]
ADDED_DAYS_AGO = 55
ANSWER_DAYS = 7


def plan_meetings(year: DemoYear) -> Sequence[Happening]:
    """Return what happens at each meeting: the minutes of the first are locked, of the last a concept."""
    told = tomllib.loads(
        resources.files("forum.demo").joinpath("content", "meetings.toml").read_text(encoding="utf-8")
    )["meeting"]
    starts = meeting_starts(year, HELD)
    stories = [_Story(year, place, meeting, starts[place]) for place, meeting in enumerate(told)]
    added = local_moment(days_before(year.order.today, ADDED_DAYS_AGO), 11)
    return [
        Happening(added, partial(stories[1].add, added)),
        *(happening for story in stories for happening in story.happenings()),
    ]


class _Story:
    """The steps of one meeting, each at its moment."""

    def __init__(self, year: DemoYear, place: int, told: Mapping[str, Any], starts_at: datetime) -> None:
        self.year, self.place, self.told, self.starts_at = year, place, told, starts_at
        self.organiser = year.officers[Role.MODERATOR, Party.TENANTS]

    def happenings(self) -> Sequence[Happening]:
        """Return the steps in their order; minutes with a proposal that waits are not locked."""
        sent = self._morning(1)
        if "sent" in self.told:
            sent = local_moment(days_before(self.year.order.today, self.told["sent"]), 10)
        story = [
            (self._morning(-7), self._set_agenda),
            (self.starts_at + HOUR / 2, self._see_who_is_there),
            (sent, self._send_minutes),
            (sent + 5 * HOUR, self._agree),
        ]
        for place, remark in enumerate(self.told["remark"]):
            story.append((sent + (6 + place) * HOUR, partial(self._propose, remark)))
            if remark["handled"] != RemarkState.OPEN:
                story.append((sent + (24 + place) * HOUR, partial(self._decide, remark)))
        if all(remark["handled"] != RemarkState.OPEN for remark in self.told["remark"]):
            story.append((self._morning(2 + ANSWER_DAYS), self._lock))
        return [Happening(at, partial(do, at)) for at, do in story]

    def _morning(self, days: int) -> datetime:
        return local_moment(local_day(self.starts_at) + timedelta(days=days), 10)

    @property
    def meeting(self) -> Meeting:
        [panel_id] = list_public_panel_ids(self.year.topics[HELD.topic])
        return get_panel(panel_id).meetings[self.place]

    @property
    def minutes(self) -> Minutes:
        return queries.get_minutes(self.meeting.id)

    def _point(self, number: int) -> MinutesPoint:
        return self.minutes.points[number - 1]

    def _attendee(self, voice: int) -> Given:
        return Given(queries.list_attendees(self.meeting.id)[voice - 1].id)

    def add(self, at: datetime) -> None:
        """Add this meeting to the series, in the place of the first one."""
        [panel_id] = list_public_panel_ids(self.year.topics[HELD.topic])
        panel = get_panel(panel_id)
        first = panel.first_meeting
        plan = MeetingPlan(self.starts_at, self.starts_at + MEETING_LENGTH, first.place, first.access)
        service.add_meeting(panel, plan, self.organiser, at=at)

    def _set_agenda(self, at: datetime) -> None:
        rows = [AgendaRow(None, point["title"], point["minutes"]) for point in self.told["agenda"]]
        service.set_agenda(self.meeting, rows, service.agenda_mark([]), self.organiser, at=at)

    def _see_who_is_there(self, at: datetime) -> None:
        """Tick everybody but the last ones, who do not come; a tenant with a voice may walk in."""
        meeting = self.meeting
        expected = queries.list_expected(meeting.panel_id)
        for member in expected[: len(expected) - self.told["absent"]]:
            attendance.mark(meeting, member.id, Tick(is_present=True, made_at=at), self.organiser, at=at)
        if self.told["walk_in"]:
            known = {member.id for member in expected}
            others = [self.year.members[number] for number in self.year.voices.values()]
            walk_in = next(member_id for member_id in others if member_id not in known)
            attendance.add_walk_in(meeting, get_member(walk_in), self.organiser, at=at)
        attendance.close_list(meeting, self.organiser, at=at)

    def _send_minutes(self, at: datetime) -> None:
        draft = minutes.start_minutes(self.meeting, self.organiser, at=at)
        agenda = {number: point.id for number, point in enumerate(queries.list_agenda(draft.meeting_id), 1)}
        rows = [PointRow(None, point["title"], point["text"]) for point in self.told["point"]]
        minutes.write_draft(draft, rows, minutes.draft_mark(draft.points), self.organiser, at=at)
        for point, told in zip(draft.points, self.told["point"], strict=True):
            point.agenda_point_id = agenda[told["agenda"]]
        minutes.send_concept(draft, self.organiser, days=ANSWER_DAYS, at=at)

    def _agree(self, at: datetime) -> None:
        """Let a few who propose nothing say that all is right."""
        quiet = len(self.told["remark"]) + 1
        answers = [PointAnswer(point.id, point.version, None) for point in self.minutes.points]
        for voice in range(quiet, quiet + 3):
            given = self._attendee(voice)
            remarks.answer_points(self.minutes, given, answers, self._actor(given), at=at)

    def _actor(self, given: Given) -> Actor:
        return Actor(member_id=given.member_id, roles=frozenset({Role.TENANT}))

    def _propose(self, remark: Mapping[str, Any], at: datetime) -> None:
        given, point = self._attendee(remark["voice"]), self._point(remark["point"])
        answer = PointAnswer(point.id, point.version, remark["text"])
        remarks.answer_points(self.minutes, given, [answer], self._actor(given), at=at)

    def _decide(self, remark: Mapping[str, Any], at: datetime) -> None:
        point = self._point(remark["point"])
        [row] = [row for row in point.remarks if row.state is RemarkState.OPEN]
        if remark["handled"] == RemarkState.ACCEPTED:
            remarks.take_over(row, remark["text"], point.version, self.organiser, at=at)
        else:
            remarks.leave_difference(row, self.organiser, at=at)

    def _lock(self, at: datetime) -> None:
        address = address_of(minutes_path(self.meeting))
        minutes.lock_minutes(self.minutes, SYSTEM, address=address, at=at)
