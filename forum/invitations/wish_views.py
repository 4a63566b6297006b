"""The page on which a member says how they want to be invited."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.invitations.channels import Channel
from forum.invitations.letter_forms import WishForm
from forum.invitations.reaching import find_wish, wish_channel
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.members.queries import get_member
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only

wish_pages = Blueprint("wishes", __name__)


@wish_pages.route("/mijn/uitnodigingen/manier", methods=["GET", "POST"])
@members_only
def choose_channel() -> ResponseReturnValue:
    """Let a member choose mail, letters or the telephone."""
    actor = current_actor()
    member_id = actor.member_id or 0
    form = WishForm(channel=find_wish(member_id) or "")
    if not form.validate_on_submit():
        return render_template("invitations/wish.html", form=form), 422 if form.errors else 200
    with unit_of_work():
        wish = Channel(form.channel.data) if form.channel.data else None
        wish_channel(get_member(member_id), wish, actor, at=now())
    flash(say("wish-kept"))
    return redirect(url_for("mine.overview"))
