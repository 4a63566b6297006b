"""What people type about recommendations, answers and work."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, SelectMultipleField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from forum.kernel.clock import local_day, now
from forum.outcomes.answering import AnswerText
from forum.outcomes.models import Recommendation
from forum.outcomes.rules import QUOTE_LONGEST, REASON_WORDS_LEAST, AnswerKind, is_explained, promises_work
from forum.outcomes.service import RecommendationText
from forum.outcomes.withdrawing import Withdrawal
from forum.panels.models import Panel
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
NO_PANEL = ""
NO_OTHER = ""


class RecommendationForm(PageForm):
    """A draft."""

    version = IntegerField(validators=[Optional()], widget=HiddenInput())
    title = short_text("recommendation-title-required", 120)
    text = long_text("recommendation-text-required", TEXT_MOST)
    panel = SelectField()
    why_no_source = long_text(None, 1000)

    def offer(self, panels: Sequence[Panel], *, may_have_none: bool) -> "RecommendationForm":
        """Let the writer choose from these panels, and from none where that is theirs to write."""
        none = [(NO_PANEL, say("recommendation-no-panel"))] if may_have_none else []
        self.panel.choices = [*none, *((str(panel.id), panel.title) for panel in panels)]
        return self

    def to_text(self) -> RecommendationText:
        """Return what was typed."""
        return RecommendationText(
            title=self.title.data or "",
            text=self.text.data or "",
            why_no_source=self.why_no_source.data or "",
            panel_id=int(self.panel.data) if self.panel.data else None,
        )


class CitationForm(PageForm):
    """A post that a draft builds on, with a sentence of it or without."""

    source = short_text("recommendation-source-required", 300)
    quote = optional_text(QUOTE_LONGEST)


class AnswerForm(PageForm):
    """What the landlord does with a recommendation."""

    version = hidden_number()
    kind = RadioField(
        choices=[(kind.value, say_later(f"answer-{kind}")) for kind in AnswerKind],
        validators=filled("answer-kind-required"),
    )
    reason = long_text("answer-reason-required", TEXT_MOST)
    owner = optional_text(120)
    work_by = DayField(validators=[Optional()])

    @property
    def _promises(self) -> bool:
        return bool(self.kind.data in list(AnswerKind) and promises_work(AnswerKind(self.kind.data)))

    def validate_reason(self, field: Any) -> None:
        """Ask for more words where not all is adopted."""
        if self.kind.data in list(AnswerKind) and not is_explained(AnswerKind(self.kind.data), field.data):
            raise ValidationError(say("answer-reason-too-short", least=REASON_WORDS_LEAST))

    def validate_owner(self, field: Any) -> None:
        """Ask who does it where something will be done."""
        if self._promises and not field.data:
            raise ValidationError(say("answer-owner-required"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask before which day it is done where something will be done; an empty day is passed over else."""
        is_valid = super().validate(extra_validators)
        if self._promises and self.work_by.data is None and not self.work_by.errors:
            self.work_by.errors = [say("answer-date-required")]
            return False
        return bool(is_valid)

    def to_text(self) -> AnswerText:
        """Return what was typed; who and when do not count where nothing will be done."""
        kind = AnswerKind(self.kind.data)
        if not promises_work(kind):
            return AnswerText(kind, self.reason.data or "")
        return AnswerText(kind, self.reason.data or "", self.owner.data or "", self.work_by.data)


class WithdrawForm(PageForm):
    """Why a recommendation is taken back, and which other one says it now."""

    why = long_text("withdraw-why-required", 1000)
    merged_into = SelectField()

    def offer(self, others: Sequence[Recommendation]) -> "WithdrawForm":
        """Let the reader choose from the other recommendations on the topic, or none."""
        rows = [(str(row.id), f"{row.number}. {row.title}") for row in others]
        self.merged_into.choices = [(NO_OTHER, say("merged-into-none")), *rows]
        return self

    def to_withdrawal(self) -> Withdrawal:
        """Return what was typed."""
        merged = self.merged_into.data
        return Withdrawal(self.why.data or "", int(merged) if merged else None)


class WorkForm(PageForm):
    """How far the work is."""

    text = long_text("work-text-required", TEXT_MOST)
    is_done = BooleanField()
    done_on: DateField = DayField(validators=[Optional()])

    def validate_done_on(self, field: Any) -> None:
        """Refuse a day that is still to come."""
        if field.data is not None and field.data > local_day(now()):
            raise ValidationError(say("work-date-ahead"))

    def day_done(self, today: date) -> date | None:
        """Return the day on which it was done; without a day it was today."""
        return (self.done_on.data or today) if self.is_done.data else None


class LettersForm(PageForm):
    """Which letters are in the post."""

    letter = SelectMultipleField(coerce=int, validate_choice=False)
