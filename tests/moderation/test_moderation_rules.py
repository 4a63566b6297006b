"""What is true of flags, decisions and appeals, without a database."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.discussion.rules import HouseRule
from forum.kernel.actor import Actor, Party, Role
from forum.moderation import policy
from forum.moderation.rules import (
    HIDING,
    UPHOLDING,
    DecisionKind,
    FlagReason,
    PostVerdict,
    Standing,
    is_appealable,
    likely_rule,
    paused_until,
    rule_of_flag,
    verdict,
)
from tests.support.cast import T0

AUTHOR, SOMEBODY = 1, 2
KEEP, HIDE, EXPLAIN, WARN, PAUSE, REFER, RESTORE = DecisionKind
VISIBLE = PostVerdict(is_hidden=False, rule=None, words="", has_upheld_flag=False)


def standing(kind: DecisionKind, words: str = "Hierom.") -> Standing:
    rule = None if kind in (KEEP, RESTORE) else HouseRule.ABUSE
    return Standing(kind, rule, words, T0 if kind is PAUSE else None)


@pytest.mark.parametrize("reason", FlagReason)
def test_a_reason_refers_to_a_rule_of_the_house_or_says_something_else(reason: FlagReason) -> None:
    rule = rule_of_flag(reason)

    assert (rule is None) is (reason is FlagReason.OTHER)


@pytest.mark.parametrize(
    ("reasons", "rule"),
    [
        pytest.param([], None, id="nobody"),
        pytest.param([FlagReason.OTHER], None, id="no rule"),
        pytest.param([FlagReason.AGGRESSION], HouseRule.ABUSE, id="aggression is abuse"),
        pytest.param([FlagReason.PRIVACY, FlagReason.ABUSE], HouseRule.PRIVACY, id="as many: the first"),
        pytest.param(
            [FlagReason.PRIVACY, FlagReason.ABUSE, FlagReason.AGGRESSION], HouseRule.ABUSE, id="most"
        ),
    ],
)
def test_the_likely_rule_is_the_one_most_members_name(
    reasons: Sequence[FlagReason], rule: HouseRule | None
) -> None:
    assert likely_rule(reasons) is rule


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        pytest.param([], VISIBLE, id="none"),
        pytest.param([standing(KEEP), standing(RESTORE)], VISIBLE, id="kept and restored"),
        pytest.param(
            [standing(HIDE)], PostVerdict(True, HouseRule.ABUSE, "", has_upheld_flag=True), id="hidden"
        ),
        pytest.param(
            [standing(EXPLAIN)],
            PostVerdict(True, HouseRule.ABUSE, "Hierom.", has_upheld_flag=True),
            id="the words for everybody",
        ),
        pytest.param(
            [standing(WARN)], PostVerdict(False, None, "", has_upheld_flag=True), id="warned stays readable"
        ),
        pytest.param(
            [standing(REFER)], PostVerdict(True, HouseRule.ABUSE, "", has_upheld_flag=False), id="referred"
        ),
        pytest.param(
            [standing(EXPLAIN, "Eerst."), standing(PAUSE)],
            PostVerdict(True, HouseRule.ABUSE, "", has_upheld_flag=True),
            id="the last that hides speaks",
        ),
    ],
)
def test_a_post_is_what_the_decisions_that_stand_make_of_it(
    decisions: Sequence[Standing], expected: PostVerdict
) -> None:
    assert verdict(decisions) == expected


@given(st.lists(st.sampled_from(DecisionKind)))
def test_a_post_is_hidden_or_upheld_exactly_when_a_decision_says_so(kinds: Sequence[DecisionKind]) -> None:
    found = verdict([standing(kind) for kind in kinds])

    assert found.is_hidden is bool(HIDING.intersection(kinds))
    assert found.has_upheld_flag is bool(UPHOLDING.intersection(kinds))
    assert (found.rule is not None) is found.is_hidden


def test_the_longest_pause_counts_and_one_that_is_over_does_not() -> None:
    days = [Standing(PAUSE, HouseRule.ABUSE, "", T0 + timedelta(days=length)) for length in (-1, 7, 3)]

    assert paused_until(days, T0) == T0 + timedelta(days=7)
    assert paused_until(days[:1], T0) is None
    assert paused_until(days[1:2], T0 + timedelta(days=7)) is None


@pytest.mark.parametrize(
    ("days", "is_in_time"),
    [
        pytest.param(0, True, id="at once"),
        pytest.param(14, True, id="last"),
        pytest.param(15, False, id="late"),
    ],
)
def test_objecting_ends_with_the_term(days: int, is_in_time: bool) -> None:
    assert is_appealable(T0 + timedelta(days=14), T0 + timedelta(days=days)) is is_in_time
    assert not is_appealable(None, T0)


def moderator(party: Party | None, member_id: int = SOMEBODY, *, suspended: bool = False) -> Actor:
    return Actor(member_id, party, frozenset({Role.MODERATOR}), suspended=suspended)


TENANT = Actor(SOMEBODY, None, frozenset({Role.TENANT}))


@pytest.mark.parametrize(
    ("actor", "decides", "restores", "judges"),
    [
        pytest.param(TENANT, False, False, False, id="a tenant"),
        pytest.param(Actor(), False, False, False, id="a visitor"),
        pytest.param(moderator(Party.LANDLORD), True, True, False, id="of the party that decided"),
        pytest.param(moderator(Party.TENANTS), True, False, True, id="of the other party"),
        pytest.param(moderator(None), False, False, False, id="of no party"),
        pytest.param(moderator(Party.TENANTS, AUTHOR), False, False, False, id="who wrote the post"),
        pytest.param(moderator(Party.TENANTS, suspended=True), False, False, False, id="who is paused"),
        pytest.param(
            Actor(SOMEBODY, Party.TENANTS, frozenset({Role.DELEGATE})), False, False, False, id="a delegate"
        ),
    ],
)
def test_who_decides_restores_and_judges_what_the_landlord_decided(
    actor: Actor, decides: bool, restores: bool, judges: bool
) -> None:
    assert policy.can_moderate_post(actor, AUTHOR) is decides
    assert policy.can_restore(actor, Party.LANDLORD, AUTHOR) is restores
    assert policy.can_decide_appeal(actor, Party.LANDLORD, AUTHOR) is judges


@pytest.mark.parametrize(
    ("actor", "may_flag"),
    [
        pytest.param(TENANT, True, id="another tenant"),
        pytest.param(moderator(Party.TENANTS), True, id="a moderator"),
        pytest.param(Actor(AUTHOR, None, frozenset({Role.TENANT})), False, id="the author"),
        pytest.param(Actor(), False, id="a visitor"),
        pytest.param(Actor(SOMEBODY, suspended=True), False, id="somebody who is paused"),
    ],
)
def test_everybody_but_the_author_can_flag(actor: Actor, may_flag: bool) -> None:
    assert policy.can_flag_post(actor, AUTHOR) is may_flag
