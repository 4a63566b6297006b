"""Pages about activity: the rules beside each topic, and a member's own score explained."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.activity.explanation import part_lines, post_lines, why_not_lines
from forum.activity.scoring_policy import DEFAULT_POLICY
from forum.activity.service import live_scores
from forum.discussion.queries import get_thread, list_own_posts
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.members import service as members
from forum.members.queries import get_member
from forum.texts.catalogue import say
from forum.web.access import current_actor, members_only, readers
from forum.web.times import show_day

activity_pages = Blueprint("activity", __name__)


@activity_pages.get("/onderwerpen/<int:topic_id>/regels")
@readers
def show_rules(topic_id: int) -> ResponseReturnValue:
    """Show how points and selection work in a topic."""
    thread = get_thread(topic_id)
    return render_template("activity/rules.html", thread=thread, policy=DEFAULT_POLICY)


@activity_pages.get("/mijn/activiteit/<int:topic_id>")
@members_only
def show_own_score(topic_id: int) -> ResponseReturnValue:
    """Show a member their own score in a topic, part by part."""
    thread, member = get_thread(topic_id), get_member(_own_id())
    score = live_scores(thread, at=now()).get(str(member.id)) if member.scoring_objected_at is None else None
    labels = {
        str(post_id): show_day(written_at) for post_id, written_at in list_own_posts(topic_id, member.id)
    }
    return render_template(
        "activity/own_score.html",
        thread=thread,
        member=member,
        is_tenant=current_actor().is_tenant,
        score=score,
        part_rows=[(line.label, line.points, line.sentence) for line in part_lines(score, DEFAULT_POLICY)]
        if score
        else [],
        posts=post_lines(score, labels, DEFAULT_POLICY) if score else [],
        why_not=why_not_lines(score) if score else [],
    )


def _own_id() -> int:
    member_id = current_actor().member_id
    assert member_id is not None, "the page opens for members only"
    return member_id


@activity_pages.post("/mijn/activiteit/bezwaar")
@members_only
def object_to_scoring() -> ResponseReturnValue:
    """Stop scoring this member; the account stays."""
    with unit_of_work():
        members.object_to_scoring(get_member(_own_id()), at=now())
    flash(say("scoring-objected"))
    return redirect(url_for("mine.overview"))


@activity_pages.post("/mijn/activiteit/toestaan")
@members_only
def allow_scoring() -> ResponseReturnValue:
    """Score this member again."""
    with unit_of_work():
        members.allow_scoring(get_member(_own_id()), at=now())
    flash(say("scoring-allowed"))
    return redirect(url_for("mine.overview"))
