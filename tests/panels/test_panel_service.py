"""Preparing, choosing and confirming a panel, on a real database."""

import json
from functools import partial

import pytest
from flask import Flask

from forum.activity.queries import find_snapshot
from forum.kernel.actor import Party
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.members.models import MemberState
from forum.members.service import object_to_scoring
from forum.panels import choosing, service
from forum.panels.candidates import pseudonym
from forum.panels.dossier import EntryKind
from forum.panels.dossier_replay import replay
from forum.panels.entries import find_last, load_dossier
from forum.panels.errors import (
    AlreadyConfirmed,
    DebateNotOver,
    ListChanged,
    NoCandidates,
    QuotasRefused,
    UnknownCandidate,
    WrongPanelState,
)
from forum.panels.queries import count_register, find_candidate, get_panel, names_of_candidates
from forum.panels.result_queries import find_result, get_result, signed_by
from forum.panels.rules import EVERYWHERE, Category, ChangeKind, ChangeReason, FillingMode, PanelState
from tests.support.cast import T0, actor_of, make_tenant, make_thread
from tests.support.panels import (
    OVER,
    PLAN,
    make_confirmed_panel,
    make_debate,
    make_moderator,
    make_panel,
    make_proposed_panel,
)
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")


def test_only_a_moderator_makes_a_panel() -> None:
    thread = make_thread()

    with pytest.raises(Forbidden):
        service.create_panel(thread, PLAN, [], actor_of(make_tenant()), at=OVER)


@pytest.mark.parametrize(
    "quotas",
    [
        pytest.param([("age", "65+", 3, 2)], id="least above most"),
        pytest.param([(name, "x", 0, 1) for name in "abcde"], id="five categories"),
    ],
)
def test_quotas_that_contradict_themselves_are_refused(quotas: list[tuple[str, str, int, int]]) -> None:
    with pytest.raises(QuotasRefused):
        service.create_panel(make_thread(), PLAN, quotas, make_moderator(), at=OVER)


def test_the_list_cannot_be_fixed_while_the_debate_goes_on() -> None:
    thread, _ = make_debate(4)
    panel = make_panel(thread)

    with pytest.raises(DebateNotOver):
        choosing.commit_panel(panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=T0)


def test_a_topic_nobody_took_part_in_has_no_candidates() -> None:
    panel = make_panel(make_thread())

    with pytest.raises(NoCandidates):
        choosing.commit_panel(panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)


def test_the_selection_keeps_the_quotas_and_explains_everybody() -> None:
    thread, tenants = make_debate()
    panel = make_proposed_panel(thread)

    result = find_result(panel)

    assert result is not None
    assert result["status"] == "ok"
    assert len(result["panel"]) == panel.seats
    assert len(result["outcomes"]) == len(tenants)
    assert all(row["min"] <= row["selected"] <= row["max"] for row in result["quota_table"])
    assert panel.state is PanelState.PROPOSED
    assert find_snapshot(thread.topic_id) is not None


def test_the_dossier_holds_no_person_and_replays_elsewhere() -> None:
    thread, tenants = make_debate()
    panel = make_confirmed_panel(thread)

    document = json.loads(json.dumps(load_dossier(panel).as_document()))

    written = json.dumps(document)
    assert replay(document).agrees
    assert not any(tenant.display_name in written for tenant in tenants)
    assert [body["party"] for body in load_dossier(panel).bodies(EntryKind.SIGNED)] == ["tenants", "landlord"]


def test_a_changed_score_in_the_dossier_is_found() -> None:
    panel = make_confirmed_panel(make_debate()[0])
    document = json.loads(json.dumps(load_dossier(panel).as_document()))

    document["entries"][0]["body"]["snapshot"]["candidates"][0]["score"] += 1

    assert not replay(document).agrees


