"""What is true of topics and agendas, without a database."""

from collections.abc import Callable, Sequence
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.agenda import policy
from forum.agenda.comparison import ComparedPart, compare_versions
from forum.agenda.models import TopicVersion
from forum.agenda.rules import (
    OPEN_STATES,
    AgendaState,
    InfluenceLevel,
    StatutorySubject,
    TopicState,
    can_be_published,
    is_public_topic,
    startable_years,
    state_after_approvals,
)
from forum.kernel.actor import SYSTEM, VISITOR, Actor, Party, Role
from forum.texts.comparison import Line

DELEGATE = Actor(member_id=1, party=Party.TENANTS, roles=frozenset({Role.DELEGATE}))
PAUSED_DELEGATE = Actor(member_id=1, party=Party.TENANTS, roles=frozenset({Role.DELEGATE}), suspended=True)
TENANT = Actor(member_id=2, roles=frozenset({Role.TENANT}))
MODERATOR = Actor(member_id=3, party=Party.LANDLORD, roles=frozenset({Role.MODERATOR}))
ADMIN = Actor(member_id=4, roles=frozenset({Role.ADMIN}))
NO_DELEGATES = [PAUSED_DELEGATE, TENANT, MODERATOR, ADMIN, VISITOR, SYSTEM]


@pytest.mark.parametrize(
    ("approved_by", "state"),
    [
        pytest.param([], TopicState.PROPOSED, id="nobody"),
        pytest.param([Party.TENANTS], TopicState.PROPOSED, id="tenants only"),
        pytest.param([Party.LANDLORD], TopicState.PROPOSED, id="landlord only"),
        pytest.param([Party.TENANTS, Party.TENANTS], TopicState.PROPOSED, id="one party twice is one party"),
        pytest.param([Party.LANDLORD, Party.TENANTS], TopicState.AGREED, id="both, in any order"),
    ],
)
def test_a_topic_is_agreed_when_both_parties_approved(approved_by: list[Party], state: TopicState) -> None:
    assert state_after_approvals(approved_by) is state


@pytest.mark.parametrize(
    ("signed_by", "wanted", "agreed", "can"),
    [
        pytest.param([], 5, 5, False, id="nobody signed"),
        pytest.param([Party.TENANTS], 5, 5, False, id="one party signed"),
        pytest.param([Party.TENANTS, Party.LANDLORD], 5, 4, False, id="one topic too few"),
        pytest.param([Party.TENANTS, Party.LANDLORD], 5, 6, False, id="one topic too many"),
        pytest.param([Party.TENANTS, Party.LANDLORD], 5, 5, True, id="signed and complete"),
        pytest.param([Party.LANDLORD, Party.TENANTS], 1, 1, True, id="a year of one topic"),
    ],
)
def test_an_agenda_needs_both_signatures_and_exactly_its_number(
    signed_by: list[Party], wanted: int, agreed: int, can: bool
) -> None:
    assert can_be_published(signed_by, wanted, agreed) is can


@given(st.lists(st.sampled_from(Party)), st.integers(0, 60), st.integers(0, 60))
def test_no_number_of_people_of_one_party_can_publish(
    signed_by: list[Party], wanted: int, agreed: int
) -> None:
    """A count of heads never decides: only both parties together do."""
    assert can_be_published(signed_by, wanted, agreed) == (
        wanted == agreed and Party.TENANTS in signed_by and Party.LANDLORD in signed_by
    )


@pytest.mark.parametrize("state", TopicState)
@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        pytest.param(policy.can_adopt_topic, {TopicState.SUGGESTED}, id="adopt"),
        pytest.param(policy.can_edit_topic, {TopicState.PROPOSED, TopicState.AGREED}, id="edit"),
        pytest.param(policy.can_approve_topic, {TopicState.PROPOSED, TopicState.AGREED}, id="approve"),
        pytest.param(policy.can_decide_topic, OPEN_STATES, id="decline or postpone"),
        pytest.param(policy.can_give_view, {TopicState.PROPOSED}, id="write a standpoint"),
        pytest.param(policy.can_set_period, {TopicState.AGREED}, id="set the period"),
        pytest.param(policy.can_resume_topic, {TopicState.DECLINED, TopicState.POSTPONED}, id="resume"),
    ],
)
def test_only_delegates_take_steps_and_only_from_the_right_state(
    rule: Callable[[Actor, TopicState], bool], allowed: set[TopicState], state: TopicState
) -> None:
    assert rule(DELEGATE, state) is (state in allowed)
    assert not any(rule(actor, state) for actor in NO_DELEGATES)


@pytest.mark.parametrize("rule", [policy.can_propose_topic, policy.can_sign_agenda, policy.can_act_for_party])
def test_only_a_delegate_who_is_not_paused_acts_for_a_party(rule: Callable[[Actor], bool]) -> None:
    assert rule(DELEGATE)
    assert not any(rule(actor) for actor in NO_DELEGATES)


