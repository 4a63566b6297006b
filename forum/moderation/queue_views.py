"""Pages for moderators: what was flagged, deciding, taking back, judging objections."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.discussion.errors import PostGone
from forum.discussion.rules import HouseRule
from forum.kernel.actor import Role
from forum.kernel.clock import now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import NotFound
from forum.moderation import appeals, policy, queries, service
from forum.moderation.errors import (
    AlreadyDecided,
    OwnPostDecided,
    PauseRefused,
    PostChangedMeanwhile,
)
from forum.moderation.forms import (
    AppealForm,
    Chosen,
    DecisionForm,
    JudgeForm,
    QueueForm,
    RestoreForm,
    SavedViewForm,
    read_shown,
)
from forum.moderation.queue_page import post_in_place, read_dossier, read_queue
from forum.moderation.rules import (
    UPHOLDING,
    AppealState,
    DecisionKind,
    FlagReason,
    QueueFilter,
    likely_rule,
)
from forum.moderation.saved_views import drop_view as drop_own_view
from forum.moderation.saved_views import save_view as save_own_view
from forum.moderation.service import Judgement
from forum.moderation.sign_queries import count_to_look_at
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only
from forum.web.templating import current_site
from forum.web.times import show_moment

queue_pages = Blueprint("queue", __name__, url_prefix="/beheer")


def appeal_term() -> timedelta:
    """Return how long an author can object, and how long the other party has to judge that."""
    return timedelta(days=current_app.config["SETTINGS"].appeal_days)


def _topic() -> int | None:
    return request.args.get("onderwerp", type=int)


def _wanted() -> QueueFilter:
    reason = request.args.get("reden", "")
    return QueueFilter(_topic(), FlagReason(reason) if reason in set(FlagReason) else None)


def queue_path(wanted: QueueFilter) -> str:
    """Return the address of a list of flagged posts."""
    return url_for("queue.show_queue", onderwerp=wanted.topic_id, reden=wanted.reason)


def _before() -> int | None:
    return request.args.get("voor", type=int)


def list_counts() -> Mapping[str, int]:
    """Return how much waits in each of the lists of a moderator."""
    return {
        "flagged": queries.count_flagged(),
        "to_look_at": count_to_look_at(),
        "appeals": queries.count_open_appeals(),
    }


@queue_pages.get("/meldingen")
@staff_only(Role.MODERATOR)
def show_queue() -> ResponseReturnValue:
    """Show the posts that were flagged, those with aggression first, then the ones that wait longest."""
    return _queue_page(SavedViewForm(formdata=None), status=200)


def _queue_page(saving: SavedViewForm, *, status: int) -> ResponseReturnValue:
    wanted, page, member_id = (
        _wanted(),
        request.args.get("pagina", 1, type=int),
        current_actor().member_id or 0,
    )
    topics = queries.list_flagged_topics()
    titles = queries.titles_of([topic for topic, _ in topics])
    pages = max(1, -(-queries.count_flagged(wanted) // queries.PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = render_template(
        "moderation/queue.html",
        queued=read_queue(wanted, page, member_id, current_site()),
        topics=[(topic, titles[topic], count) for topic, count in topics],
        reasons=queries.count_flagged_by_reason(),
        wanted=wanted,
        page=page,
        pages=pages,
        rules=list(HouseRule),
        form=QueueForm(formdata=None),
        views=[(view, queue_path(view.shows)) for view in queries.list_saved_views(member_id)],
        saving=saving,
        counts=list_counts(),
    )
    return shown, status


@queue_pages.post("/meldingen/weergaven")
@staff_only(Role.MODERATOR)
def save_view() -> ResponseReturnValue:
    """Keep the list that is shown under a name."""
    form = SavedViewForm()
    if not form.validate():
        return _queue_page(form, status=422)
    with unit_of_work():
        view = save_own_view(form.name.data or "", form.shows(), current_actor())
        path = queue_path(view.shows)
    flash(say("view-kept"))
    return redirect(path)


@queue_pages.get("/meldingen/weergaven")
@staff_only(Role.MODERATOR)
def return_to_queue() -> ResponseReturnValue:
    """Lead back to the list of which a name was refused."""
    return redirect(queue_path(_wanted()))


@queue_pages.post("/meldingen/weergaven/<int:view_id>/weg")
@staff_only(Role.MODERATOR)
def drop_view(view_id: int) -> ResponseReturnValue:
    """Forget a list."""
    with unit_of_work():
        drop_own_view(view_id, current_actor())
    flash(say("view-dropped"))
    return redirect(url_for("queue.show_queue"))


@queue_pages.post("/meldingen/besluiten")
@staff_only(Role.MODERATOR)
def decide_many() -> ResponseReturnValue:
    """Decide on one post by its own button, or on all that were chosen; each stands or fails alone."""
    form = QueueForm.from_request()
    kind, chosen = form.wish()
    back = redirect(queue_path(_wanted()))
    if kind is None or not chosen:
        flash(say("choose-posts-first" if kind else "decision-kind-required"), "error")
        return back
    kept = sum(_decide_quickly(one, kind) for one in chosen)
    if kept:
        flash(say("decision-kept") if kept == 1 else say("decisions-kept", count=kept))
    if kept < len(chosen):
        skipped = len(chosen) - kept
        flash(say("decision-skipped") if skipped == 1 else say("decisions-skipped", count=skipped), "error")
    return back


def _decide_quickly(one: Chosen, kind: DecisionKind) -> bool:
    """Decide by the rule of the list, else the one that members name most; tell whether that was possible."""
    at, rule = now(), _rule_in_list(one.post_id)
    if kind in UPHOLDING and rule is None:
        return False
    try:
        with unit_of_work():
            post = queries.get_post_in_place(one.post_id)
            judgement = Judgement(kind, rule)
            service.decide(post, judgement, one.shown, current_actor(), term=appeal_term(), at=at)
    except (AlreadyDecided, PostChangedMeanwhile, PostGone, OwnPostDecided, NotFound):
        return False
    return True


def _rule_in_list(post_id: int) -> HouseRule | None:
    typed = request.form.get(f"rule-{post_id}", "")
    if typed in set(HouseRule):
        return HouseRule(typed)
    return likely_rule(flag.reason for flag in queries.list_open_flags(post_id))


@queue_pages.route("/meldingen/<int:post_id>", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def decide_post(post_id: int) -> ResponseReturnValue:
    """Show all about one post and decide on it, whether somebody flagged it or not."""
    form = DecisionForm()
    if request.method == "GET":
        return _dossier_page(post_id, None, "", status=200)
    if not form.validate():
        return _dossier_page(post_id, form, "", status=422)
    try:
        with unit_of_work():
            post, shown = queries.get_post_in_place(post_id), read_shown(form.shown.data or "")
            decision = service.decide(
                post, form.judgement(), shown, current_actor(), term=appeal_term(), at=now()
            )
            decision_id = decision.id
    except AlreadyDecided as error:
        return _dossier_page(post_id, form, told_already(error), status=error.status)
    except (PostChangedMeanwhile, PauseRefused) as error:
        return _dossier_page(post_id, form, say(error.code), status=error.status)
    flash(say("decision-kept"))
    if queries.count_flagged():
        return redirect(url_for("queue.show_queue"))
    return redirect(url_for("queue.show_decision", decision_id=decision_id))


def told_already(error: AlreadyDecided) -> str:
    """Return in words who decided what, and when."""
    details = error.details
    return say(
        error.code,
        name=details["name"],
        decided=say(f"done-{details['kind']}").lower(),
        moment=show_moment(details["at"]),  # type: ignore[arg-type]
    )


def _dossier_page(
    post_id: int, form: DecisionForm | None, refusal: str, *, status: int
) -> ResponseReturnValue:
    """Show a post to decide on, with the form as it was sent; what is shown now counts from now on."""
    dossier = read_dossier(post_id, current_site(), at=now())
    post = dossier.place.post
    if form is None:
        rule = likely_rule(flag.reason for flag in dossier.flags)
        form = DecisionForm(formdata=None, rule=rule.value if rule else "")
    form.shown.data = dossier.shown
    page = render_template(
        "moderation/decide.html",
        dossier=dossier,
        form=form,
        refusal=refusal,
        is_own=current_actor().member_id in (post.author_id, post.entered_by_id),
        may_pause=policy.can_pause_author(post.author.as_actor(now())),
    )
    return page, status


@queue_pages.get("/besluiten")
@staff_only(Role.MODERATOR)
def list_decisions() -> ResponseReturnValue:
    """Show what was decided, newest first."""
    decisions = queries.list_decisions(_topic(), _before())
    return render_template(
        "moderation/decisions.html",
        decisions=decisions,
        next_before=decisions[-1].id if len(decisions) == queries.PAGE_SIZE else None,
        topic_id=_topic(),
        counts=list_counts(),
    )


@queue_pages.route("/besluiten/<int:decision_id>", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def show_decision(decision_id: int) -> ResponseReturnValue:
    """Show one decision, and take it back."""
    form = RestoreForm()
    if form.validate_on_submit():
        with unit_of_work():
            decision = queries.get_decision(decision_id)
            service.restore(decision, form.reason.data or "", current_actor(), at=now())
        flash(say("restored"))
        return redirect(url_for("queue.show_decision", decision_id=decision_id))
    decision, actor = queries.get_decision(decision_id), current_actor()
    is_standing = decision.appeal_until is not None and decision.reverted_at is None
    page = render_template(
        "moderation/decision.html",
        decision=decision,
        place=post_in_place(decision.post, current_site()),
        form=form,
        may_restore=is_standing and policy.can_restore(actor, decision.party, decision.author_id),
        may_enter_appeal=appeals.can_still_appeal(decision, at=now())
        and policy.can_enter_appeal(actor, decision.author_id),
    )
    return page, form.status


@queue_pages.route("/besluiten/<int:decision_id>/bezwaar", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def enter_appeal(decision_id: int) -> ResponseReturnValue:
    """Enter the objection of somebody who phoned or wrote."""
    form, decision = AppealForm(), queries.get_decision(decision_id)
    if not policy.can_enter_appeal(current_actor(), decision.author_id):
        raise NotFound(decision_id=decision_id)
    if not form.validate_on_submit():
        page = render_template(
            "moderation/enter_appeal.html",
            decision=decision,
            place=post_in_place(decision.post, current_site()),
            form=form,
        )
        return page, form.status
    with unit_of_work():
        decision = queries.get_decision(decision_id)
        appeals.make_appeal(decision, form.words.data or "", current_actor(), term=appeal_term(), at=now())
    flash(say("appeal-entered"))
    return redirect(url_for("queue.show_decision", decision_id=decision_id))


@queue_pages.get("/bezwaren")
@staff_only(Role.MODERATOR)
def list_appeals() -> ResponseReturnValue:
    """Show the objections that wait, and those that were judged."""
    judged = queries.list_appeals(_before(), only_open=False)
    return render_template(
        "moderation/appeals.html",
        waiting=queries.list_appeals(None, only_open=True),
        judged=judged,
        next_before=judged[-1].id if len(judged) == queries.PAGE_SIZE else None,
        at=now(),
        counts=list_counts(),
    )


@queue_pages.route("/bezwaren/<int:appeal_id>", methods=["GET", "POST"])
@staff_only(Role.MODERATOR)
def judge_appeal(appeal_id: int) -> ResponseReturnValue:
    """Show an objection, and judge it when one is of the other party."""
    form = JudgeForm()
    if form.validate_on_submit():
        with unit_of_work():
            appeal = queries.get_appeal(appeal_id)
            outcome = AppealState(form.outcome.data)
            appeals.judge_appeal(appeal, outcome, form.reason.data or "", current_actor(), at=now())
        flash(say("appeal-judged"))
        return redirect(url_for("queue.judge_appeal", appeal_id=appeal_id))
    appeal, actor = queries.get_appeal(appeal_id), current_actor()
    decision = appeal.decision
    page = render_template(
        "moderation/judge.html",
        appeal=appeal,
        decision=decision,
        place=post_in_place(decision.post, current_site()),
        form=form,
        is_open=appeal.state is AppealState.OPEN,
        may_judge=policy.can_decide_appeal(actor, decision.party, decision.author_id),
    )
    return page, form.status
