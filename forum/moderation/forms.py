"""What people type to flag, to decide, to object and to judge."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import HiddenField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import HiddenInput

from forum.discussion.rules import HouseRule
from forum.moderation.queries import PAGE_SIZE
from forum.moderation.rules import (
    CHOICES,
    FIRST_POST_DAYS,
    PAUSE_DAYS,
    UPHOLDING,
    VIEW_NAME_LONGEST,
    WITH_WORDS,
    WORDS_LONGEST,
    AppealState,
    DecisionKind,
    FlagReason,
    QueueFilter,
    Referral,
)
from forum.moderation.service import Judgement, Shown
from forum.texts.catalogue import say, say_later
from forum.web.forms import PageForm, RadioField, SelectField, filled, long_text, short_text

NEEDS_WORDS = frozenset({FlagReason.OTHER, FlagReason.AGGRESSION})
NUMBER = r"\d{1,9}\Z"
SHOWN = r"\d{1,9}-\d{1,9}\Z"
CHOSEN = r"\d{1,9}-" + SHOWN
RULES = [(rule.value, say_later(f"house-rule-{rule}")) for rule in HouseRule]


class FlagForm(PageForm):
    """What is wrong with a post."""

    reason = RadioField(
        choices=[(reason.value, say_later(f"flag-reason-{reason}")) for reason in FlagReason],
        validators=filled("flag-reason-required"),
    )
    words = long_text(None, WORDS_LONGEST)

    def validate_words(self, field: Any) -> None:
        """Ask for words where the reason says too little."""
        if self.reason.data in NEEDS_WORDS and not field.data:
            raise ValidationError(say("flag-words-required"))


class DecisionForm(PageForm):
    """What a moderator decides on one post; `shown` says what they had before them."""

    shown = HiddenField(validators=[Regexp(SHOWN)])
    kind = RadioField(
        choices=[(kind.value, say_later(f"decision-{kind}")) for kind in CHOICES],
        validators=filled("decision-kind-required"),
    )
    rule = SelectField(choices=[("", say_later("choose-rule")), *RULES], default="")
    words = long_text(None, WORDS_LONGEST)
    days = SelectField(choices=[(str(days), say_later(f"days-{days}")) for days in PAUSE_DAYS], default="7")
    referral = SelectField(
        choices=[
            ("", say_later("choose-referral")),
            *((to.value, say_later(f"referral-{to}")) for to in Referral),
        ],
        default="",
    )

    def validate_rule(self, field: Any) -> None:
        """Ask for the rule that was broken."""
        if self.kind.data in UPHOLDING and not field.data:
            raise ValidationError(say("decision-rule-required"))

    def validate_words(self, field: Any) -> None:
        """Ask for words where the rule says too little."""
        if self.kind.data in WITH_WORDS and not field.data:
            raise ValidationError(say("decision-words-required"))

    def validate_referral(self, field: Any) -> None:
        """Ask where something belongs that does not belong here."""
        if self.kind.data == DecisionKind.REFER and not field.data:
            raise ValidationError(say("decision-referral-required"))

    def judgement(self) -> Judgement:
        """Return what was decided."""
        return Judgement(
            DecisionKind(self.kind.data),
            HouseRule(self.rule.data) if self.rule.data else None,
            self.words.data or "",
            int(self.days.data),
            Referral(self.referral.data) if self.referral.data else None,
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """A post in a list, as the moderator saw it there."""

    post_id: int
    shown: Shown


def read_shown(text: str) -> Shown:
    """Return what was shown from the field that says so: the version and the last decision."""
    version, decision_id = text.split("-")
    return Shown(int(version), int(decision_id))


class QueueForm(PageForm):
    """What a moderator does with posts in the list: one of them by its own button, or all that were chosen.

    A post is written as its number, the version and the last decision that were shown.
    """

    chosen = SelectMultipleField(validate_choice=False)
    kind = SelectField(
        choices=[
            ("", say_later("choose-decision")),
            *((kind.value, say_later(f"decision-{kind}")) for kind in (DecisionKind.KEEP, DecisionKind.HIDE)),
        ],
        default="",
    )
    keep = StringField()
    hide = StringField()

    def validate_chosen(self, field: Any) -> None:
        """Take only what the page sends, and no more posts than one page has."""
        if len(field.data or []) > PAGE_SIZE or not all(re.fullmatch(CHOSEN, value) for value in field.data):
            raise ValidationError(say("choose-posts-first"))

    def validate_keep(self, field: Any) -> None:
        """Take only what the page sends."""
        if field.data and not re.fullmatch(CHOSEN, field.data):
            raise ValidationError(say("choose-posts-first"))

    validate_hide = validate_keep

    def wish(self) -> tuple[DecisionKind | None, Sequence[Chosen]]:
        """Return what to do with which posts."""
        if self.keep.data:
            return DecisionKind.KEEP, [_chosen(self.keep.data)]
        if self.hide.data:
            return DecisionKind.HIDE, [_chosen(self.hide.data)]
        kind = DecisionKind(self.kind.data) if self.kind.data else None
        return kind, [_chosen(value) for value in dict.fromkeys(self.chosen.data or [])]


def _chosen(value: str) -> Chosen:
    post_id, _, shown = value.partition("-")
    return Chosen(int(post_id), read_shown(shown))


class SavedViewForm(PageForm):
    """The name of the list that is shown, and what is on it."""

    name = short_text("view-name-required", VIEW_NAME_LONGEST)
    topic = IntegerField(validators=[Optional(), NumberRange(min=1, max=2**31 - 1)], widget=HiddenInput())
    reason = HiddenField(validators=[Optional(), AnyOf(list(FlagReason))])

    def shows(self) -> QueueFilter:
        """Return which posts are on the list."""
        return QueueFilter(self.topic.data, FlagReason(self.reason.data) if self.reason.data else None)


class FirstPostsForm(PageForm):
    """Within how many days moderators look at a first post; 0 for no look."""

    days = SelectField(
        choices=[
            ("0", say_later("first-posts-none")),
            *((str(d), say_later(f"days-{d}")) for d in FIRST_POST_DAYS),
        ],
    )

    def wished(self) -> int | None:
        """Return what a party wants."""
        return int(self.days.data) or None


class SeenForm(PageForm):
    """Posts that a moderator had a look at: one by its own button, or all that were chosen."""

    chosen = SelectMultipleField(validate_choice=False)
    seen = StringField(validators=[Optional(), Regexp(NUMBER)])

    def validate_chosen(self, field: Any) -> None:
        """Take only what the page sends, and no more posts than one page has."""
        values = field.data or []
        if len(values) > PAGE_SIZE or not all(re.fullmatch(NUMBER, value) for value in values):
            raise ValidationError(say("choose-posts-first"))

    def post_ids(self) -> Sequence[int]:
        """Return the numbers of the posts."""
        return [int(self.seen.data)] if self.seen.data else [int(value) for value in self.chosen.data or []]


class RestoreForm(PageForm):
    """Why a decision is taken back."""

    reason = long_text("restore-reason-required", WORDS_LONGEST)


class AppealForm(PageForm):
    """Why somebody disagrees."""

    words = long_text("appeal-words-required", WORDS_LONGEST)


class JudgeForm(PageForm):
    """Whether a decision stands, and why."""

    outcome = RadioField(
        choices=[
            (state.value, say_later(f"appeal-outcome-{state}"))
            for state in (AppealState.OVERTURNED, AppealState.UPHELD)
        ],
        validators=filled("appeal-outcome-required"),
    )
    reason = long_text("appeal-reason-required", WORDS_LONGEST)
