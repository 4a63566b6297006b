"""People who are no members of a panel and see part of it by a secret link: its committee, its observers."""

from datetime import datetime

from forum.accounts.rules import token_hash
from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.panels import policy
from forum.panels.errors import GuestRefused
from forum.panels.life_rules import GuestKind
from forum.panels.models import Panel, PanelGuest
from forum.panels.rules import FillingMode, PanelState


def invite_guest(
    panel: Panel, kind: GuestKind, name: str, body: str, actor: Actor, *, token: str, at: datetime
) -> PanelGuest:
    """Give somebody a link to a panel. A committee is for a panel with applications, until its list is fixed.

    Args:
        panel: any that did not end.
        kind: what the link is for.
        name: of the person.
        body: whom the person speaks for.
        actor: a moderator.
        token: the secret of the link, of 256 bits; only its hash is kept.
        at: the moment.

    Raises:
        Forbidden: the actor is no moderator.
        GuestRefused: this panel has no committee, or not any more.
    """
    lock(panel)
    if not policy.can_prepare_panel(actor) or actor.member_id is None:
        raise Forbidden(action="invite-guest", panel_id=panel.id)
    takes_raters = panel.mode is FillingMode.APPLICATION and panel.state is PanelState.DRAFT
    if kind is GuestKind.COMMITTEE and not takes_raters:
        raise GuestRefused(panel_id=panel.id)
    guest = PanelGuest(
        panel_id=panel.id,
        kind=kind,
        name=name,
        body=body,
        token_hash=token_hash(token),
        invited_by_id=actor.member_id,
        invited_at=at,
    )
    db.session.add(guest)
    db.session.flush()
    audit.record(actor, "panel.guest_invited", panel_id=panel.id, guest_id=guest.id, kind=kind, at=at)
    return guest


def end_guest(guest: PanelGuest, actor: Actor, *, at: datetime) -> None:
    """Close somebody's link; what a rater gave counts no more. Twice changes nothing.

    Raises:
        Forbidden: the actor is no moderator.
        GuestRefused: the list is fixed, so that the ratings it stands on cannot change.
    """
    lock(guest.panel)
    if not policy.can_prepare_panel(actor):
        raise Forbidden(action="end-guest", panel_id=guest.panel_id)
    if guest.kind is GuestKind.COMMITTEE and guest.panel.state is not PanelState.DRAFT:
        raise GuestRefused(panel_id=guest.panel_id)
    if guest.ended_at is None:
        guest.ended_at = at
        audit.record(actor, "panel.guest_ended", panel_id=guest.panel_id, guest_id=guest.id, at=at)
