"""How mail goes: whose address takes none, and what was sent to whom. No page shows an address."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.mail.models import OutboxMessage, OutboxState, UnreachableAddress
from forum.mail.queries import find_unreachable, list_messages_to, list_unreachable_members
from forum.mail.reachability import let_mail_go
from forum.members.models import MemberState
from forum.members.queries import find_tenant, get_member
from forum.texts.catalogue import has_text, say
from forum.web.access import current_actor, staff_only

mail_pages = Blueprint("mail", __name__, url_prefix="/beheer/post")

PAGE_SIZE = 50
MESSAGES_SHOWN = 50


@mail_pages.get("")
@staff_only(Role.ADMIN, Role.MODERATOR)
def show_unreachable() -> ResponseReturnValue:
    """Show whose address takes no mail; a tenant number leads to what was sent to them."""
    number = request.args.get("nummer", "").strip()[:30]
    tenant = find_tenant(number) if number else None
    if tenant is not None:
        return redirect(url_for("mail.show_messages", member_id=tenant.id))
    after = max(0, min(request.args.get("na", 0, type=int), 2**31 - 1))
    rows = list_unreachable_members(after, PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    more = url_for("mail.show_unreachable", na=shown[-1][0].id) if len(rows) > PAGE_SIZE else ""
    return render_template("admin/mail.html", rows=shown, number=number, more=more)


@mail_pages.get("/<int:member_id>")
@staff_only(Role.ADMIN, Role.MODERATOR)
def show_messages(member_id: int) -> ResponseReturnValue:
    """Show what was sent to a member, and whether it arrived."""
    member = get_member(member_id)
    unreachable, messages = find_unreachable(member.email or ""), list_messages_to(member_id, MESSAGES_SHOWN)
    return render_template(
        "admin/mail_of_member.html",
        member=member,
        unreachable=unreachable,
        again_at=_failed_again(messages, unreachable),
        messages=[_shown(row) for row in messages],
        most=MESSAGES_SHOWN,
        may_wish=member.number is not None and member.state is MemberState.ACTIVE,
    )


def _failed_again(
    newest_first: Sequence[OutboxMessage], marked: UnreachableAddress | None
) -> datetime | None:
    """Return when the last message was made that did not arrive though the address was known as dead.

    Mail about the account goes to such an address all the same: the mailbox may be mended.
    """
    if marked is None:
        return None
    tried = (
        row.queued_at
        for row in newest_first
        if row.queued_at > marked.at and row.address.lower() == marked.address
        if row.state is OutboxState.FAILED or row.came_back
    )
    return next(tried, None)


def _shown(row: OutboxMessage) -> Mapping[str, str | datetime]:
    """Return a message without what it said, or the words of a mail server: those may quote an address."""
    key = f"mail-of-{row.template.partition('/')[0]}"
    code = re.match(r"[245]\d\d", row.last_error)
    return {
        "what": say(key if has_text(key) else "mail-of-other"),
        "queued_at": row.queued_at,
        "state": say("mail-came-back" if row.came_back else f"mail-{row.state}"),
        "code": code[0] if code else "",
    }


@mail_pages.post("/<int:member_id>/weer-sturen")
@staff_only(Role.ADMIN, Role.MODERATOR)
def send_again(member_id: int) -> ResponseReturnValue:
    """Let mail go to the address of a member again."""
    with unit_of_work():
        let_mail_go(get_member(member_id), current_actor(), at=now())
    flash(say("mail-let-go"))
    return redirect(url_for("mail.show_messages", member_id=member_id))
