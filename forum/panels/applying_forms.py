"""What is typed to apply for a seat, and to rate an application."""

from collections.abc import Sequence

from wtforms import FieldList
from wtforms.validators import NumberRange

from forum.panels.application_rules import ENTERED, MARK_MOST
from forum.panels.applying import ApplicationText
from forum.panels.form_rules import SeatGroup
from forum.texts.catalogue import say_later
from forum.web.forms import NumberField, PageForm, RadioField, filled, hidden_number, long_text, short_text

LONGEST = 2000


class ApplicationForm(PageForm):
    """Why somebody asks for a seat, what they bring, and for which group."""

    seat_group = RadioField(validators=filled("group-required"))
    motivation = long_text("motivation-required", LONGEST)
    competences = long_text("competences-required", LONGEST)

    def offer(self, groups: Sequence[SeatGroup]) -> "ApplicationForm":
        """Let one of these groups be chosen; without any the question is not asked."""
        if groups:
            self.seat_group.choices = [(group.name, group.name) for group in groups]
        else:
            del self.seat_group
        return self

    def to_text(self) -> ApplicationText:
        """Return what was typed."""
        group = self.seat_group.data if self.seat_group is not None else ""
        return ApplicationText(group or "", self.motivation.data or "", self.competences.data or "")


class EnteredApplicationForm(ApplicationForm):
    """The application of somebody who phoned or wrote."""

    number = short_text("tenant-number-required", 30)
    source = RadioField(
        choices=[(source.value, say_later(f"source-{source}")) for source in ENTERED],
        validators=filled("choice-required"),
    )


class RatingForm(PageForm):
    """The marks of one rater for one application."""

    application_id = hidden_number()
    marks = FieldList(
        NumberField(validators=[NumberRange(0, MARK_MOST, say_later("rating-refused", most=MARK_MOST))])
    )
    reason = long_text("rating-reason-required", LONGEST)
