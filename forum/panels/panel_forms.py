"""Participation forms: which are offered, and making, changing, retiring one. A version never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import Forbidden, NotFound
from forum.mail.outbox import INSERTS
from forum.panels import policy
from forum.panels.errors import FormChanged, TopicNeeded
from forum.panels.form_rules import FormRules, check_rules, form_key, read_rules
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


def id_of_form(form: OfferedForm) -> int:
    """Return the number of the row of this version of a form; the first use of a shipped one makes it."""
    _store(form)
    wanted = select(PanelForm.id).where(PanelForm.key == form.key, PanelForm.version == max(1, form.version))
    return db.session.scalars(wanted).one()


def _store(form: OfferedForm) -> bool:
    """Store a version of a form; tell whether it was not there yet."""
    insert = INSERTS[db.engine.dialect.name]
    stored = db.session.execute(
        insert(PanelForm)
        .values(
            key=form.key,
            version=max(1, form.version),
            name=form.name,
            defaults=form.rules.as_document(),
        )
        .on_conflict_do_nothing(index_elements=["key", "version"])
        .returning(PanelForm.id)
    )
    return stored.scalar() is not None


def add_form(name: str, rules: FormRules, actor: Actor, *, at: datetime) -> OfferedForm:
    """Make a form.

    Raises:
        Forbidden: the actor is no administrator.
        FormRulesRefused: the rules contradict each other.
    """
    key = form_key(name, [form.key for form in list_forms()])
    return _keep(OfferedForm(key, 1, name, rules), actor, at=at)


def change_form(
    shown: OfferedForm, name: str, rules: FormRules, actor: Actor, *, at: datetime
) -> OfferedForm:
    """Make the next version of a form, for new panels; those there are keep what they started with.

    A retired form is offered again. `shown` is the version that was on the screen.

    Raises:
        Forbidden: the actor is no administrator.
        FormChanged: somebody else made a newer version.
        FormRulesRefused: the rules contradict each other.
    """
    if get_form(shown.key).version != shown.version:
        raise FormChanged(key=shown.key)
    if shown.version == 0:
        _store(shown)
    return _keep(OfferedForm(shown.key, max(1, shown.version) + 1, name, rules), actor, at=at)


def _keep(form: OfferedForm, actor: Actor, *, at: datetime) -> OfferedForm:
    if not policy.can_change_forms(actor):
        raise Forbidden(action="change-forms")
    check_rules(form.rules)
    if not _store(form):
        raise FormChanged(key=form.key)
    audit.record(
        actor,
        "panel_form.kept",
        key=form.key,
        version=form.version,
        name=form.name,
        rules=form.rules.as_document(),
        at=at,
    )
    return form


def retire_form(key: str, actor: Actor, *, at: datetime) -> None:
    """Offer a form no more; panels that started from it go on. Twice changes nothing.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is no such form.
    """
    if not policy.can_change_forms(actor):
        raise Forbidden(action="change-forms")
    form = get_form(key)
    if form.is_retired:
        return
    db.session.get_one(PanelForm, id_of_form(form)).retired_at = at
    audit.record(actor, "panel_form.retired", key=key, at=at)
