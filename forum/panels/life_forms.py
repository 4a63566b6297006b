"""What is typed in the life of a panel: a point that closes, its end, a guest, how somebody looks back."""

import secrets

from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from forum.kernel.clock import local_day, now
from forum.panels.application_rules import ENTERED
from forum.panels.conclusions import ClosedPoint
from forum.panels.form_rules import NAME_LONGEST
from forum.panels.life_rules import MARKS, Agreement, GuestKind
from forum.panels.surveys import LookingBack
from forum.texts.catalogue import say_later
from forum.web.forms import PageForm, RadioField, filled, long_text, short_text

LONGEST = 3000


class ClosePointForm(PageForm):
    """One point, and how the panel closed it."""

    subject = short_text("subject-required", 200)
    agreement = RadioField(
        choices=[(way.value, say_later(f"agreement-{way}")) for way in Agreement],
        validators=filled("agreement-required"),
    )
    agreed_text = long_text(None, LONGEST)
    tenants_view = long_text(None, LONGEST)
    landlord_view = long_text(None, LONGEST)
    form_key = HiddenField(
        validators=[InputRequired(), Length(max=64)], default=lambda: secrets.token_urlsafe(16)
    )

    def to_point(self) -> ClosedPoint:
        """Return what was typed, as closed today."""
        return ClosedPoint(
            subject=self.subject.data or "",
            agreement=Agreement(self.agreement.data),
            agreed_text=self.agreed_text.data or "",
            tenants_view=self.tenants_view.data or "",
            landlord_view=self.landlord_view.data or "",
            closed_on=local_day(now()),
            form_key=self.form_key.data or "",
        )


class EndForm(PageForm):
    """What came of a panel that ends."""

    words = long_text("end-words-required", LONGEST)


class GuestForm(PageForm):
    """Somebody who sees part of a panel by a link."""

    kind = RadioField(
        choices=[(kind.value, say_later(f"guest-{kind}")) for kind in GuestKind],
        default=GuestKind.OBSERVER.value,
        validators=filled("choice-required"),
    )
    name = short_text("guest-name-required", NAME_LONGEST)
    body = short_text("guest-body-required", NAME_LONGEST)


def _mark() -> RadioField:
    return RadioField(
        choices=[(str(mark), say_later(f"mark-{mark}")) for mark in MARKS],
        validators=filled("mark-required"),
    )


class SurveyForm(PageForm):
    """How one member looks back on a panel."""

    heard = _mark()
    informed = _mark()
    result = _mark()
    words = long_text(None, 1000)

    def to_answer(self) -> LookingBack:
        """Return what was typed."""
        marks = int(self.heard.data), int(self.informed.data), int(self.result.data)
        return LookingBack(marks, self.words.data or "")


class EnteredSurveyForm(SurveyForm):
    """What somebody answered by phone or on paper."""

    number = short_text("tenant-number-required", 30)
    source = RadioField(
        choices=[(source.value, say_later(f"source-{source}")) for source in ENTERED],
        validators=filled("choice-required"),
    )