@pytest.mark.parametrize(
    ("actor", "can"),
    [
        pytest.param(TENANT, True, id="tenant"),
        pytest.param(DELEGATE, True, id="delegate"),
        pytest.param(PAUSED_DELEGATE, False, id="paused"),
        pytest.param(VISITOR, False, id="visitor"),
    ],
)
def test_whoever_is_signed_in_and_not_paused_may_suggest(actor: Actor, can: bool) -> None:
    assert policy.can_suggest_topic(actor) is can


@pytest.mark.parametrize("is_public", [True, False])
def test_a_tenant_sees_what_is_public_and_their_own_ideas(is_public: bool) -> None:
    can_see = partial(policy.can_see_topic, is_public=is_public)

    assert can_see(TENANT, suggested_by_id=TENANT.member_id)
    assert can_see(TENANT, suggested_by_id=99) is is_public
    assert can_see(VISITOR, suggested_by_id=None) is is_public
    assert can_see(MODERATOR, suggested_by_id=99)


@pytest.mark.parametrize("party", [Party.LANDLORD, None])
@pytest.mark.parametrize("agenda_state", AgendaState)
@pytest.mark.parametrize("state", TopicState)
def test_everybody_reads_what_was_published_and_then_what_was_shelved_too(
    state: TopicState, agenda_state: AgendaState, party: Party | None
) -> None:
    is_published = agenda_state is AgendaState.PUBLISHED
    expected = {
        TopicState.PUBLISHED: True,
        TopicState.BOTH_VIEWS: True,
        TopicState.DECLINED: is_published and party is not None,
        TopicState.POSTPONED: is_published and party is not None,
    }

    assert is_public_topic(state, agenda_state, party) is expected.get(state, False)


def test_delegates_and_the_forum_itself_start_an_agenda_and_nobody_else() -> None:
    assert policy.can_start_agenda(DELEGATE)
    assert policy.can_start_agenda(SYSTEM)
    assert not any(policy.can_start_agenda(actor) for actor in NO_DELEGATES if actor is not SYSTEM)


def test_the_agenda_of_this_year_and_of_the_next_can_be_started() -> None:
    assert startable_years(2026) == (2026, 2027)


def _version(**parts: object) -> TopicVersion:
    fields: dict[str, object] = {
        "title": "De lift",
        "question": "Wat nu?",
        "why": "",
        "fixed": "",
        "open": "",
        "subquestions": "",
        "level": InfluenceLevel.ADVISING,
        "statutory": None,
        "only_opinions": False,
    }
    return TopicVersion(**(fields | parts))


def _part(parts: Sequence[ComparedPart], label: str) -> ComparedPart:
    return next(part for part in parts if part.label == label)


def test_comparing_marks_the_words_that_differ() -> None:
    before = _version(why="De lift is vaak stuk.\nDat kan niet.")
    after = _version(why="De lift is heel vaak stuk.\nDat kan niet.")

    why = _part(compare_versions(before, after), "Waarom dit belangrijk is")

    assert why.before == [[("De lift is vaak stuk.", False)], [("Dat kan niet.", False)]]
    assert why.after == [
        [("De lift is", False), ("heel", True), ("vaak stuk.", False)],
        [("Dat kan niet.", False)],
    ]


def test_comparing_shows_a_change_of_level_and_of_the_statutory_mark_in_words() -> None:
    before = _version()
    after = _version(
        level=InfluenceLevel.DECIDING, statutory=StatutorySubject.SERVICE_COSTS, only_opinions=True
    )

    changed = {part.label: part for part in compare_versions(before, after) if part.is_changed}

    assert set(changed) == {"Hoeveel invloed", "Wettelijk onderwerp"}
    words = " ".join(text for line in changed["Wettelijk onderwerp"].after for text, _ in line)
    assert words == "Servicekosten en stookkosten Het gesprek haalt alleen meningen op."


TEXTS = st.text(st.sampled_from("ab \n"), max_size=60)


def _plain(lines: Sequence[Line]) -> list[str]:
    return " ".join(words for line in lines for words, _ in line).split()


@given(TEXTS, TEXTS)
def test_comparing_loses_no_word_and_marks_nothing_in_equal_texts(old: str, new: str) -> None:
    part = next(
        (p for p in compare_versions(_version(why=old), _version(why=new)) if p.label.startswith("Waarom")),
        None,
    )

    if part is None:
        assert not old + new
        return
    assert _plain(part.before) == old.split()
    assert _plain(part.after) == new.split()
    if old.split() == new.split() and old.splitlines() == new.splitlines():
        assert not any(marked for line in [*part.before, *part.after] for _, marked in line)
