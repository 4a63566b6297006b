"""What staff fill in to reach people: printing, calling, asking again, withdrawing."""

from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from forum.invitations.channels import CHOSEN_REASONS, CallOutcome, Channel, PrintReason
from forum.invitations.rules import AnswerSource
from forum.texts.catalogue import say_later
from forum.web.forms import PageForm, RadioField, filled, hidden_number, optional_text

LAST_ID = 2**31 - 1


class PrintForm(PageForm):
    """Why letters are printed; all of a batch, or one."""

    reason = RadioField(
        choices=[(reason.value, say_later(f"print-{reason}")) for reason in PrintReason],
        validators=filled("print-reason-required"),
    )
    letter = IntegerField(validators=[Optional(), NumberRange(1, LAST_ID)])


class FindLetterForm(PageForm):
    """What is printed on a letter: its number, or its code."""

    number = optional_text(20)


class CallForm(PageForm):
    """What came of a call."""

    outcome = RadioField(
        choices=[(outcome.value, say_later(f"call-{outcome}")) for outcome in CallOutcome],
        validators=filled("call-outcome-required"),
    )
    note = optional_text(60)


class WishForm(PageForm):
    """How a member wants to be invited; empty leaves it to the forum."""

    channel = RadioField(
        choices=[
            ("", say_later("wish-none")),
            *(
                (way.value, say_later(f"wish-{way}"))
                for way in (Channel.EMAIL, Channel.LETTER, Channel.PHONE)
            ),
        ],
        default="",
    )


class EnteredWishForm(WishForm):
    """How a member said that they want to be invited, and how they told so."""

    channel = RadioField(
        choices=[
            ("", say_later("wish-none")),
            (Channel.EMAIL.value, say_later("wish-email")),
            (Channel.LETTER.value, say_later("wish-letter")),
            (Channel.PHONE.value, say_later("wish-be-phoned")),
        ],
        default="",
    )
    source = RadioField(
        choices=[
            (way.value, say_later(f"way-{way}"))
            for way in (AnswerSource.PHONE, AnswerSource.LETTER, AnswerSource.MEETING)
        ],
        validators=filled("wish-source-required"),
    )


class AgainForm(PageForm):
    """How somebody is asked again."""

    channel = RadioField(
        choices=[(channel.value, say_later(f"again-{channel}")) for channel in Channel],
        validators=filled("channel-required"),
    )
    turn = hidden_number()


class WithdrawForm(PageForm):
    """Why an invitation ends."""

    reason = RadioField(
        choices=[(reason.value, say_later(f"withdraw-{reason}")) for reason in CHOSEN_REASONS],
        validators=filled("withdraw-reason-required"),
    )
