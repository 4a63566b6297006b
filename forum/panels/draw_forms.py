"""What is typed at a draw: which public value will be used, and the value when it is known."""

from datetime import date
from typing import Any

from wtforms import Field
from wtforms.validators import InputRequired, StopValidation, ValidationError

from forum.kernel.clock import local_day, now
from forum.panels.draw_rules import PublicKind, tidy_public_value
from forum.texts.catalogue import say, say_later
from forum.texts.language import DUTCH, speaking
from forum.web.forms import DayField, PageForm, RadioField, filled, optional_text, short_text
from forum.web.times import show_weekday


def only_of_lottery(form: PageForm, field: Field) -> None:
    """Ask for a day of a lottery alone; what was typed there else does not count."""
    if form["kind"].data != PublicKind.LOTTERY:
        field.data = None
        field.errors = []
        raise StopValidation


class CommitForm(PageForm):
    """Which value, that nobody knows yet, will make the seed together with our secret."""

    kind = RadioField(
        choices=[(kind.value, say_later(f"public-kind-{kind}")) for kind in PublicKind],
        default=PublicKind.SIX_DIGITS.value,
        validators=filled("public-kind-required"),
    )
    source = optional_text(120)
    drawn_on = DayField(validators=[only_of_lottery, InputRequired(say_later("drawn-on-required"))])

    def validate_source(self, field: Field) -> None:
        """Refuse a lottery or another value that is not told."""
        if self.kind.data != PublicKind.SIX_DIGITS and not field.data:
            raise ValidationError(say("public-source-required"))

    def validate_drawn_on(self, field: Field) -> None:
        """Refuse a lottery whose numbers may be known already."""
        if field.data is not None and field.data <= local_day(now()):
            raise ValidationError(say("drawn-on-over"))

    def describe(self) -> str:
        """Return in words which value will be used, for the dossier and the screen."""
        kind = PublicKind(self.kind.data)
        if kind is PublicKind.OTHER:
            return str(self.source.data)
        with speaking(DUTCH):  # it is stored, for everybody
            return say(f"public-source-{kind}", lottery=self.source.data, day=_weekday(self.drawn_on.data))


def _weekday(day: date | None) -> str:
    return show_weekday(day) if day else ""


class RevealForm(PageForm):
    """The public value, now that it is known."""

    public_value = short_text("public-value-required", 100)

    def __init__(self, public_kind: PublicKind, **options: Any) -> None:
        """Read a value of the kind that was announced."""
        self.public_kind = public_kind
        super().__init__(**options)

    def validate_public_value(self, field: Field) -> None:
        """Refuse a value that is none of its kind."""
        if field.data and tidy_public_value(self.public_kind, field.data) is None:
            raise ValidationError(say(f"public-value-refused-{self.public_kind}"))
