"""Reading participation forms: the newest version of each, and which a new panel can start from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.panels.errors import TopicNeeded
from forum.panels.form_rules import FormRules, read_rules
from forum.panels.models import PanelForm
from forum.panels.rules import ACTIVITY_MODES
from forum.panels.shipped_forms import shipped_forms


@dataclass(frozen=True, slots=True)
class OfferedForm:
    """The newest version of a form, as new panels start from it; 0 while nobody used or changed it."""

    key: str
    version: int
    name: str
    rules: FormRules
    is_retired: bool = False


def list_forms() -> Sequence[OfferedForm]:
    """Return the newest version of every form, retired ones too: those that are shipped first."""
    newest = select(func.max(PanelForm.id)).group_by(PanelForm.key)
    stored = {
        row.key: OfferedForm(
            row.key, row.version, row.name, read_rules(row.defaults), row.retired_at is not None
        )
        for row in db.session.scalars(
            select(PanelForm).where(PanelForm.id.in_(newest)).order_by(PanelForm.name)
        )
    }
    shipped = {key: OfferedForm(key, 0, name, rules) for key, (name, rules) in shipped_forms().items()}
    return list({**shipped, **stored}.values())


def list_offered_forms(*, has_topic: bool) -> Sequence[OfferedForm]:
    """Return the forms that a new panel can start from, on a topic or without one."""
    forms = [form for form in list_forms() if not form.is_retired]
    return [form for form in forms if has_topic or form.rules.mode not in ACTIVITY_MODES]


def get_form(key: str) -> OfferedForm:
    """Return the newest version of a form.

    Raises:
        NotFound: there is none with this key.
    """
    form = next((form for form in list_forms() if form.key == key), None)
    if form is None:
        raise NotFound(key=key)
    return form


def get_offered_form(key: str, *, has_topic: bool) -> OfferedForm:
    """Return a form that a new panel can start from, on a topic or without one.

    Raises:
        NotFound: there is none with this key, or it is retired.
        TopicNeeded: it fills its panels on activity, and there is no topic.
    """
    form = get_form(key)
    if form.is_retired:
        raise NotFound(key=key)
    if not has_topic and form.rules.mode in ACTIVITY_MODES:
        raise TopicNeeded
    return form
