"""From a cookie to an actor: a random token in the session stands for a row that can be closed."""

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, login_user, logout_user

from forum.accounts.queries import find_sign_in
from forum.accounts.rules import session_length
from forum.kernel.actor import VISITOR
from forum.kernel.clock import now
from forum.notifications.rules import shown_count
from forum.texts.language import LANGUAGES, speak

login_manager = LoginManager()
login_manager.session_protection = None  # the address of a phone changes; the row is what counts
login_manager._session_identifier_generator = str  # nor is it hashed: it would be at every page, unread


class SignedIn(UserMixin):  # type: ignore[misc]
    """A sign-in as Flask-Login knows it: the token of its row, never the number of a member."""

    def __init__(self, token: str) -> None:
        """Keep the token."""
        self.id = token


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_signed_in(token: str) -> SignedIn | None:
    """Find the row of a cookie's token and put its member on `g.actor` for this request."""
    at = now()
    sign_in = find_sign_in(token, at)
    if sign_in is None:
        return None
    if at >= sign_in.created_at + session_length(
        is_staff=sign_in.actor.is_staff
    ):  # they got a role after signing in
        return None
    g.actor = sign_in.actor
    if sign_in.interface_language in LANGUAGES:
        speak(sign_in.interface_language)
    g.signed_in_name = sign_in.display_name
    g.unread_count = shown_count(sign_in.unread)
    return SignedIn(token)


def current_token() -> str:
    """Return the token of the sign-in that makes this request; empty when nobody is signed in."""
    return str(session.get("_user_id", ""))


def start_session(token: str) -> None:
    """Put a fresh session in the cookie: nothing from before the sign-in survives, the CSRF token neither."""
    session.clear()
    session.permanent = True
    login_user(SignedIn(token))


def end_session() -> str | None:
    """Empty the cookie and return the token it held."""
    token: str | None = session.get("_user_id")
    logout_user()
    session.clear()
    return token


def init_sign_in(app: Flask) -> None:
    """Load who is signed in before each page is opened."""
    login_manager.init_app(app)

    @app.before_request
    def load_actor() -> None:
        g.actor, g.signed_in_name = VISITOR, ""
        if "_user_id" in session:
            login_manager._load_user()
