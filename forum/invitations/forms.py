"""What people answer to an invitation."""

from typing import Any, Self

from wtforms import BooleanField
from wtforms.validators import NumberRange, ValidationError

from forum.invitations.rules import AnswerSource, Needs, Rsvp, Travel
from forum.panels.form_rules import FormRules
from forum.panels.rules import SEATS_MOST, ResizeReason
from forum.texts.catalogue import say, say_later
from forum.web.forms import (
    CheckboxesField,
    NumberField,
    PageForm,
    RadioField,
    filled,
    long_text,
    optional_text,
)


class AnswerForm(PageForm):
    """Yes or no."""

    rsvp = RadioField(
        choices=[
            (rsvp.value, say_later(f"rsvp-{rsvp.name.lower()}")) for rsvp in (Rsvp.ACCEPTED, Rsvp.DECLINED)
        ],
        validators=filled("rsvp-required"),
    )


class EnteredAnswerForm(PageForm):
    """An answer that came in another way, entered for somebody."""

    rsvp = RadioField(
        choices=[
            (rsvp.value, say_later(f"entered-{rsvp.name.lower()}")) for rsvp in (Rsvp.ACCEPTED, Rsvp.DECLINED)
        ],
        validators=filled("rsvp-required"),
    )
    source = RadioField(
        choices=[
            (way.value, say_later(f"way-{way}"))
            for way in (AnswerSource.PHONE, AnswerSource.LETTER, AnswerSource.MEETING)
        ],
        validators=filled("answer-source-required"),
    )


ROOM = ("wheelchair", "hearing_loop", "companion")
"""What somebody needs in the room, by the names of `Needs`."""


class NeedsForm(PageForm):
    """What somebody needs, how they come, and whether they may be named; all may stay empty."""

    room = CheckboxesField(choices=[(name, say_later(f"needs-room-{name}")) for name in ROOM])
    interpreter = optional_text(60)
    travel = RadioField(
        choices=[(travel.value, say_later(f"travel-{travel}")) for travel in Travel],
        default=Travel.OWN.value,
        validators=filled("travel-required"),
    )
    other = long_text(None, 500)
    is_named = BooleanField()

    def to_needs(self) -> Needs:
        """Return what was ticked and typed."""
        return Needs(
            **{name: name in (self.room.data or []) for name in ROOM},
            interpreter=self.interpreter.data or "",
            other=self.other.data or "",
            travel=Travel(self.travel.data),
        )

    @classmethod
    def showing(cls, needs: Needs, *, is_named: bool) -> Self:
        """Return the form with what somebody said before."""
        return cls(
            room=[name for name in ROOM if getattr(needs, name)],
            interpreter=needs.interpreter,
            other=needs.other,
            travel=needs.travel,
            is_named=is_named,
        )


class SeatsForm(PageForm):
    """Another number of seats, and why; where a form ties seats to groups, no more than it has."""

    seats = NumberField(validators=[NumberRange(1, SEATS_MOST, say_later("seats-required"))])
    why = RadioField(
        choices=[(why.value, say_later(f"resize-why-{why}")) for why in ResizeReason],
        validators=filled("resize-why-required"),
    )
    words = long_text("change-words-required", 1000)

    def __init__(self, rules: FormRules, **standing: Any) -> None:
        """Take the seats that the form ties to groups as the most there can be."""
        super().__init__(**standing)
        self.most = sum(group.seats for group in rules.groups)

    def validate_seats(self, field: NumberField) -> None:
        """Refuse more seats than the groups have."""
        if self.most and (field.data or 0) > self.most:
            raise ValidationError(say("seats-over-groups", most=self.most))
