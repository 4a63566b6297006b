"""What delegates type: the start of a case, and each step in it."""

from collections.abc import Sequence
from datetime import date

from wtforms import Field, HiddenField, SubmitField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from forum.advice.rules import (
    DAYS_MOST,
    CaseKind,
    Clock,
    Outcome,
    StepKind,
    Terms,
    Verdict,
    possible_outcomes,
)
from forum.advice.service import CaseDraft, NewStep
from forum.agenda.models import Topic
from forum.agenda.rules import StatutorySubject
from forum.texts.catalogue import say, say_dutch, say_later
from forum.web.forms import (
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

TEXT_LONGEST = 20_000
NO_TOPIC = ""


def _days() -> NumberField:
    fault = say_later("statutory-advice-days-refused", most=DAYS_MOST)
    return NumberField(validators=[InputRequired(fault), NumberRange(1, DAYS_MOST, fault)])


class StartForm(PageForm):
    """A request for advice; or an advice unasked, which has no period."""

    subject = SelectField(
        choices=[(subject.value, say_later(f"statutory-{subject}")) for subject in StatutorySubject]
    )
    title = short_text("statutory-advice-title-required", 120)
    text = long_text("statutory-advice-text-needed", TEXT_LONGEST)
    topic = SelectField(default=NO_TOPIC)
    days = _days()
    form_key = HiddenField(validators=[InputRequired(), Length(max=64)])

    def fit(self, kind: CaseKind, topics: Sequence[Topic]) -> None:
        """Offer these topics, and ask for a period only where there is one."""
        self.topic.choices = [
            (NO_TOPIC, say("statutory-advice-no-topic")),
            *((str(row.id), row.title) for row in topics),
        ]
        if kind is CaseKind.UNSOLICITED:
            del self.days

    def to_draft(self, kind: CaseKind, terms: Terms) -> CaseDraft:
        """Return what the case begins with; the period of a request replaces that of the terms."""
        days = self.days.data if "days" in self else None
        return CaseDraft(
            kind=kind,
            subject=StatutorySubject(self.subject.data),
            title=self.title.data or "",
            text=self.text.data or "",
            topic_id=int(self.topic.data) if self.topic.data else None,
            terms=Terms(days or terms.advice_days, terms.reasons_days, terms.wait_days),
            form_key=self.form_key.data or "",
        )


class StepForm(PageForm):
    """A step; each kind has the fields it needs beside the text."""

    shown = hidden_number()
    text = long_text(None, TEXT_LONGEST)
    day = DayField(validators=filled("date-required"))
    days = _days()
    verdict = RadioField(choices=[(verdict.value, say_later(f"verdict-{verdict}")) for verdict in Verdict])
    outcome = RadioField()
    preview = SubmitField()

    def fit(self, kind: StepKind, clock: Clock) -> None:
        """Leave the fields of this kind, with what can be chosen now."""
        self.outcome.choices = [
            (outcome.value, say(f"statutory-advice-outcome-{outcome}"))
            for outcome in possible_outcomes(clock)
        ]
        for name in {"day", "days", "verdict", "outcome"} - {FIELD_OF.get(kind)}:
            del self[name]

    def validate_text(self, field: Field) -> None:
        """Refuse to send a letter in which something must still be filled in; looking at it is fine."""
        if not self.preview.data and say_dutch("statutory-advice-gap") in field.data:
            raise ValidationError(say("statutory-advice-gap-left"))

    def to_step(self, kind: StepKind) -> NewStep:
        """Return the step; the form is valid."""
        given = {name: self[name].data for name in ("day", "days", "verdict", "outcome") if name in self}
        day: date | None = given.get("day")
        return NewStep(
            kind=kind,
            shown=self.shown.data or 0,
            day=day,
            text=self.text.data or "",
            days=given.get("days"),
            verdict=Verdict(given["verdict"]) if "verdict" in given else None,
            outcome=Outcome(given["outcome"]) if "outcome" in given else None,
        )


FIELD_OF = {
    StepKind.RECEIVED: "day",
    StepKind.CARRIED_OUT: "day",
    StepKind.EXTENSION_ASKED: "days",
    StepKind.ADVISED: "verdict",
    StepKind.DECIDED: "outcome",
}
