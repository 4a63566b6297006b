"""Pages for everybody: flag a post, read what was done with it, read and object to what was decided."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from forum.discussion.errors import PostGone, Suspended
from forum.discussion.models import Post
from forum.discussion.pictures import ShownPicture, shown_pictures
from forum.discussion.policy import can_see_picture
from forum.discussion.rules import PostState
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.moderation import appeals, policy, queries, service
from forum.moderation.errors import AppealClosed, OwnPostFlagged
from forum.moderation.forms import AppealForm, FlagForm
from forum.moderation.models import ModerationDecision
from forum.moderation.queue_page import post_in_place
from forum.moderation.queue_views import appeal_term
from forum.moderation.rules import FlagReason
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only
from forum.web.templating import current_site

moderation_pages = Blueprint("moderation", __name__)


@moderation_pages.route("/berichten/<int:post_id>/melden", methods=["GET", "POST"])
@members_only
def flag_post(post_id: int) -> ResponseReturnValue:
    """Ask what is wrong with a post and tell the moderators."""
    form, post = FlagForm(), _flaggable(post_id)
    if not form.validate_on_submit():
        member_id = current_actor().member_id or 0
        page = render_template(
            "moderation/flag.html",
            place=post_in_place(post, current_site()),
            form=form,
            is_flagged=queries.find_open_flag(post_id, member_id) is not None,
        )
        return page, form.status
    reason, words = FlagReason(form.reason.data), form.words.data or ""
    with unit_of_work():
        service.flag_post(queries.get_post_in_place(post_id), reason, words, current_actor(), at=now())
    flash(say("flag-kept"))
    return redirect(url_for("discussion.find_post", post_id=post_id))


def _flaggable(post_id: int) -> Post:
    """Return a post that whoever is signed in may flag; the service checks it again under its lock."""
    post, actor = queries.get_post_in_place(post_id), current_actor()
    if actor.suspended:
        raise Suspended
    if not policy.can_flag_post(actor, post.author_id):
        raise OwnPostFlagged(post_id=post_id)
    if post.state is not PostState.VISIBLE:
        raise PostGone(post_id=post_id)
    return post


@moderation_pages.get("/mijn/meldingen")
@members_only
def own_flags() -> ResponseReturnValue:
    """Show a member what they flagged and what was done with it."""
    flags = queries.list_flags_of(current_actor().member_id or 0, _before())
    return render_template(
        "moderation/own_flags.html",
        flags=flags,
        next_before=flags[-1].id if len(flags) == queries.PAGE_SIZE else None,
    )


@moderation_pages.get("/mijn/besluiten")
@members_only
def own_decisions() -> ResponseReturnValue:
    """Show a member what moderators decided on their posts, why, and how to object."""
    at = now()
    decisions = queries.list_decisions_of(current_actor().member_id or 0, _before())
    return render_template(
        "moderation/own_decisions.html",
        decisions=[
            (decision, _own_contents(decision), appeals.can_still_appeal(decision, at=at))
            for decision in decisions
        ],
        next_before=decisions[-1].id if len(decisions) == queries.PAGE_SIZE else None,
    )


def _before() -> int | None:
    return request.args.get("voor", type=int)


def _own_contents(decision: ModerationDecision) -> tuple[Markup, Sequence[ShownPicture]]:
    """Return what somebody wrote, and the pictures they sent along as far as they may still see those."""
    post = decision.post
    may_see = can_see_picture(current_actor(), post.state, post.author_id)
    html = Markup(post.html)  # noqa: S704 - sanitised when it was written
    return html, shown_pictures(post.pictures) if may_see else ()


@moderation_pages.route("/mijn/besluiten/<int:decision_id>/bezwaar", methods=["GET", "POST"])
@members_only
def make_appeal(decision_id: int) -> ResponseReturnValue:
    """Ask why an author disagrees with a decision, and put it before the other party."""
    form, decision = AppealForm(), _own_decision(decision_id)
    if not form.validate_on_submit():
        if not appeals.can_still_appeal(decision, at=now()):
            raise AppealClosed(decision_id=decision_id)
        page = render_template(
            "moderation/appeal.html",
            decision=decision,
            contents_of_post=_own_contents(decision),
            form=form,
            days=appeal_term().days,
        )
        return page, form.status
    other = current_site().name_of(decision.party.other)
    with unit_of_work():
        decision = _own_decision(decision_id)
        appeals.make_appeal(decision, form.words.data or "", current_actor(), term=appeal_term(), at=now())
    flash(say("appeal-kept", party=other))
    return redirect(url_for("moderation.own_decisions"))


def _own_decision(decision_id: int) -> ModerationDecision:
    """Return a decision on a post of whoever is signed in.

    Raises:
        NotFound: it is about somebody else's post.
    """
    decision = queries.get_decision(decision_id)
    if not policy.can_appeal(current_actor(), decision.author_id):
        raise NotFound(decision_id=decision_id)
    return decision
