"""What panels asked of somebody keeps them out of the next one, and out of no refill of their own."""

from datetime import timedelta

import pytest

from forum.discussion.queries import get_thread
from forum.invitations import service
from forum.invitations.burdens import burdens_of_invitations
from forum.invitations.models import Invitation
from forum.invitations.rules import AnswerSource, Rsvp
from forum.kernel.actor import SYSTEM, VISITOR, Party
from forum.kernel.database import db
from forum.panels import choosing
from forum.panels.burden_rules import YEAR, Burden, RestRules
from forum.panels.burdens import register_burden_source
from forum.panels.dossier import EntryKind
from forum.panels.dossier_replay import replay
from forum.panels.entries import load_dossier
from forum.panels.models import Panel
from forum.panels.own_outcome import outcome_lines
from forum.panels.queries import find_candidate, get_panel
from forum.panels.result_queries import get_result
from forum.panels.rules import FillingMode, PanelState
from forum.panels.service import change_rest
from tests.support.panels import (
    MEETING,
    OVER,
    make_invited_panel,
    make_moderator,
    make_panel,
)

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
AFTER = MEETING + 40 * DAY


@pytest.fixture(autouse=True)
def _invitations_are_known() -> None:
    """Do what loading the pages of invitations does."""
    register_burden_source(burdens_of_invitations)


def invited(thread_people: int = 12) -> tuple[Panel, list[Invitation]]:
    """Return a panel of four that was invited: two said yes, one no."""
    panel, rows = make_invited_panel(thread_people)
    for row, rsvp in zip(rows, (Rsvp.ACCEPTED, Rsvp.ACCEPTED, Rsvp.DECLINED), strict=False):
        service.answer(row, rsvp, AnswerSource.LINK, VISITOR, at=OVER + DAY)
    db.session.commit()
    return get_panel(panel.id), rows


def select_anew(
    panel: Panel, *, rest: RestRules | None = None, mode: FillingMode = FillingMode.QUOTA_TOP
) -> Panel:
    """Return another panel on the same topic, selected when the first one has met."""
    thread_id = panel.topic_id
    assert thread_id is not None
    other = make_panel(get_thread(thread_id), seats=2, mode=mode, quotas=False)
    if rest:
        change_rest(other, rest, make_moderator(), at=AFTER)
    choosing.commit_panel(other, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=AFTER)
    choosing.reveal_and_select(other, "1", make_moderator(), at=AFTER)
    db.session.commit()
    return get_panel(other.id)


def excluded(panel: Panel) -> dict[str, str]:
    return load_dossier(panel).bodies(EntryKind.ROUND)[-1]["excluded"]  # type: ignore[return-value]


def test_the_burden_of_everybody_who_was_invited() -> None:
    panel, (yes, _, no, silent) = invited()

    burdens = burdens_of_invitations(at=AFTER, except_panel_id=None)
    later = burdens_of_invitations(at=AFTER + YEAR, except_panel_id=None)

    ends = MEETING + timedelta(hours=2)
    assert burdens[yes.member_id] == Burden(invitations=1, minutes=120, sits_until=ends)
    assert burdens[no.member_id] == burdens[silent.member_id] == Burden(invitations=1)
    assert later[yes.member_id] == Burden(sits_until=ends)
    assert burdens_of_invitations(at=AFTER, except_panel_id=panel.id) == {}
    panel.state = PanelState.CANCELLED
    db.session.flush()
    assert burdens_of_invitations(at=AFTER, except_panel_id=None)[yes.member_id] == Burden(invitations=1)


def test_who_sat_rests_and_reads_why_and_the_dossier_says_by_which_rule() -> None:
    panel, (yes, also, *_) = invited()

    other = select_anew(panel)

    resting = [find_candidate(other.id, row.member_id) for row in (yes, also)]
    assert {key for key, code in excluded(other).items() if code == "recent_panel"} == {
        candidate.pseudonym for candidate in resting if candidate
    }
    committed = load_dossier(other).bodies(EntryKind.COMMITTED)[-1]["policy"]
    assert committed["rest"] == {"months_after_panel": 6, "invitations_most": 4, "hours_most": 24}  # type: ignore[index]
    assert replay(load_dossier(other).as_document()).agrees
    candidate = find_candidate(other.id, yes.member_id)
    assert candidate is not None
    frozen = load_dossier(other).bodies(EntryKind.FROZEN)[-1]["snapshot"]
    lines = outcome_lines(frozen, get_result(other), candidate)  # type: ignore[arg-type]
    assert lines[0] == "U deed niet mee met de keuze."
    assert "Nu is een ander aan de beurt." in lines[1]


@pytest.mark.parametrize(
    ("rest", "codes"),
    [
        pytest.param(RestRules(None, 1, None), {"many_invitations"}, id="invitations"),
        pytest.param(RestRules(None, None, 2), {"many_hours"}, id="hours"),
        pytest.param(RestRules(1, None, None), set(), id="a rest that is over"),
        pytest.param(RestRules(None, None, None), set(), id="no limits"),
    ],
)
def test_the_rules_of_the_panel_decide(rest: RestRules, codes: set[str]) -> None:
    other = select_anew(invited()[0], rest=rest)

    told = set(excluded(other).values()) & {"recent_panel", "many_invitations", "many_hours"}
    assert told == codes


def test_a_panel_for_everybody_leaves_nobody_out() -> None:
    other = select_anew(invited()[0], mode=FillingMode.EVERYONE)

    assert "recent_panel" not in excluded(other).values()


def test_a_refill_keeps_who_sits_and_a_rest_that_ended_lets_nobody_in_halfway() -> None:
    panel, _ = invited()
    other = select_anew(panel)
    for party in Party:
        sha256 = get_result(other)["audit"]["result_sha256"]
        choosing.confirm_selection(other, sha256, make_moderator(party), at=AFTER)
    first = excluded(other)
    gone, *sitting = get_result(other)["panel"]

    choosing.refill_panel(other, sitting=sitting, left={gone: "declined"}, actor=SYSTEM, at=AFTER + 400 * DAY)

    assert first.items() <= excluded(other).items()
    assert set(sitting) <= set(get_result(other)["panel"])
    assert replay(load_dossier(other).as_document()).agrees
