"""Pages on which a member says how they want to be invited, or staff write down what a member told them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.invitations.channels import Channel
from forum.invitations.letter_forms import EnteredWishForm, WishForm
from forum.invitations.reaching import find_wish, reach_of_one, wish_channel
from forum.invitations.rules import AnswerSource
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.members.models import Member, MemberState
from forum.members.queries import get_member
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only, staff_only

wish_pages = Blueprint("wishes", __name__)


@wish_pages.route("/mijn/uitnodigingen/manier", methods=["GET", "POST"])
@members_only
def choose_channel() -> ResponseReturnValue:
    """Let a member choose mail, letters or the telephone."""
    member_id = current_actor().member_id or 0
    wish = find_wish(member_id)
    form = WishForm(channel=wish.channel if wish else "")
    if not form.validate_on_submit():
        page = render_template("invitations/wish.html", form=form, wish=wish)
        return page, form.status
    _keep(member_id, form, AnswerSource.ACCOUNT)
    flash(say("wish-kept"))
    return redirect(url_for("mine.overview"))


@wish_pages.route("/beheer/huurders/<int:member_id>/uitnodigen", methods=["GET", "POST"])
@staff_only(Role.ADMIN, Role.MODERATOR)
def choose_for_somebody(member_id: int) -> ResponseReturnValue:
    """Write down how a tenant said that they want to be invited."""
    member, wish = _tenant(member_id), find_wish(member_id)
    form = EnteredWishForm(channel=wish.channel if wish else "")
    if not form.validate_on_submit():
        page = render_template(
            "invitations/wish_of_somebody.html",
            form=form,
            member=member,
            wish=wish,
            by=get_member(wish.entered_by_id).display_name if wish and wish.entered_by_id else "",
            may_reach=wish is None or reach_of_one(member).has(wish.channel),
        )
        return page, form.status
    _keep(member_id, form, AnswerSource(form.source.data))
    flash(say("wish-entered", name=member.display_name))
    return redirect(url_for("mail.show_messages", member_id=member_id))


def _tenant(member_id: int) -> Member:
    """Return a tenant who may be invited.

    Raises:
        NotFound: there is none with this number any more.
    """
    member = get_member(member_id)
    if member.number is None or member.state is not MemberState.ACTIVE:
        raise NotFound(member_id=member_id)
    return member


def _keep(member_id: int, form: WishForm, source: AnswerSource) -> None:
    with unit_of_work():
        wish = Channel(form.channel.data) if form.channel.data else None
        wish_channel(get_member(member_id), wish, source, current_actor(), at=now())
