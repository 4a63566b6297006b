"""What people type in a discussion."""

from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forum.discussion.rules import TEXT_LONGEST, PostSource, ReactionKind, Stance
from forum.texts.catalogue import say
from forum.web.forms import PageForm, RadioField, SelectField, hidden_number, long_text, short_text

REACTIONS = [("", ""), *((kind.value, kind.value) for kind in ReactionKind)]
WHOLE = NumberRange(min=1, max=2**31 - 1)


class PostForm(PageForm):
    """A post or a reply. `form_key` makes a double click one post."""

    text = long_text("post-text-required", TEXT_LONGEST)
    reply_to = IntegerField(validators=[Optional(), WHOLE])
    question = IntegerField(validators=[Optional(), WHOLE])
    form_key = HiddenField(validators=[Length(max=64)])


class EnteredPostForm(PostForm):
    """A post of somebody who phoned, wrote or spoke."""

    number = short_text("tenant-number-required", 30)
    source = RadioField(
        choices=[
            (way.value, say(f"way-{way}"))
            for way in (PostSource.PHONE, PostSource.LETTER, PostSource.MEETING)
        ],
        validators=[InputRequired(say("source-required"))],
    )


class EditForm(PageForm):
    """A changed text, and the version that was shown."""

    text = long_text("post-text-required", TEXT_LONGEST)
    version = hidden_number()


class ReactionForm(PageForm):
    """One reaction to add or to take back."""

    add = SelectField(choices=REACTIONS, default="")
    remove = SelectField(choices=REACTIONS, default="")


class StanceForm(PageForm):
    """The answer to the stance question."""

    stance = RadioField(
        choices=[(stance.value, say(f"stance-{stance}")) for stance in Stance],
        validators=[InputRequired(say("stance-required"))],
    )
