"""The list of posts that are worth a look, of which none was hidden; and the rule about first posts."""

from collections.abc import Collection
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.discussion.models import Post
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.moderation import first_posts, looking, policy, queries
from forum.moderation.forms import FirstPostsForm, SeenForm
from forum.moderation.models import FirstPostsWish
from forum.moderation.queue_page import post_in_place
from forum.moderation.queue_views import list_counts
from forum.moderation.sign_queries import list_to_look_at
from forum.moderation.warning_signs import Sign
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.templating import current_site
from forum.web.times import show_moment

looking_pages = Blueprint("looking", __name__, url_prefix="/beheer")


@looking_pages.get("/te-bekijken")
@staff_only(Role.MODERATOR)
def show_list() -> ResponseReturnValue:
    """Show which new posts are worth a look, and why."""
    listed = list_to_look_at(request.args.get("voor", type=int))
    posts = queries.list_posts_in_place([post_id for post_id, _ in listed])
    days = first_posts.find_agreed_days()
    return render_template(
        "moderation/to_look_at.html",
        rows=[
            (post_in_place(post, current_site()), signs, _due_at(post, signs, days))
            for post, (_, signs) in zip(posts, listed, strict=True)
        ],
        next_before=listed[-1][0] if len(listed) == queries.PAGE_SIZE else None,
        days=days,
        at=now(),
        counts=list_counts(),
    )


def _told(wish: FirstPostsWish | None) -> str:
    """Return in words what a party wants."""
    if wish is None:
        return say("first-posts-unsaid")
    wanted = say(f"days-{wish.days}" if wish.days else "first-posts-none")
    return say("first-posts-since", wanted=wanted, moment=show_moment(wish.at))


@looking_pages.route("/eerste-berichten", methods=["GET", "POST"])
@staff_only(Role.MODERATOR, Role.DELEGATE)
def show_first_posts() -> ResponseReturnValue:
    """Show what each party wants of first posts, and let a delegate say so for theirs."""
    form, actor, wishes = FirstPostsForm(), current_actor(), queries.list_wishes()
    if form.validate_on_submit():
        with unit_of_work():
            first_posts.wish_first_posts(form.wished(), actor, at=now())
        flash(say("first-posts-wished"))
        return redirect(url_for("looking.show_first_posts"))
    own = wishes.get(actor.party) if actor.party else None
    if not form.errors:
        form = FirstPostsForm(formdata=None, days=str(own.days or 0) if own else "0")
    page = render_template(
        "moderation/first_posts.html",
        form=form,
        wishes=[(current_site().name_of(party), _told(wishes.get(party))) for party in Party],
        days=first_posts.find_agreed_days(),
        may_wish=policy.can_agree_on_first_posts(actor),
    )
    return page, form.status


def _due_at(post: Post, signs: Collection[Sign], days: int | None) -> datetime | None:
    """Return until when a first post gets its look; `None` for other posts."""
    return post.at + timedelta(days=days) if days and Sign.FIRST_POST in signs else None


@looking_pages.post("/te-bekijken/gezien")
@staff_only(Role.MODERATOR)
def mark_seen() -> ResponseReturnValue:
    """Take one post off the list by its own button, or all that were chosen."""
    form = SeenForm.from_request()
    with unit_of_work():
        count = looking.mark_seen(form.post_ids(), current_actor(), at=now())
    if count:
        flash(say("post-seen") if count == 1 else say("posts-seen", count=count))
    else:
        flash(say("choose-posts-first"), "error")
    return redirect(url_for("looking.show_list"))
