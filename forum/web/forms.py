"""Forms: untrusted input to typed values, with a sentence for every refusal."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from http import HTTPStatus
from typing import Any, Self

import wtforms
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from forum.kernel.errors import ForumError
from forum.texts.catalogue import say, say_later
from forum.texts.markdown_words import visible_text

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class FormRefused(ForumError):
    """A small form (one button) that holds nonsense; only a hand-made request does."""

    code = "form-refused"


class PageForm(FlaskForm):  # type: ignore[misc]
    """Parent of every form. The CSRF token is checked for the whole application, so not again here."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Leave the token to `CSRFProtect`."""

        csrf = False

    @property
    def status(self) -> HTTPStatus:
        """Return how the page that shows this form answers: a form with faults is no page like another."""
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.errors else HTTPStatus.OK

    @classmethod
    def from_request(cls, **options: Any) -> Self:
        """Read a form of one button.

        Raises:
            FormRefused: a field holds what the page never sends.
        """
        form = cls(**options)
        if not form.validate():
            raise FormRefused(fields=", ".join(form.errors))
        return form


class TrapForm(PageForm):
    """A form with a field that people neither see nor reach: programs that fill in everything are caught.

    The page shows it with `trap()`. Whoever is caught gets an ordinary refusal, and can try again.
    """

    website = StringField(validators=[Length(max=1000)])

    @property
    def is_trapped(self) -> bool:
        """Tell whether something is in the field that stays empty."""
        return bool(self.website.data)


class _DutchChoices:
    """Choices given as (value, label), and a Dutch sentence for what is none of them."""

    def __init__(self, *args: Any, choices: Iterable[tuple[Any, str]] = (), **options: Any) -> None:
        """Hand the choices to WTForms in the shape it wants."""
        super().__init__(*args, choices=[SelectChoice(*choice) for choice in choices], **options)  # type: ignore[call-arg]

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is none of the choices."""
        try:
            super().pre_validate(form)  # type: ignore[misc]
        except ValidationError as error:
            raise ValidationError(say("choice-required")) from error


class RadioField(_DutchChoices, wtforms.RadioField):
    """One choice out of a few, all of them shown."""


class SelectField(_DutchChoices, wtforms.SelectField):
    """One choice out of a longer list."""


class CheckboxesField(_DutchChoices, wtforms.SelectMultipleField):
    """Any of a few choices, all of them shown."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DayField(wtforms.DateField):
    """A day: from the calendar of the browser, or typed as 31-12-2026."""

    def __init__(self, **options: Any) -> None:
        """Read both ways of writing a day."""
        super().__init__(format=["%Y-%m-%d", "%d-%m-%Y"], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day, and refuse one that is no day of ours."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(say("date-refused")) from error
        if self.data and not FIRST_DAY <= self.data <= LAST_DAY:
            self.data = None
            raise ValueError(say("date-refused"))


class ClockField(wtforms.TimeField):
    """A time of day, as 19:30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a time, and refuse what is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(say("time-refused")) from error


class NumberField(IntegerField):
    """A whole number; what is none is refused once, by the sentence of its range."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number; leave what is none to `NumberRange`."""
        with suppress(ValueError):
            super().process_formdata(valuelist)


def stripped(value: object) -> object:
    """Take the white space around a typed text away, and the marks that break databases and screens."""
    return value.replace("\x00", "").replace("\r\n", "\n").strip() if isinstance(value, str) else value


def filled(key: str) -> list[InputRequired]:
    """Demand that something was typed; `key` is the sentence when not."""
    return [InputRequired(message=say_later(key))]


def short_text(key: str, most: int, **options: Any) -> StringField:
    """Return a field of one line that must be filled, at most `most` characters."""
    return StringField(
        filters=[stripped],
        validators=[_not_blank(key), Length(max=most, message=say_later("field-too-long", most=most))],
        **options,
    )


def optional_text(most: int, **options: Any) -> StringField:
    """Return a field of one line that may stay empty, at most `most` characters."""
    return StringField(
        filters=[stripped],
        validators=[Length(max=most, message=say_later("field-too-long", most=most))],
        **options,
    )


def long_text(key: str | None, most: int, **options: Any) -> TextAreaField:
    """Return a field of more lines; it must be filled when `key` gives a sentence for that."""
    validators = [Length(max=most, message=say_later("field-too-long", most=most))]
    return TextAreaField(
        filters=[stripped], validators=([_not_blank(key)] if key else []) + validators, **options
    )


def hidden_number() -> IntegerField:
    """Return a hidden whole number that the page itself filled in."""
    return IntegerField(validators=[InputRequired(), NumberRange(min=0, max=2**31 - 1)], widget=HiddenInput())


def _not_blank(key: str) -> Any:
    def check(_form: object, field: Field) -> None:
        if not visible_text(field.data or ""):
            raise ValidationError(say(key))

    return check
