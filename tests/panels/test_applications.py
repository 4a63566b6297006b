"""Applying for a seat, a committee that rates without names, the choice, and what is forgotten."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask

from forum.invitations.rules import AnswerSource, InvitationState, Rsvp
from forum.invitations.service import answer, invite_panel
from forum.kernel.actor import Role
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden, NotFound
from forum.members.queries import get_member
from forum.notifications.models import Notification
from forum.panels import applying, choosing, guests, rating
from forum.panels.application_queries import find_application, list_untold_applications
from forum.panels.application_rules import ApplicationSource, is_rated, mean_cp, without_names
from forum.panels.applying import ApplicationText
from forum.panels.dossier_replay import replay
from forum.panels.entries import load_dossier
from forum.panels.errors import (
    ApplicationsClosed,
    GuestRefused,
    MarksRefused,
    RatingsMissing,
    RatingsNotOpen,
    UnknownGroup,
)
from forum.panels.life_queries import open_guest_link
from forum.panels.life_rules import GuestKind
from forum.panels.models import Application, ApplicationRating
from forum.panels.own_outcome import outcome_lines
from forum.panels.queries import find_candidate, get_panel, names_of_candidates
from forum.panels.rating_queries import list_for_rater
from forum.panels.result_queries import get_result
from forum.panels.rules import PanelState
from tests.support.cast import actor_of, make_household, make_staff, make_tenant
from tests.support.panel_forms import (
    AFTER,
    CLOSES,
    OPENS,
    TEXT,
    WHILE_OPEN,
    confirm,
    make_application,
    make_council,
    make_rater,
    rate_all,
)
from tests.support.panels import make_moderator
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")
SENT = ApplicationText("Flat", TEXT, "Ik kan goed luisteren.")


@pytest.mark.parametrize(
    ("ratings", "mean"),
    [
        pytest.param([[71, 72]], 7150, id="one rater, half a point"),
        pytest.param([[100, 100], [0, 1]], 5025, id="two raters"),
        pytest.param([[33, 33, 34]], 3333, id="floor"),
        pytest.param([[0]], 0, id="nothing"),
    ],
)
def test_the_score_is_the_mean_of_all_marks(ratings: list[list[int]], mean: int) -> None:
    assert mean_cp(ratings) == mean


def test_ratings_are_whole_when_each_rater_rated_each() -> None:
    assert is_rated([1, 2], {1: [7, 8], 2: [8, 7, 9]}, [7, 8])
    assert not is_rated([1, 2], {1: [7, 8], 2: [7]}, [7, 8])
    assert not is_rated([1], {1: [7]}, [7])


def test_names_are_taken_out_of_what_somebody_wrote() -> None:
    text = without_names("Ik ben Jan de Vries. JAN woont hier; januari ook.", ["Jan de Vries"], "[naam]")

    assert text == "Ik ben [naam] de [naam]. [naam] woont hier; januari ook."
    assert without_names("Al goed.", ["Al"], "[naam]") == "Al goed."


@pytest.mark.parametrize("at", [OPENS - timedelta(seconds=1), CLOSES + timedelta(seconds=1)])
def test_nobody_applies_outside_the_period(at: datetime) -> None:
    panel, tenant = make_council(), make_tenant()

    with pytest.raises(ApplicationsClosed):
        applying.apply_for_seat(panel, tenant, SENT, ApplicationSource.ACCOUNT, actor_of(tenant), at=at)


def test_who_may_apply() -> None:
    panel, tenant, staff = make_council(), make_tenant(), make_staff(Role.ADMIN)
    apply = partial(applying.apply_for_seat, panel, at=WHILE_OPEN)

    with pytest.raises(Forbidden):
        apply(staff, SENT, ApplicationSource.ACCOUNT, actor_of(staff))
    with pytest.raises(Forbidden):
        apply(tenant, SENT, ApplicationSource.LETTER, actor_of(make_tenant()))
    with pytest.raises(UnknownGroup):
        apply(tenant, ApplicationText("Kasteel", TEXT, TEXT), ApplicationSource.ACCOUNT, actor_of(tenant))
    entered = apply(tenant, SENT, ApplicationSource.LETTER, make_moderator())

    assert entered.entered_by_id is not None


def test_the_last_text_counts_and_can_be_withdrawn() -> None:
    panel = make_council()
    tenant = make_application(panel)
    make_application(panel, "Woning", tenant)

    kept = find_application(panel.id, tenant.id)
    assert kept is not None
    assert (kept.seat_group, db.session.query(Application).count()) == ("Woning", 1)
    with pytest.raises(Forbidden):
        applying.withdraw_application(kept, actor_of(make_tenant()), at=AFTER)
    applying.withdraw_application(kept, actor_of(tenant), at=AFTER)
    db.session.commit()

    assert db.session.query(Application).count() == 0
    assert db.session.query(Notification).filter_by(member_id=tenant.id, event="applied").count() == 1


def test_a_rater_reads_no_names_and_sees_others_only_when_done() -> None:
    panel = make_council()
    tenants = [make_application(panel), make_application(panel, "Woning")]
    first = find_application(panel.id, tenants[0].id)
    assert first is not None
    first.motivation = f"{tenants[0].display_name} wil meedoen."
    db.session.commit()
    anna, bert = make_rater(panel, "Anna"), make_rater(panel, "Bert")
    rate_all(panel, bert, {tenants[0].id: 40, tenants[1].id: 60})

    rating.rate(anna, first.id, [80, 80], "Sterk.", at=AFTER)
    db.session.commit()
    halfway = list_for_rater(anna)
    rating.rate(anna, halfway[1].application_id, [50, 50], "Goed.", at=AFTER)
    db.session.commit()
    done = list_for_rater(anna)

    assert tenants[0].display_name not in halfway[0].motivation
    assert [row.others for row in halfway] == [[], []]
    assert [row.others for row in done] == [[4000], [6000]]


def test_ratings_have_their_time_their_panel_and_all_marks() -> None:
    panel, other = make_council(), make_council()
    tenant = make_application(panel)
    elsewhere = make_application(other)
    anna = make_rater(panel, "Anna")
    own = find_application(panel.id, tenant.id)
    foreign = find_application(other.id, elsewhere.id)
    assert own is not None
    assert foreign is not None

    with pytest.raises(RatingsNotOpen):
        rating.rate(anna, own.id, [50, 50], "x", at=WHILE_OPEN)
    with pytest.raises(NotFound):
        rating.rate(anna, foreign.id, [50, 50], "x", at=AFTER)
    with pytest.raises(MarksRefused):
        rating.rate(anna, own.id, [50], "x", at=AFTER)
    guests.end_guest(anna, make_moderator(), at=AFTER)
    with pytest.raises(NotFound):
        rating.rate(anna, own.id, [50, 50], "x", at=AFTER)
    with pytest.raises(NotFound):
        open_guest_link("Anna", GuestKind.COMMITTEE)


def test_the_list_is_fixed_only_when_the_committee_is_done() -> None:
    panel = make_council()
    tenant = make_application(panel)
    commit = partial(
        choosing.commit_panel, panel, "getal", make_moderator(), keys=choosing.PanelKeys.fresh(), at=AFTER
    )
    anna = make_rater(panel, "Anna")
    rate_all(panel, anna, {tenant.id: 70})

    with pytest.raises(RatingsMissing):
        commit()
    bert = make_rater(panel, "Bert")
    with pytest.raises(RatingsMissing):
        commit()
    rate_all(panel, bert, {tenant.id: 80})
    commit()
    db.session.commit()

    assert panel.state is PanelState.COMMITTED
    with pytest.raises(RatingsNotOpen):
        rate_all(panel, bert, {tenant.id: 0})
    with pytest.raises(GuestRefused):
        guests.end_guest(bert, make_moderator(), at=AFTER)


def test_the_best_of_each_group_are_chosen_told_why_and_replaced() -> None:
    panel, home = make_council(), make_household()
    flats = [make_application(panel, tenant=make_tenant(household=home)) for _ in range(3)]
    house = make_application(panel, "Woning")
    marks = dict(zip([row.id for row in flats], (90, 60, 70), strict=True)) | {house.id: 10}
    for name in ("Anna", "Bert"):
        rate_all(panel, make_rater(panel, name), marks)

    panel = confirm(panel)
    result = get_result(panel)
    lost = find_candidate(panel.id, flats[1].id)
    assert lost is not None
    frozen = load_dossier(panel).entries[0].body["snapshot"]
    lines = outcome_lines(frozen, result, lost)  # type: ignore[arg-type]
    for application_id in list_untold_applications():
        applying.tell_outcome(application_id, at=AFTER)
    applying.forget_applications(28, at=AFTER + timedelta(days=29))
    db.session.commit()
    invited = invite_panel(panel, at=AFTER)
    leaver = next(row for row in invited if row.member_id == flats[0].id)
    much_later = panel.first_meeting.ends_at + timedelta(days=200)
    answer(leaver, Rsvp.ACCEPTED, AnswerSource.LINK, actor_of(flats[0]), at=AFTER)
    answer(leaver, Rsvp.DECLINED, AnswerSource.ACCOUNT, actor_of(flats[0]), at=much_later)
    db.session.commit()

    chosen = {member.id for member in names_of_candidates(panel, result["panel"]).values()}
    assert chosen == {flats[0].id, flats[2].id, house.id}
    assert "De commissie gaf u gemiddeld 60 van de 100 punten." in " ".join(lines).replace("60,00", "60")
    assert replay(load_dossier(panel).as_document()).agrees
    assert db.session.query(ApplicationRating).count() == db.session.query(Application).count() == 0
    sitting = get_result(get_panel(panel.id))["panel"]
    assert {member.id for member in names_of_candidates(panel, sitting).values()} == {
        flats[1].id,
        flats[2].id,
        house.id,
    }
    assert leaver.state is InvitationState.DECLINED


def test_seats_that_no_group_can_fill_stay_empty() -> None:
    panel = make_council()
    tenants = [make_application(panel) for _ in range(3)]
    for name in ("Anna", "Bert"):
        rate_all(panel, make_rater(panel, name), {tenant.id: 50 + tenant.id for tenant in tenants})

    panel = confirm(panel)

    assert (panel.seats, panel.form_rules.seats) == (2, 3)
    assert len(get_result(panel)["panel"]) == 2


def test_applying_twice_at_once_is_one_application(database: Flask) -> None:
    panel_id, tenant = make_council().id, make_tenant()
    member_id, actor = tenant.id, actor_of(tenant)
    db.session.rollback()

    def apply(_place: int) -> None:
        with unit_of_work():
            applying.apply_for_seat(
                get_panel(panel_id),
                get_member(member_id),
                SENT,
                ApplicationSource.ACCOUNT,
                actor,
                at=WHILE_OPEN,
            )

    raised = at_once(database, [partial(apply, place) for place in range(2)])

    db.session.rollback()
    assert raised == [None, None]
    assert db.session.query(Application).count() == 1