def test_the_revealed_secret_does_not_undo_the_pseudonyms() -> None:
    thread, tenants = make_debate()
    panel = make_proposed_panel(thread)

    reveal = find_last(panel, EntryKind.REVEALED)
    candidate = find_candidate(panel.id, tenants[0].id)
    assert reveal is not None
    assert candidate is not None
    assert panel.pseudonym_key != reveal["secret_hex"]
    assert candidate.pseudonym != pseudonym(reveal["secret_hex"], "member", tenants[0].id)


def test_one_run_counts() -> None:
    panel = make_proposed_panel(make_debate()[0])

    with pytest.raises(WrongPanelState):
        choosing.reveal_and_select(panel, "271828", make_moderator(), at=OVER)
    with pytest.raises(WrongPanelState):
        choosing.commit_panel(
            panel, "een ander getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER
        )


def test_impossible_quotas_give_a_diagnosis_and_no_panel() -> None:
    thread, _ = make_debate()
    panel = service.create_panel(thread, PLAN, [("district", "Oost", 2, 3)], make_moderator(), at=OVER)
    choosing.commit_panel(panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)

    result = choosing.reveal_and_select(panel, "1", make_moderator(), at=OVER)

    assert result["status"] == "infeasible"
    assert result["diagnosis"]["shortages"][0]["value"] == "Oost"
    assert panel.state is PanelState.INFEASIBLE


def test_who_objected_or_left_after_the_freeze_is_not_chosen() -> None:
    thread, tenants = make_debate()
    panel = make_panel(thread)
    choosing.commit_panel(panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)
    object_to_scoring(tenants[0], at=OVER)
    tenants[1].state = MemberState.GONE
    db.session.commit()

    result = choosing.reveal_and_select(panel, "1", make_moderator(), at=OVER)

    codes = {
        member.id: result["outcomes"][key]["code"]
        for key, member in names_of_candidates(panel, list(result["outcomes"])).items()
    }
    assert codes[tenants[0].id] == "not_eligible_opted_out"
    assert codes[tenants[1].id] == "not_eligible_suspended"


def test_everyone_invites_all_tenants_of_the_register() -> None:
    thread, tenants = make_debate(4)
    quiet = make_tenant()
    panel = make_panel(thread, mode=FillingMode.EVERYONE, quotas=False)
    choosing.commit_panel(panel, "geen", make_moderator(), keys=choosing.PanelKeys.fresh(), at=T0)

    result = choosing.reveal_and_select(panel, "geen", make_moderator(), at=T0)

    members = names_of_candidates(panel, result["panel"]).values()
    assert {member.id for member in members} == {tenant.id for tenant in (*tenants, quiet)}


def test_a_home_without_complex_counts_in_its_district() -> None:
    thread, tenants = make_debate(4)
    home = tenants[0].household
    assert home is not None
    assert home.complex is not None
    home.district_id, home.complex = home.complex.district_id, None
    db.session.commit()

    counted = count_register(Category.DISTRICT, EVERYWHERE, at=OVER)
    panel = make_proposed_panel(thread)
    frozen = find_last(panel, EntryKind.FROZEN)

    assert dict(counted) == {"Haven": 2, "Noord": 2}
    assert sum(count_register(Category.COMPLEX, EVERYWHERE, at=OVER).values()) == 3
    assert frozen is not None
    assert sorted(row["attrs"]["district"] for row in frozen["snapshot"]["candidates"]) == [
        "Haven",
        "Haven",
        "Noord",
        "Noord",
    ]


def test_both_parties_confirm_by_name_and_only_then_it_is_confirmed() -> None:
    panel = make_proposed_panel(make_debate()[0])
    shown = find_result(panel)["audit"]["result_sha256"]  # type: ignore[index]
    tenants, landlord = make_moderator(Party.TENANTS), make_moderator(Party.LANDLORD)

    choosing.confirm_selection(panel, shown, tenants, at=OVER)
    after_one = panel.state
    with pytest.raises(AlreadyConfirmed):
        choosing.confirm_selection(panel, shown, tenants, at=OVER)
    choosing.confirm_selection(panel, shown, landlord, at=OVER)

    assert (after_one, panel.state) == (PanelState.PROPOSED, PanelState.CONFIRMED)


