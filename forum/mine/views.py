"""The pages of a member's own: what they did, what they may choose."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.discussion.queries import list_threads_of
from forum.invitations.queries import list_invitations_of
from forum.invitations.service import is_answerable
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.members import service as members
from forum.members.queries import get_member
from forum.mine.forms import NameForm
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only

mine_pages = Blueprint("mine", __name__, url_prefix="/mijn")


@mine_pages.get("/")
@members_only
def overview() -> ResponseReturnValue:
    """Show a member's own overview."""
    member = get_member(current_actor().member_id or 0)
    return render_template(
        "mine/overview.html",
        member=member,
        is_tenant=current_actor().is_tenant,
        threads=list_threads_of(member.id),
        invitations=[
            (invitation, is_answerable(invitation, now())) for invitation in list_invitations_of(member.id)
        ],
    )


@mine_pages.route("/naam", methods=["GET", "POST"])
@members_only
def rename() -> ResponseReturnValue:
    """Let a member choose the name they show."""
    member = get_member(current_actor().member_id or 0)
    form = NameForm(obj=member)
    if not form.validate_on_submit():
        return render_template("mine/name.html", form=form), 422 if form.errors else 200
    with unit_of_work():
        members.rename(get_member(member.id), form.display_name.data or "", at=now())
    flash(say("name-kept"))
    return redirect(url_for("mine.overview"))
