"""What organisers and attendees type about meetings and minutes."""

from collections.abc import Sequence
from datetime import datetime, time

from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field
from wtforms.validators import ValidationError

from forum.kernel.clock import AMSTERDAM, local_day, moments_at, now
from forum.kernel.numbers import whole_number
from forum.meetings.attendance import Tick
from forum.meetings.rules import TEXT_LONGEST, RemarkSource
from forum.meetings.service import MeetingPlan
from forum.panels.models import Meeting
from forum.texts.catalogue import say, say_later
from forum.web.forms import (
    ClockField,
    DayField,
    PageForm,
    RadioField,
    filled,
    long_text,
    optional_text,
    short_text,
)

SUMMER, WINTER = "summer", "winter"


class MeetingForm(PageForm):
    """When and where people meet."""

    day = DayField(validators=filled("meeting-day-required"))
    starts = ClockField(validators=filled("meeting-time-required"))
    ends = ClockField(validators=filled("meeting-time-required"))
    clock = RadioField(
        choices=[(SUMMER, say_later("clock-summer")), (WINTER, say_later("clock-winter"))],
        validate_choice=False,
    )
    place = short_text("place-required", 200)
    access = long_text(None, 1000)

    @classmethod
    def of(cls, meeting: Meeting) -> "MeetingForm":
        """Return the form with the plan that stands, or with what was typed."""
        starts, ends = meeting.starts_at.astimezone(AMSTERDAM), meeting.ends_at.astimezone(AMSTERDAM)
        return cls(
            day=starts.date(),
            starts=starts.time(),
            ends=ends.time(),
            clock=WINTER if starts.fold else SUMMER,
            place=meeting.place,
            access=meeting.access,
        )

    def validate_day(self, field: DateField) -> None:
        """Refuse a meeting on a day that is over."""
        if field.data and field.data < local_day(now()):
            raise ValidationError(say("meeting-day-over"))

    def validate_starts(self, field: ClockField) -> None:
        """Refuse a time that the clock skips, or that is over."""
        self._check_exists(field)
        if self.day.data and field.data and max(self._moments(field)) <= now():
            raise ValidationError(say("meeting-time-over"))

    def validate_ends(self, field: ClockField) -> None:
        """Refuse a time that the clock skips, or that is before the meeting begins."""
        self._check_exists(field)
        if self.starts.data and field.data and field.data <= self.starts.data:
            raise ValidationError(say("meeting-ends-first"))

    def validate_clock(self, field: RadioField) -> None:
        """Ask which of the two is meant when the clock shows a time twice."""
        if self.is_twice and field.data not in (SUMMER, WINTER):
            raise ValidationError(say("meeting-time-twice"))

    @property
    def is_twice(self) -> bool:
        """Tell whether the clock shows the beginning or the end twice on this day."""
        return any(len(self._moments(field)) > 1 for field in (self.starts, self.ends))

    def _check_exists(self, field: ClockField) -> None:
        if self.day.data and field.data and not self._moments(field):
            raise ValidationError(say("meeting-time-missing"))

    def _moments(self, field: Field) -> tuple[datetime, ...]:
        day, clock = self.day.data, field.data
        return moments_at(day, clock) if day and isinstance(clock, time) else ()

    def to_plan(self) -> MeetingPlan:
        """Return what was typed as a plan."""
        place = -1 if self.clock.data == WINTER else 0
        return MeetingPlan(
            starts_at=self._moments(self.starts)[place],
            ends_at=self._moments(self.ends)[place],
            place=self.place.data or "",
            access=self.access.data or "",
        )


class CancelForm(PageForm):
    """Why a meeting does not take place."""

    why = long_text("cancel-why-required", 1000)


class NoMinutesForm(PageForm):
    """Why no minutes come of a meeting."""

    why = long_text("no-minutes-why-required", 1000)


class WalkInForm(PageForm):
    """Who came and was not on the list: a number, or words of a name."""

    who = short_text("walk-in-required", 100)


class DoorForm(PageForm):
    """The link of an invitation, or the code of its letter with the postcode."""

    invitation = short_text("door-invitation-required", 400)
    postcode = optional_text(10)


class SourceForm(PageForm):
    """How answers for somebody came in."""

    source = RadioField(
        choices=[
            (source.value, say_later(f"remark-way-{source}"))
            for source in (RemarkSource.PHONE, RemarkSource.LETTER, RemarkSource.MEETING)
        ],
        validators=filled("answer-source-required"),
    )


class DecideForm(PageForm):
    """The text that a point gets because of a proposal."""

    text = long_text("point-text-required", TEXT_LONGEST)


def read_ticks(typed: MultiDict[str, str]) -> Sequence[tuple[int, Tick]]:
    """Return the ticks that a device kept: `<member>:<1 or 0>:<moment>` each; what is none is left out."""
    ticks = []
    for row in typed.getlist("tick"):
        member, _, rest = row.partition(":")
        state, _, moment = rest.partition(":")
        try:
            made_at = datetime.fromisoformat(moment)
        except ValueError:
            continue
        number = whole_number(member)
        if number is not None and state in ("0", "1") and made_at.tzinfo is not None:
            ticks.append((number, Tick(is_present=state == "1", made_at=made_at)))
    return ticks


def read_list(typed: MultiDict[str, str], at: datetime) -> Sequence[tuple[int, Tick]]:
    """Return what changed on a list that was sent as a whole: boxes that are not as the page showed them."""
    ticks = []
    for name, shown in typed.items():
        number = whole_number(name.removeprefix("shown-")) if name.startswith("shown-") else None
        if number is None:
            continue
        is_present = f"present-{number}" in typed
        if is_present is not (shown == "1"):
            ticks.append((number, Tick(is_present=is_present, made_at=at)))
    return ticks
