"""The phases of a thread as its page shows them, in their order."""

from collections.abc import Sequence
from datetime import timedelta

from forum.discussion.heads import ThreadHead
from forum.discussion.rules import Phase
from forum.kernel.clock import local_day
from forum.texts.catalogue import say
from forum.web.times import show_day


def phase_steps(thread: ThreadHead, phase: Phase) -> Sequence[dict[str, str]]:
    """Return the timeline: each phase with its moment and whether it is done, now or next."""
    moments = {
        Phase.PLANNED: "",
        Phase.OPEN: say("from-to", last=show_day(thread.closes_at)),
        Phase.PANEL: _panel_moment(thread),
        Phase.ANSWER: show_day(thread.answering_at) if thread.answering_at else "",
        Phase.CLOSED: show_day(thread.closed_at) if thread.closed_at else "",
    }
    phases = list(Phase)
    here = phases.index(phase)
    return [
        {
            "label": say(f"phase-{step}"),
            "moment": moments[step],
            "state": "done" if place < here else "now" if place == here else "next",
        }
        for place, step in enumerate(phases)
    ]


def _panel_moment(thread: ThreadHead) -> str:
    """Return from which day a panel can meet: the one after the debate, unless all was closed by then."""
    first_day = local_day(thread.closes_at) + timedelta(days=1)
    if thread.closed_at is not None and local_day(thread.closed_at) < first_day:
        return ""
    return say("from-day", day=show_day(first_day))
