"""Making, changing and retiring a participation form. A version never changes."""

from datetime import datetime

from sqlalchemy import select

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db
from forum.kernel.errors import Forbidden
from forum.mail.outbox import INSERTS
from forum.panels import policy
from forum.panels.errors import FormChanged
from forum.panels.form_queries import OfferedForm, get_form, list_forms
from forum.panels.form_rules import FormRules, check_rules, form_key
from forum.panels.models import PanelForm


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
