"""What members choose about notifications."""

from datetime import datetime

from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from forum.notifications.rules import Frequency, NotificationKind
from forum.texts.catalogue import say_later
from forum.web.forms import FormRefused, PageForm, RadioField, filled


class ReadForm(PageForm):
    """The moment of the newest notification on the page."""

    up_to = HiddenField(validators=[InputRequired(), Length(max=40)])

    def moment(self) -> datetime:
        """Return that moment.

        Raises:
            FormRefused: it is none.
        """
        try:
            found = datetime.fromisoformat(self.up_to.data or "")
        except ValueError as error:
            raise FormRefused(fields="up_to") from error
        if found.tzinfo is None:
            raise FormRefused(fields="up_to")
        return found


def _how(kind: NotificationKind) -> RadioField:
    return RadioField(
        say_later(f"kind-{kind}"),
        choices=[(how.value, say_later(f"often-{how}")) for how in Frequency],
        validators=filled("choice-required"),
    )


class ChoicesForm(PageForm):
    """How often mail tells of each kind; the fields have the names of the kinds."""

    reply = _how(NotificationKind.REPLY)
    mention = _how(NotificationKind.MENTION)
    followed = _how(NotificationKind.FOLLOWED)
    valued = _how(NotificationKind.VALUED)
    phase = _how(NotificationKind.PHASE)
    panel = _how(NotificationKind.PANEL)
    answer = _how(NotificationKind.ANSWER)
    moderation = _how(NotificationKind.MODERATION)

    def choices(self) -> dict[NotificationKind, Frequency]:
        """Return what was chosen."""
        return {kind: Frequency(self[kind.value].data) for kind in NotificationKind}
