"""What staff send when they note what was done for a group."""

from collections.abc import Sequence

from forum.panels.group_names import name_group
from forum.texts.catalogue import say
from forum.voices.rules import ActionKind, Grouping, Suggestion
from forum.voices.service import Done
from forum.web.forms import DayField, PageForm, SelectField, filled


class ActionForm(PageForm):
    """One of the suggestions, and the day on which it was done."""

    suggestion = SelectField()
    day = DayField(validators=filled("date-required"))

    def offer(self, suggestions: Sequence[Suggestion]) -> None:
        """Let one of these be chosen."""
        self.suggestion.choices = [
            (_key(row), tell_action(row.kind, row.grouping, row.group)) for row in suggestions
        ]

    @property
    def done(self) -> Done:
        """Return what was done; the form is valid."""
        kind, grouping, group = self.suggestion.data.split("|", 2)
        assert self.day.data is not None, "the form was validated"
        return Done(ActionKind(kind), Grouping(grouping), group, self.day.data)


def _key(suggestion: Suggestion) -> str:
    return f"{suggestion.kind}|{suggestion.grouping}|{suggestion.group}"


def tell_action(kind: ActionKind, grouping: Grouping, group: str) -> str:
    """Return what is done for whom, in a few words."""
    return say(f"voices-action-{kind}", group=name_group(grouping, group))