def test_a_change_needs_a_reason_solves_again_and_drops_the_confirmations() -> None:
    panel = make_proposed_panel(make_debate()[0])
    before = find_result(panel)
    assert before is not None
    choosing.confirm_selection(
        panel, before["audit"]["result_sha256"], make_moderator(Party.TENANTS), at=OVER
    )

    removed = before["panel"][0]
    after = choosing.change_selection(
        panel,
        ChangeKind.REMOVE,
        removed,
        make_moderator(Party.LANDLORD),
        why=ChangeReason.MOVED,
        words="Is vorige week verhuisd.",
        at=OVER,
    )

    assert removed not in after["panel"]
    assert after["outcomes"][removed]["code"] == "not_eligible_moved"
    assert signed_by(panel) == frozenset()
    with pytest.raises(ListChanged):
        choosing.confirm_selection(panel, before["audit"]["result_sha256"], make_moderator(), at=OVER)
    assert replay(load_dossier(panel).as_document()).agrees


def test_somebody_taken_off_can_be_put_on_again_and_the_dossier_replays() -> None:
    panel = make_proposed_panel(make_debate()[0])
    person = get_result(panel)["panel"][0]
    change = partial(
        choosing.change_selection, panel, why=ChangeReason.OTHER, words="Een vergissing.", at=OVER
    )

    change(ChangeKind.REMOVE, person, make_moderator())
    result = change(ChangeKind.ADD, person, make_moderator())

    assert person in result["panel"]
    assert replay(load_dossier(panel).as_document()).agrees


def test_somebody_put_on_the_list_stays_through_the_next_change() -> None:
    panel = make_proposed_panel(make_debate()[0])
    before = find_result(panel)
    assert before is not None
    outside = next(key for key in before["outcomes"] if key not in before["panel"])
    change = partial(
        choosing.change_selection, panel, why=ChangeReason.OTHER, words="Kent het gebouw.", at=OVER
    )

    added = change(ChangeKind.ADD, outside, make_moderator())
    removed = change(
        ChangeKind.REMOVE, next(key for key in added["panel"] if key != outside), make_moderator()
    )

    assert outside in added["panel"]
    assert outside in removed["panel"]


def test_a_change_of_an_unknown_person_is_refused() -> None:
    panel = make_proposed_panel(make_debate()[0])

    with pytest.raises(UnknownCandidate):
        choosing.change_selection(
            panel, ChangeKind.REMOVE, "m-nobody", make_moderator(), why=ChangeReason.OTHER, words="x", at=OVER
        )


def test_two_parties_that_confirm_at_once_confirm_the_panel(database: Flask) -> None:
    panel = make_proposed_panel(make_debate(6)[0])
    shown = find_result(panel)["audit"]["result_sha256"]  # type: ignore[index]
    panel_id, actors = panel.id, [make_moderator(party) for party in Party]
    db.session.rollback()

    def confirm(place: int) -> None:
        with unit_of_work():
            choosing.confirm_selection(get_panel(panel_id), shown, actors[place], at=OVER)

    raised = at_once(database, [partial(confirm, place) for place in range(2)])

    assert raised == [None, None]
    assert get_panel(panel_id).state is PanelState.CONFIRMED
    assert signed_by(get_panel(panel_id)) == frozenset(Party)


def test_two_moderators_who_choose_at_once_make_one_run(database: Flask) -> None:
    panel = make_panel(make_debate(6)[0])
    choosing.commit_panel(panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=OVER)
    db.session.commit()
    panel_id, actors = panel.id, [make_moderator(party) for party in Party]
    db.session.rollback()

    def select(place: int) -> None:
        with unit_of_work():
            choosing.reveal_and_select(get_panel(panel_id), str(place), actors[place], at=OVER)

    raised = at_once(database, [partial(select, place) for place in range(2)])

    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "WrongPanelState"]
    assert len(load_dossier(get_panel(panel_id)).bodies(EntryKind.ROUND)) == 1
