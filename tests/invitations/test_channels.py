"""What is true of the ways to reach somebody, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.invitations.channels import (
    Channel,
    LetterState,
    LetterStep,
    Reach,
    WithdrawReason,
    fallback,
    first_channel,
    letter_after,
    reason_to_end,
)
from forum.panels.rules import FillingMode
from forum.texts.catalogue import say

ALL = Reach(by_mail=True, by_post=True, has_home=True)
POST = Reach(by_mail=False, by_post=True, has_home=True)
HOME = Reach(by_mail=False, by_post=False, has_home=True)
NOTHING = Reach(by_mail=False, by_post=False, has_home=False)
REACHES = st.builds(Reach, by_mail=st.booleans(), by_post=st.booleans(), has_home=st.booleans())


@pytest.mark.parametrize(
    ("reach", "wish", "channel"),
    [
        pytest.param(ALL, None, Channel.EMAIL, id="mail when there is mail"),
        pytest.param(POST, None, Channel.LETTER, id="else a letter"),
        pytest.param(HOME, None, Channel.PHONE, id="post came back: a call"),
        pytest.param(ALL, Channel.LETTER, Channel.LETTER, id="a letter, as they wish"),
        pytest.param(ALL, Channel.PHONE, Channel.PHONE, id="a call, as they wish"),
        pytest.param(HOME, Channel.LETTER, Channel.PHONE, id="a wish that cannot be"),
        pytest.param(POST, Channel.EMAIL, Channel.LETTER, id="mail wished, and none arrives"),
        pytest.param(HOME, Channel.HAND, Channel.HAND, id="handed over where post came back"),
    ],
)
def test_how_somebody_is_asked_first(reach: Reach, wish: Channel | None, channel: Channel) -> None:
    assert first_channel(reach, wish) is channel


@pytest.mark.parametrize(
    ("channel", "reach", "after"),
    [
        pytest.param(Channel.EMAIL, ALL, Channel.EMAIL, id="all is well"),
        pytest.param(Channel.EMAIL, POST, Channel.LETTER, id="mail came back: a letter"),
        pytest.param(Channel.EMAIL, NOTHING, Channel.PHONE, id="mail came back and no home: a call"),
        pytest.param(Channel.LETTER, HOME, Channel.PHONE, id="a letter came back: a call"),
        pytest.param(Channel.HAND, HOME, Channel.HAND, id="a hand at the door needs no postman"),
        pytest.param(Channel.HAND, NOTHING, Channel.PHONE, id="no door to knock on"),
    ],
)
def test_how_to_go_on_when_a_way_fails(channel: Channel, reach: Reach, after: Channel) -> None:
    assert fallback(channel, reach) is after


@given(reach=REACHES, channel=st.sampled_from(Channel))
def test_going_on_ends_at_a_way_that_is_open(reach: Reach, channel: Channel) -> None:
    after = fallback(channel, reach)

    assert reach.has(after)
    assert fallback(after, reach) is after


@pytest.mark.parametrize("mode", FillingMode)
def test_a_letter_has_a_reason_for_each_way_to_fill_a_panel(mode: FillingMode) -> None:
    assert say(f"letter-why-{mode}").startswith("Wij vragen")


def test_a_letter_goes_only_forward_but_for_one_to_be_done_anew() -> None:
    allowed = {
        (state, step): after
        for state in LetterState
        for step in LetterStep
        if (after := letter_after(state, step)) is not None
    }

    assert allowed == {
        (LetterState.WAITING, LetterStep.BATCH): LetterState.BATCHED,
        (LetterState.WAITING, LetterStep.DROP): LetterState.DROPPED,
        (LetterState.BATCHED, LetterStep.POST): LetterState.POSTED,
        (LetterState.BATCHED, LetterStep.REDO): LetterState.WAITING,
        (LetterState.BATCHED, LetterStep.RETURN): LetterState.RETURNED,
        (LetterState.BATCHED, LetterStep.DROP): LetterState.DROPPED,
        (LetterState.POSTED, LetterStep.RETURN): LetterState.RETURNED,
    }


HERE = {"is_here": True, "has_died": False, "has_objected": False, "lives_in_area": True, "is_coming": False}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({}, None, id="nothing changed"),
        pytest.param(
            {"is_here": False, "has_objected": True, "is_coming": True},
            WithdrawReason.GONE,
            id="left, also after a yes",
        ),
        pytest.param(
            {"has_died": True, "is_coming": True}, WithdrawReason.DECEASED, id="died, also after a yes"
        ),
        pytest.param({"has_objected": True}, WithdrawReason.OBJECTED, id="objected to scoring"),
        pytest.param(
            {"has_objected": True, "lives_in_area": False, "is_coming": True}, None, id="a yes is kept"
        ),
        pytest.param({"lives_in_area": False}, WithdrawReason.MOVED, id="moved out of the complex"),
    ],
)
def test_when_nobody_is_asked_any_more(change: dict[str, bool], reason: WithdrawReason | None) -> None:
    assert reason_to_end(**{**HERE, **change}) is reason
