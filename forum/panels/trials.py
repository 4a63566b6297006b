"""Trial runs of a selection: with a test seed, listed in the dossier, and never a reason to invite."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.panels.candidates import barred_now
from forum.panels.dossier import Dossier, EntryKind, frozen_request, record_trial
from forum.panels.entries import list_trial_facts, load_dossier, save_new_entries
from forum.panels.errors import TooManyTrials
from forum.panels.models import Panel
from forum.panels.rules import PanelState
from forum.panels.selection import Status, select_document
from forum.panels.selection_canonical import FIELD_SEPARATOR
from forum.panels.service import lock_to_prepare

TRIALS_MOST = 20
TRIAL_PURPOSE = "huurderspanel-trial-v1"


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one trial run."""

    number: int
    at: datetime
    is_possible: bool


def run_trial(panel: Panel, number: int, actor: Actor, *, at: datetime) -> None:
    """Select with a test seed and list it; a number that was run before is not run again.

    Raises:
        Forbidden: the actor is no moderator.
        WrongPanelState: the candidates are not fixed yet, or the run that counts was done.
        TooManyTrials: nobody may go on trying for ever.
    """
    lock_to_prepare(panel, actor, PanelState.COMMITTED)
    before = load_dossier(panel)
    done = len(before.bodies(EntryKind.TRIAL))
    if number <= done:
        return
    if done >= TRIALS_MOST:
        raise TooManyTrials(most=TRIALS_MOST)
    request = {
        **frozen_request(before),
        "seed": _test_seed(before, done + 1),
        "fixed": [],
        "excluded": barred_now(panel, at),
    }
    result = select_document(request).as_document()
    save_new_entries(panel, before, record_trial(before, request, result, at=at))
    audit.record(actor, "panel.trial", panel_id=panel.id, number=done + 1, status=result["status"], at=at)


def list_trials(panel: Panel) -> Sequence[Trial]:
    """Return the trial runs of a panel, oldest first."""
    return [
        Trial(number, datetime.fromisoformat(at), status == Status.OK)
        for number, (at, status) in enumerate(list_trial_facts(panel), start=1)
    ]


def _test_seed(dossier: Dossier, number: int) -> str:
    """Return a seed that anybody can make again, and that no secret goes into."""
    snapshot = str(dossier.bodies(EntryKind.FROZEN)[-1]["snapshot_sha256"])
    return hashlib.sha256(FIELD_SEPARATOR.join((TRIAL_PURPOSE, snapshot, str(number))).encode()).hexdigest()
