"""Who may open which page: every view carries exactly one of these marks, and the gate asks it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.actor import VISITOR, Actor, Role
from forum.kernel.errors import Forbidden, SignInNeeded

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


@dataclass(frozen=True, slots=True)
class Access:
    """What a page asks of its visitor."""

    name: str
    roles: frozenset[Role] | None = None
    needs_sign_in: bool = True
    unless_public_reading: bool = False

    def lets_in(self, actor: Actor, *, public_reading: bool) -> bool:
        """Tell whether this page opens for an actor."""
        if not self.needs_sign_in or (self.unless_public_reading and public_reading):
            return True
        if not actor.is_signed_in:
            return False
        return self.roles is None or actor.has_role(*self.roles)


PUBLIC = Access("public", needs_sign_in=False)
TOKEN = Access("token", needs_sign_in=False)
READERS = Access("readers", unless_public_reading=True)
MEMBERS = Access("members")


def _mark(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        if hasattr(view, "access"):
            message = f"{view.__name__} carries two access marks"
            raise TypeError(message)
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Open the page to everybody."""
    return _mark(PUBLIC)(view)


def by_token(view: View) -> View:
    """Open the page to whoever has the secret link; the view itself checks the token."""
    return _mark(TOKEN)(view)


def readers(view: View) -> View:
    """Open the page to members, and to everybody where public reading is on."""
    return _mark(READERS)(view)


def members_only(view: View) -> View:
    """Open the page to whoever is signed in."""
    return _mark(MEMBERS)(view)


def staff_only(*roles: Role) -> Callable[[View], View]:
    """Open the page to members with one of the roles; without roles to all staff."""
    chosen = frozenset(roles or (set(Role) - {Role.TENANT}))
    return _mark(Access("staff:" + ",".join(sorted(chosen)), roles=chosen))


def access_of(app: Flask, endpoint: str) -> Access | None:
    """Return the mark of a view, `None` for one without."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return PUBLIC
    return getattr(app.view_functions[endpoint], "access", None)


def current_actor() -> Actor:
    """Return who makes this request; a visitor when nobody is signed in."""
    actor: Actor = g.get("actor", VISITOR)
    return actor


def gate() -> ResponseReturnValue | None:
    """Let the visitor through, send them to sign in, or refuse; a view without a mark stays shut.

    Raises:
        Forbidden: the visitor is signed in and may not open this page.
        SignInNeeded: a visitor sends a form; the page that says so keeps what was typed.
    """
    if request.endpoint is None:
        return None
    access = access_of(current_app, request.endpoint)
    actor = current_actor()
    if access and access.lets_in(actor, public_reading=current_app.config["SETTINGS"].public_reading):
        return None
    if access is None or actor.is_signed_in:
        raise Forbidden(action="open-page")
    if request.method not in ("GET", "HEAD"):
        raise SignInNeeded
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
