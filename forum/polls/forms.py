"""What moderators type about a poll, and how members answer one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import NumberRange, ValidationError

from forum.discussion.forms import WAYS
from forum.kernel.clock import last_moment, local_day, now
from forum.polls.models import Poll
from forum.polls.rules import OPTIONS_FEWEST, OPTIONS_MOST, PollKind, in_order
from forum.polls.service import Answer, PollText
from forum.texts.catalogue import say, say_later
from forum.web.forms import (
    CheckboxesField,
    DayField,
    NumberField,
    PageForm,
    RadioField,
    SelectField,
    filled,
    hidden_number,
    long_text,
    short_text,
)

OPTION_LONGEST = 200
PLACE = "place_"
"""Begins the name of the field with the place of an option, which ends with its position."""


class PollForm(PageForm):
    """A question with its options, one on each line."""

    question = short_text("poll-question-required", 300)
    options = long_text("poll-options-required", OPTIONS_MOST * (OPTION_LONGEST + 1))
    kind = RadioField(
        choices=[(kind.value, say_later(f"poll-kind-{kind}")) for kind in PollKind],
        validators=filled("poll-kind-required"),
    )
    most_choices = NumberField(default=2)
    closes_on = DayField(validators=filled("poll-day-required"))
    is_result_after_closing = BooleanField(default=True)

    def option_texts(self) -> Sequence[str]:
        """Return the options that were typed."""
        return [line.strip() for line in (self.options.data or "").splitlines() if line.strip()]

    def validate_options(self, _field: object) -> None:
        """Refuse too few or too many options, one that is too long, and one that stands there twice."""
        texts = self.option_texts()
        if not OPTIONS_FEWEST <= len(texts) <= OPTIONS_MOST:
            raise ValidationError(say("poll-options-number", fewest=OPTIONS_FEWEST, most=OPTIONS_MOST))
        if any(len(text) > OPTION_LONGEST for text in texts):
            raise ValidationError(say("poll-option-too-long", most=OPTION_LONGEST))
        if len({text.casefold() for text in texts}) < len(texts):
            raise ValidationError(say("poll-options-twice"))

    def validate_most_choices(self, field: NumberField) -> None:
        """Refuse a number of choices that makes no sense, where one may make more than one."""
        if self.kind.data == PollKind.MULTIPLE:
            most = max(2, len(self.option_texts()))
            NumberRange(2, most, say("poll-most-choices", most=most))(self, field)

    def validate_closes_on(self, field: DayField) -> None:
        """Refuse a day that is over."""
        if field.data and field.data < local_day(now()):
            raise ValidationError(say("poll-closes-too-soon"))

    def to_text(self) -> PollText:
        """Return what was typed; the poll is open through its last day."""
        assert self.closes_on.data is not None, "the form was validated"
        return PollText(
            question=self.question.data or "",
            options=self.option_texts(),
            kind=PollKind(self.kind.data),
            most_choices=self.most_choices.data or 1,
            closes_at=last_moment(self.closes_on.data),
            is_result_after_closing=bool(self.is_result_after_closing.data),
        )


class ClosePollForm(PageForm):
    """Why a poll is closed before its date."""

    why = short_text("poll-why-required", 300)


class BallotForm(PageForm):
    """An answer to a poll, and the version that was shown; `ballot_form` adds the fields to choose with."""

    version = hidden_number()
    kind: PollKind

    @property
    def places(self) -> Sequence[Field]:
        """Return the fields of a ranking, each for the place of one option."""
        return [field for field in self if field.name.startswith(PLACE)]

    def to_answer(self) -> Answer:
        """Return what was chosen."""
        return Answer(self._choices(), self.version.data or 0)

    def _choices(self) -> tuple[int, ...]:
        if self.kind is PollKind.RANKING:
            given = {field.name: int(field.data) for field in self.places if field.data}
            return in_order({int(name.removeprefix(PLACE)): place for name, place in given.items()})
        chosen = self["choices"].data
        return tuple(int(position) for position in ([chosen] if self.kind is PollKind.SINGLE else chosen))


class EnteredBallotForm(BallotForm):
    """The answer of a tenant who wrote, phoned or spoke."""

    number = short_text("tenant-number-required", 30)
    source = RadioField(choices=WAYS, validators=filled("ballot-source-required"))


def ballot_form(poll: Poll, parent: type[BallotForm] = BallotForm, **options: Any) -> BallotForm:
    """Return the form to answer a poll with; `parent` says what else stands in it."""
    form: type[BallotForm] = type("PollBallotForm", (parent,), {"kind": poll.kind, **_fields(poll)})
    return form(version=poll.version, **options)


def _fields(poll: Poll) -> Mapping[str, Any]:
    options = [(str(option.position), option.text) for option in poll.options]
    if poll.kind is PollKind.SINGLE:
        return {"choices": RadioField(choices=options, validators=filled("poll-choice-required"))}
    if poll.kind is PollKind.MULTIPLE:
        return {"choices": CheckboxesField(choices=options, validators=[_some_of(poll.most_choices)])}
    places = [("", say("ranking-no-place")), *((number, number) for number, _ in options)]
    return {
        PLACE + number: SelectField(text, choices=places, default="", validators=[_free_place])
        for number, text in options
    }


def chosen_before(kind: PollKind, choices: Sequence[int]) -> Mapping[str, Any]:
    """Return what was chosen before as the values of fields."""
    if kind is PollKind.RANKING:
        return {f"{PLACE}{position}": str(place) for place, position in enumerate(choices, 1)}
    chosen = [str(position) for position in choices]
    return {"choices": chosen if kind is PollKind.MULTIPLE else next(iter(chosen), None)}


def _some_of(most: int) -> Callable[[PageForm, Field], None]:
    def check(_form: PageForm, field: Field) -> None:
        if not field.data:
            raise ValidationError(say("poll-choices-required"))
        if len(field.data) > most:
            raise ValidationError(say("poll-choices-too-many", most=most, chosen=len(field.data)))

    return check


def _free_place(form: BallotForm, field: Field) -> None:
    """Refuse a place that an option above has, and at the first option a ranking without any place."""
    places = form.places
    above = places[: places.index(field)]
    if field.data and any(other.data == field.data for other in above):
        raise ValidationError(say("ranking-place-twice", place=field.data))
    if not above and not any(other.data for other in places):
        raise ValidationError(say("ranking-required"))
