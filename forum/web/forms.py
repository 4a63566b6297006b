"""Forms: untrusted input to typed values, with a sentence for every refusal."""

from collections.abc import Iterable
from typing import Any, Self

import wtforms
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from forum.kernel.errors import ForumError
from forum.texts.catalogue import say


class FormRefused(ForumError):
    """A small form (one button) that holds nonsense; only a hand-made request does."""

    code = "form-refused"


class PageForm(FlaskForm):  # type: ignore[misc]
    """Parent of every form. The CSRF token is checked for the whole application, so not again here."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Leave the token to `CSRFProtect`."""

        csrf = False

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


def stripped(value: object) -> object:
    """Take the white space around a typed text away, and the marks that break databases and screens."""
    return value.replace("\x00", "").replace("\r\n", "\n").strip() if isinstance(value, str) else value


def filled(key: str) -> list[InputRequired]:
    """Demand that something was typed; `key` is the sentence when not."""
    return [InputRequired(message=say(key))]


def short_text(key: str, most: int, **options: Any) -> StringField:
    """Return a field of one line that must be filled, at most `most` characters."""
    return StringField(
        filters=[stripped],
        validators=[_not_blank(key), Length(max=most, message=say("field-too-long", most=most))],
        **options,
    )


def optional_text(most: int, **options: Any) -> StringField:
    """Return a field of one line that may stay empty, at most `most` characters."""
    return StringField(
        filters=[stripped], validators=[Length(max=most, message=say("field-too-long", most=most))], **options
    )


def long_text(key: str | None, most: int, **options: Any) -> TextAreaField:
    """Return a field of more lines; it must be filled when `key` gives a sentence for that."""
    validators = [Length(max=most, message=say("field-too-long", most=most))]
    return TextAreaField(
        filters=[stripped], validators=([_not_blank(key)] if key else []) + validators, **options
    )


def hidden_number() -> IntegerField:
    """Return a hidden whole number that the page itself filled in."""
    return IntegerField(validators=[InputRequired(), NumberRange(min=0, max=2**31 - 1)], widget=HiddenInput())


def _not_blank(key: str) -> Any:
    def check(_form: object, field: Field) -> None:
        if not field.data:
            raise ValidationError(say(key))

    return check
