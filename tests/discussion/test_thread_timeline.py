"""The timeline of a thread: what stands beside each phase."""

from datetime import UTC, datetime

import pytest

from forum.discussion.heads import get_thread_head
from forum.discussion.rules import Phase
from forum.discussion.timeline import phase_steps
from forum.kernel.database import db
from tests.support.cast import make_thread

LAST_SECOND = datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)
"""Of 29 March in Amsterdam, where summer time began that night."""


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("closed_at", "moment"),
    [
        pytest.param(None, "vanaf 30 maart 2026", id="the day after the last day"),
        pytest.param(datetime(2026, 6, 1, tzinfo=UTC), "vanaf 30 maart 2026", id="closed later"),
        pytest.param(LAST_SECOND, "", id="closed with the debate, so there was no panel"),
    ],
)
def test_the_panel_phase_begins_after_the_last_day_of_the_debate(
    closed_at: datetime | None, moment: str
) -> None:
    thread = make_thread()
    thread.closes_at, thread.closed_at = LAST_SECOND, closed_at
    db.session.commit()

    steps = {
        step["label"]: step["moment"] for step in phase_steps(get_thread_head(thread.topic_id), Phase.PANEL)
    }

    assert steps["Open"] == "tot en met 29 maart 2026"
    assert steps["Panel"] == moment
