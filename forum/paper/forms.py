"""What staff type from a slip."""

from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired, Length

from forum.discussion.rules import TEXT_LONGEST, Stance
from forum.texts.catalogue import say_later
from forum.web.forms import PageForm, RadioField, SelectField, long_text, optional_text, short_text

NONE = ""


class SlipForm(PageForm):
    """One slip. A slip holds a text, a stance, or both."""

    number = short_text("tenant-number-required", 30)
    stance = RadioField(
        choices=[
            *((stance.value, say_later(f"stance-{stance}")) for stance in Stance),
            (NONE, say_later("slip-no-stance")),
        ],
        default=NONE,
    )
    question = SelectField(default=NONE)
    text = long_text(None, TEXT_LONGEST)
    consent = BooleanField()
    form_key = HiddenField(validators=[InputRequired(), Length(max=64)])


class FindSlipForm(PageForm):
    """The code on a receipt."""

    code = optional_text(20)
