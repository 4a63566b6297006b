"""What authors and moderators get by mail, as it leaves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.discussion.rules import HouseRule
from forum.kernel.actor import Party
from forum.kernel.database import db
from forum.mail.checks import is_still_wanted
from forum.mail.composing import Draft, draft_message
from forum.mail.models import OutboxMessage
from forum.members.models import Member
from forum.moderation import appeals, service
from forum.moderation.jobs import remind_of_appeals
from forum.moderation.rules import AGAINST_AUTHOR, AppealState, DecisionKind
from forum.moderation.service import Judgement
from forum.texts.catalogue import say
from tests.support.cast import T0, make_site
from tests.support.moderation import TERM, decide, make_flagged_post, make_moderator, shown

pytestmark = pytest.mark.usefixtures("database")
LATER = T0 + timedelta(hours=2)


def messages() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def draft(message: OutboxMessage) -> Draft:
    member = db.session.get_one(Member, message.member_id)
    return draft_message(message.template, message.details, member)


@pytest.mark.parametrize("kind", sorted(AGAINST_AUTHOR))
@pytest.mark.parametrize("has_site", [True, False], ids=["with names", "without names"])
def test_the_author_reads_what_by_which_rule_why_and_how_to_object(
    kind: DecisionKind, has_site: bool
) -> None:
    if has_site:
        make_site()
    decision = decide(make_flagged_post(), kind, at=LATER)

    [message] = messages()
    told = draft(message)

    rule = HouseRule.ELSEWHERE if kind is DecisionKind.REFER else HouseRule.ABUSE
    for text in (told.text, told.html):
        assert say(f"decided-{kind}") in text
        assert say(f"house-rule-{rule}") in text
        assert "Zo praten wij hier niet." in text
        assert f"/mijn/besluiten/{decision.id}/bezwaar" in text
        assert ("niet schrijven" in text) is (kind is DecisionKind.PAUSE)
        assert (say("referral-repairs-advice") in text) is (kind is DecisionKind.REFER)
    assert ("Huurdersbelang" in told.text) is has_site


@pytest.mark.parametrize("rule", HouseRule)
def test_who_gets_no_words_of_the_moderator_still_reads_a_reason(rule: HouseRule) -> None:
    post, moderator = make_flagged_post(), make_moderator(Party.LANDLORD).as_actor(LATER)
    service.decide(post, Judgement(DecisionKind.HIDE, rule), shown(post), moderator, term=TERM, at=LATER)

    [message] = messages()
    told = draft(message)

    for text in (told.text, told.html):
        assert say(f"house-rule-{rule}") in text
        assert say(f"broken-{rule}") in text


def test_who_judges_an_objection_is_told_once_more_before_the_term_ends() -> None:
    make_site()
    judge = make_moderator(Party.TENANTS)
    decision = decide(make_flagged_post(), DecisionKind.HIDE, at=LATER)
    appeals.make_appeal(decision, "Dit is kritiek.", decision.author.as_actor(LATER), term=TERM, at=LATER)
    db.session.commit()
    nearly = LATER + TERM - timedelta(days=1)

    for moment in (LATER, nearly, nearly):
        remind_of_appeals(at=moment)

    to_judge = [message for message in messages() if message.member_id == judge.id]
    assert [draft(message).subject for message in to_judge] == ["Een bezwaar wacht op u"] * 2


@pytest.mark.parametrize("outcome", [AppealState.UPHELD, AppealState.OVERTURNED])
def test_an_objection_is_told_to_the_other_party_and_answered(outcome: AppealState) -> None:
    make_site()
    judge = make_moderator(Party.TENANTS)
    decision = decide(make_flagged_post(), DecisionKind.HIDE, at=LATER)
    author = decision.author.as_actor(LATER)
    appeal = appeals.make_appeal(decision, "Nee.", author, term=TERM, at=LATER)
    appeals.judge_appeal(appeal, outcome, "Ik las het twee keer.", judge.as_actor(LATER), at=LATER)

    made, appealed, judged = messages()

    assert f"/beheer/bezwaren/{appeal.id}" in draft(appealed).text
    assert "Ik las het twee keer." in draft(judged).html
    assert ("U krijgt gelijk." in draft(judged).text) is (outcome is AppealState.OVERTURNED)
    stands = is_still_wanted(made.template, made.details, decision.author)
    assert stands is (outcome is AppealState.UPHELD)
    assert not is_still_wanted(appealed.template, appealed.details, judge)


def test_a_decision_that_was_taken_back_is_told_instead() -> None:
    decision = decide(make_flagged_post(), DecisionKind.HIDE, at=LATER)
    service.restore(decision, "Ik las het verkeerd.", decision.moderator.as_actor(LATER), at=LATER)

    made, taken_back = messages()

    assert not is_still_wanted(made.template, made.details, decision.author)
    assert "Ik las het verkeerd." in draft(taken_back).text
    assert f"/berichten/{decision.post_id}" in draft(taken_back).html
