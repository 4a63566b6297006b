"""Pages about notifications: the list, how to hear of what, and stopping mail without signing in."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.members.queries import get_member
from forum.notifications import queries, service
from forum.notifications.emails import is_reachable, secret_keys
from forum.notifications.forms import ChoicesForm, ReadForm
from forum.notifications.links import read_unsubscribe_token
from forum.notifications.models import Notification
from forum.notifications.rules import PAGE_SIZE, Frequency
from forum.notifications.shown import show
from forum.texts.catalogue import say
from forum.web.access import by_token, current_actor, members_only
from forum.web.security import csrf

notification_pages = Blueprint("notifications", __name__)


def _me() -> int:
    return current_actor().member_id or 0


@notification_pages.get("/mijn/attenderingen")
@members_only
def list_own() -> ResponseReturnValue:
    """Show what a member was told, the newest first; looking at it marks nothing as read."""
    rows = queries.list_notifications(_me(), before=_before(), most=PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    return render_template(
        "notifications/list.html",
        items=show(shown),
        up_to=shown[0].at.isoformat() if shown else "",
        is_first="voor" not in request.args,
        next_href=_page_after(shown) if len(rows) > PAGE_SIZE else "",
    )


def _before() -> tuple[datetime, int] | None:
    """Return after which notification this page begins; an address that was made up gives the first page."""
    moment, _, number = request.args.get("voor", "").partition("_")
    try:
        at, last_id = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return (at, last_id) if at.tzinfo and 0 < last_id < 2**31 else None


def _page_after(shown: Sequence[Notification]) -> str:
    last = shown[-1]
    return url_for("notifications.list_own", voor=f"{last.at.isoformat()}_{last.id}")


@notification_pages.post("/mijn/attenderingen/<int:notification_id>/openen")
@members_only
def open_one(notification_id: int) -> ResponseReturnValue:
    """Mark one as read and go to its place."""
    with unit_of_work():
        notification = queries.get_own_notification(notification_id, _me())
        service.mark_read(notification, at=now())
        path = notification.path
    return redirect(path)


@notification_pages.post("/mijn/attenderingen/gelezen")
@members_only
def read_all() -> ResponseReturnValue:
    """Mark all as read that there were when the page was shown."""
    up_to = ReadForm.from_request().moment()
    with unit_of_work():
        service.mark_all_read(_me(), up_to=up_to, at=now())
    flash(say("all-read"))
    return redirect(url_for("notifications.list_own"))


@notification_pages.route("/mijn/attenderingen/keuzes", methods=["GET", "POST"])
@members_only
def choose() -> ResponseReturnValue:
    """Let a member choose how often mail tells of what."""
    standing = queries.get_choices(_me())
    form = ChoicesForm(data={kind.value: how.value for kind, how in standing.items()})
    if not form.validate_on_submit():
        member = get_member(_me())
        arrives = is_reachable(member)
        page = render_template("notifications/choices.html", form=form, email=member.email, arrives=arrives)
        return page, form.status
    with unit_of_work():
        service.choose(get_member(_me()), form.choices(), current_actor(), at=now())
    flash(say("choices-kept"))
    return redirect(url_for("notifications.choose"))


@notification_pages.get("/attenderingen/afmelden/<token>")
@by_token
def ask_unsubscribe(token: str) -> ResponseReturnValue:
    """Ask whether to stop the mails; opening the link changes nothing, since mail scanners open links too."""
    _member_id, how = _read(token)
    return render_template("notifications/unsubscribe.html", how=how, is_done=False)


@notification_pages.post("/attenderingen/afmelden/<token>")
@by_token
@csrf.exempt  # type: ignore[untyped-decorator]
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stop the mails, by the button of the page or by that of a mail program (RFC 8058)."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        csrf.protect()
    member_id, how = _read(token)
    with unit_of_work():
        service.unsubscribe(get_member(member_id), how, at=now())
    return render_template("notifications/unsubscribe.html", how=how, is_done=True)


def _read(token: str) -> tuple[int, Frequency]:
    return read_unsubscribe_token(secret_keys(current_app.config["SETTINGS"]), token)
