"""What staff type from a slip."""

from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import InputRequired, Length, ValidationError

from forum.discussion.rules import TEXT_LONGEST, Stance
from forum.texts.catalogue import say, say_later
from forum.web.forms import PageForm, RadioField, SelectField, long_text, optional_text

NONE = ""


class SlipForm(PageForm):
    """One slip: a text, a stance, or both. Who does not know their number wrote where they live.

    `was_hinted` says that staff were told of private details in the text.
    """

    number = optional_text(30)
    name = optional_text(200)
    postcode = optional_text(10)
    house_number = optional_text(20)
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
    was_hinted = HiddenField(validators=[Length(max=1)])
    form_key = HiddenField(validators=[InputRequired(), Length(max=64)])

    @property
    def tells_home(self) -> bool:
        """Tell whether a tenant can be found without a number."""
        return bool(self.name.data and self.postcode.data and self.house_number.data)

    def validate_number(self, field: Field) -> None:
        """Ask for the number, or for all that stands in its place."""
        if not field.data and not self.tells_home:
            raise ValidationError(say("slip-number-required"))


class FindSlipForm(PageForm):
    """The code on a receipt."""

    code = optional_text(20)
