"""The page on which a published recommendation is taken back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.kernel.clock import local_day, now
from forum.kernel.database import unit_of_work
from forum.kernel.errors import Forbidden
from forum.outcomes import policy, queries, withdrawing
from forum.outcomes.drafting_views import WRITERS
from forum.outcomes.forms import WithdrawForm
from forum.outcomes.logbook import log_entries
from forum.outcomes.models import Recommendation
from forum.texts.catalogue import say
from forum.web.access import current_actor, staff_only

withdrawing_pages = Blueprint("withdrawing", __name__)


@withdrawing_pages.route("/adviezen/<int:recommendation_id>/intrekken", methods=["GET", "POST"])
@staff_only(*WRITERS)
def withdraw(recommendation_id: int) -> ResponseReturnValue:
    """Take a published recommendation back, with the reason that everybody reads."""
    row = _to_withdraw(recommendation_id)
    form = WithdrawForm().offer(
        [other for other in queries.list_standing(row.thread_id) if other.id != row.id]
    )
    if not form.validate_on_submit():
        [entry] = log_entries([row], local_day(now()))
        return render_template("outcomes/withdraw.html", entry=entry, form=form), form.status
    with unit_of_work():
        row = queries.get_published(recommendation_id)
        withdrawing.withdraw_recommendation(row, form.to_withdrawal(), current_actor(), at=now())
        back = url_for("outcomes.show_logbook", topic_id=row.thread_id) + f"#advies-{row.number}"
    flash(say("recommendation-withdrawn-now"))
    return redirect(back)


def _to_withdraw(recommendation_id: int) -> Recommendation:
    """Return a published recommendation, to who may take it back.

    Raises:
        NotFound: there is none.
        Forbidden: the actor may not.
    """
    row = queries.get_published(recommendation_id)
    coordinator_id = row.panel.coordinator_id if row.panel else None
    if not policy.can_withdraw_recommendation(current_actor(), coordinator_id):
        raise Forbidden(action="withdraw-recommendation", recommendation_id=row.id)
    return row
