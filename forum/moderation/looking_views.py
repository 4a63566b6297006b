"""The list of posts that are worth a look; nothing on it was hidden, and nobody was told."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.moderation import looking, queries
from forum.moderation.forms import SeenForm
from forum.moderation.queue_page import post_in_place
from forum.moderation.queue_views import list_counts
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.templating import current_site

looking_pages = Blueprint("looking", __name__, url_prefix="/beheer")


@looking_pages.get("/te-bekijken")
@staff_only(Role.MODERATOR)
def show_list() -> ResponseReturnValue:
    """Show which new posts are worth a look, and why."""
    listed = looking.list_to_look_at(request.args.get("voor", type=int))
    posts = queries.list_posts_in_place([post_id for post_id, _ in listed])
    return render_template(
        "moderation/to_look_at.html",
        rows=[
            (post_in_place(post, current_site()), signs)
            for post, (_, signs) in zip(posts, listed, strict=True)
        ],
        next_before=listed[-1][0] if len(listed) == queries.PAGE_SIZE else None,
        counts=list_counts(),
    )


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
