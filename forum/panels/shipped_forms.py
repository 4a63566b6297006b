"""The participation forms that every forum starts with; an administrator changes them, and makes others."""

from collections.abc import Mapping

from forum.panels.form_rules import AreaKind, Changeable, Deciding, EndKind, FormRules, groups_from_lines
from forum.panels.rules import FillingMode
from forum.texts.catalogue import say_dutch

TOPIC_PANEL = "klantenpanel"


def shipped_forms() -> Mapping[str, tuple[str, FormRules]]:
    """Return name and rules of each form by its key, in the order in which they are offered.

    They become words of the forum, as those of an administrator: in Dutch, whoever stores them.
    """
    return {
        TOPIC_PANEL: (
            say_dutch("form-topic-panel"),
            FormRules(purpose=say_dutch("form-topic-panel-purpose")),
        ),
        "renovatiepanel": (
            say_dutch("form-renovation"),
            FormRules(
                mode=FillingMode.EVERYONE,
                area=AreaKind.COMPLEX,
                end=EndKind.PROJECT,
                rhythm_months=3,
                purpose=say_dutch("form-renovation-purpose"),
                fixed_points=say_dutch("form-renovation-fixed"),
                open_points=say_dutch("form-renovation-open"),
                deciding=Deciding.CONSENSUS,
                has_survey=True,
                changeable=(Changeable.CHAIR, Changeable.OBSERVERS, Changeable.RHYTHM, Changeable.LAST_DAY),
            ),
        ),
        "adviesgroep": (
            say_dutch("form-advice-group"),
            FormRules(
                seats=10,
                end=EndKind.ADVICE,
                term_months=6,
                purpose=say_dutch("form-advice-group-purpose"),
                needs_coordinator=True,
            ),
        ),
        "klantenraad": _council(),
    }


def _council() -> tuple[str, FormRules]:
    groups = groups_from_lines(say_dutch("form-council-groups"))
    return (
        say_dutch("form-council"),
        FormRules(
            mode=FillingMode.APPLICATION,
            seats=sum(group.seats for group in groups),
            groups=groups,
            criteria=tuple(say_dutch("form-council-criteria").splitlines()),
            end=EndKind.DATE,
            term_months=48,
            rhythm_months=3,
            chair=say_dutch("form-council-chair"),
            observers=say_dutch("form-council-observers"),
            purpose=say_dutch("form-council-purpose"),
            deciding=Deciding.CONSENSUS,
            changeable=(Changeable.CHAIR, Changeable.OBSERVERS, Changeable.RHYTHM, Changeable.LAST_DAY),
        ),
    )
