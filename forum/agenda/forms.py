"""What people type about topics and agendas."""

from datetime import datetime

from wtforms import BooleanField, DateField, IntegerField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from forum.agenda.rules import DecisionKind, InfluenceLevel, StatutorySubject
from forum.agenda.service import TopicText
from forum.kernel.clock import first_moment, last_moment
from forum.texts.catalogue import say, say_later
from forum.web.forms import (
    DayField,
    PageForm,
    RadioField,
    SelectField,
    filled,
    hidden_number,
    long_text,
    optional_text,
    short_text,
)

TEXT_MOST = 4000
RATINGS = range(1, 6)


class SuggestionForm(PageForm):
    """A tenant's suggestion: what it is about, and why."""

    title = short_text("idea-title-required", 120)
    why = long_text("topic-why-required", TEXT_MOST)


class TopicForm(PageForm):
    """All that a version of a topic says."""

    version = IntegerField(validators=[Optional()], widget=HiddenInput())
    title = short_text("topic-title-required", 120)
    question = short_text("topic-question-required", 500)
    why = long_text("topic-why-required", TEXT_MOST)
    fixed = long_text("topic-fixed-required", TEXT_MOST)
    open = long_text("topic-open-required", TEXT_MOST)
    level = RadioField(
        choices=[(level.value, say_later(f"level-{level.value}")) for level in InfluenceLevel],
        validators=filled("topic-level-required"),
    )
    stance_question = optional_text(300)
    subquestions = long_text(None, TEXT_MOST)
    statutory = SelectField(
        choices=[("", say_later("statutory-none"))]
        + [(subject.value, say_later(f"statutory-{subject.value}")) for subject in StatutorySubject],
    )
    only_opinions = BooleanField()
    reason = long_text(None, 1000)

    def to_text(self) -> TopicText:
        """Return what was typed as the text of a version."""
        return TopicText(
            title=self.title.data or "",
            question=self.question.data or "",
            why=self.why.data or "",
            fixed=self.fixed.data or "",
            open=self.open.data or "",
            level=InfluenceLevel(self.level.data),
            stance_question=self.stance_question.data or "",
            subquestions=self.subquestions.data or "",
            statutory=StatutorySubject(self.statutory.data) if self.statutory.data else None,
            only_opinions=bool(self.only_opinions.data and self.statutory.data),
        )


class ApprovalForm(PageForm):
    """The version that was on the screen when the button was pressed."""

    version = hidden_number()


class RatingForm(PageForm):
    """Importance and expected influence, 1 to 5."""

    importance = RadioField(
        choices=[(number, say_later(f"importance-{number}")) for number in RATINGS],
        coerce=int,
        validators=filled("rating-required"),
    )
    influence = RadioField(
        choices=[(number, say_later(f"influence-{number}")) for number in RATINGS],
        coerce=int,
        validators=filled("rating-required"),
    )


class DecisionForm(PageForm):
    """A step with its reason."""

    kind = RadioField(
        choices=[
            (kind.value, say_later(f"decision-{kind.value}"))
            for kind in (DecisionKind.POSTPONED, DecisionKind.DECLINED)
        ],
        validators=filled("decision-required"),
    )
    reason = long_text("reason-required", 2000)


class ResumeForm(PageForm):
    """Why a closed topic comes back."""

    reason = long_text("reason-required", 2000)


class ViewForm(PageForm):
    """A party's view on a topic without agreement."""

    text = long_text("view-required", TEXT_MOST)


class PeriodForm(PageForm):
    """First and last day of a debate, in Amsterdam; the last day counts whole."""

    opens_on = DayField(validators=filled("date-required"))
    closes_on = DayField(validators=filled("date-required"))

    def validate_closes_on(self, field: DateField) -> None:
        """Refuse a last day before the first one."""
        if self.opens_on.data and field.data and field.data < self.opens_on.data:
            raise ValidationError(say("last-day-too-early"))

    @property
    def opens_at(self) -> datetime:
        """Return the first moment of the first day."""
        assert self.opens_on.data is not None, "the form was validated"
        return first_moment(self.opens_on.data)

    @property
    def closes_at(self) -> datetime:
        """Return the last second of the last day."""
        assert self.closes_on.data is not None, "the form was validated"
        return last_moment(self.closes_on.data)
