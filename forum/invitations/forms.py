"""What people answer to an invitation."""

from wtforms.validators import InputRequired

from forum.invitations.rules import AnswerSource, Rsvp
from forum.texts.catalogue import say
from forum.web.forms import PageForm, RadioField


class AnswerForm(PageForm):
    """Yes or no."""

    rsvp = RadioField(
        choices=[(rsvp.value, say(f"rsvp-{rsvp.name.lower()}")) for rsvp in (Rsvp.ACCEPTED, Rsvp.DECLINED)],
        validators=[InputRequired(say("rsvp-required"))],
    )


class EnteredAnswerForm(AnswerForm):
    """An answer that came in another way, entered by a moderator."""

    source = RadioField(
        choices=[
            (way.value, say(f"way-{way}"))
            for way in (AnswerSource.PHONE, AnswerSource.LETTER, AnswerSource.MEETING)
        ],
        validators=[InputRequired(say("answer-source-required"))],
    )
