"""Objecting to a decision, and who judges that."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from forum.discussion.rules import PostState
from forum.kernel.actor import Party
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import NotFound
from forum.mail.models import OutboxMessage
from forum.members.models import Member
from forum.moderation import appeals, queries, service
from forum.moderation.errors import AppealClosed, AppealDecided, AppealOfOtherParty
from forum.moderation.models import Appeal, ModerationDecision
from forum.moderation.rules import AppealState, DecisionKind
from tests.support.cast import T0, make_tenant
from tests.support.moderation import TERM, decide, make_flagged_post, make_moderator
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")
LATER = T0 + timedelta(hours=2)
WHY = "Ik schold niemand uit, ik gaf kritiek."


def make_decision(
    kind: DecisionKind = DecisionKind.PAUSE, party: Party = Party.LANDLORD
) -> ModerationDecision:
    return decide(make_flagged_post(at=T0), kind, make_moderator(party).as_actor(LATER), at=LATER)


def make_appeal(decision: ModerationDecision) -> Appeal:
    author = decision.author.as_actor(LATER)
    appeal = appeals.make_appeal(decision, WHY, author, term=TERM, at=LATER)
    db.session.commit()
    return appeal


@pytest.mark.parametrize("party", Party)
def test_the_other_party_overturns_and_all_is_as_it_was(party: Party) -> None:
    decision = make_decision(party=party)
    appeal, judge = make_appeal(decision), make_moderator(party.other)

    appeals.judge_appeal(appeal, AppealState.OVERTURNED, "Dit is kritiek.", judge.as_actor(LATER), at=LATER)

    post = decision.post
    assert post.state is PostState.VISIBLE
    assert not post.has_upheld_flag
    assert decision.author.suspended_until is None
    assert decision.reverted_at == LATER
    restoring = queries.find_reverting(decision.id)
    assert restoring is not None
    assert restoring.party is party.other


@pytest.mark.parametrize("party", Party)
def test_the_party_that_decided_may_not_judge(party: Party) -> None:
    decision = make_decision(party=party)
    appeal = make_appeal(decision)
    colleagues = [decision.moderator, make_moderator(party)]

    for colleague in colleagues:
        with pytest.raises(AppealOfOtherParty):
            appeals.judge_appeal(appeal, AppealState.UPHELD, "Nee.", colleague.as_actor(LATER), at=LATER)

    assert appeal.state is AppealState.OPEN


def test_a_decision_that_is_upheld_stands() -> None:
    decision = make_decision()
    judge = make_moderator(Party.TENANTS).as_actor(LATER)

    appeals.judge_appeal(make_appeal(decision), AppealState.UPHELD, "Dit is schelden.", judge, at=LATER)

    assert decision.reverted_at is None
    assert decision.post.state is PostState.HIDDEN
    assert decision.post.has_upheld_flag


def test_the_moderators_of_the_other_party_and_then_the_author_get_mail() -> None:
    decision = make_decision()
    judges = [make_moderator(Party.TENANTS) for _ in range(2)]
    make_moderator(Party.LANDLORD)

    appeal = make_appeal(decision)
    appeals.judge_appeal(appeal, AppealState.UPHELD, "Nee.", judges[0].as_actor(LATER), at=LATER)

    rows = select(OutboxMessage.template, OutboxMessage.member_id).order_by(OutboxMessage.id)
    sent = db.session.execute(rows).all()
    assert [tuple(row) for row in sent[1:]] == [
        ("moderation/appeal_made", judges[0].id),
        ("moderation/appeal_made", judges[1].id),
        ("moderation/appeal_judged", decision.author_id),
    ]


def test_one_objects_once_in_time_and_only_to_ones_own() -> None:
    decision = make_decision()
    author, too_late = decision.author.as_actor(LATER), LATER + TERM + timedelta(minutes=1)

    with pytest.raises(NotFound):
        appeals.make_appeal(decision, WHY, make_tenant().as_actor(LATER), term=TERM, at=LATER)
    with pytest.raises(AppealClosed):
        appeals.make_appeal(decision, WHY, author, term=TERM, at=too_late)
    appeal = make_appeal(decision)
    again = make_appeal(decision)
    with pytest.raises(AppealClosed):
        appeals.make_appeal(decision, "En nog iets.", author, term=TERM, at=LATER)

    assert again.id == appeal.id
    assert appeal.due_at == LATER + TERM


@pytest.mark.parametrize("kind", [DecisionKind.KEEP, DecisionKind.RESTORE])
def test_nobody_objects_to_what_is_not_against_them(kind: DecisionKind) -> None:
    decision = make_decision(DecisionKind.KEEP if kind is DecisionKind.KEEP else DecisionKind.HIDE)
    if kind is DecisionKind.RESTORE:
        decision = service.restore(decision, "Toch niet.", decision.moderator.as_actor(LATER), at=LATER)

    with pytest.raises(AppealClosed):
        make_appeal(decision)


def test_a_moderator_enters_what_somebody_says_on_the_phone() -> None:
    decision = make_decision()
    moderator = decision.moderator.as_actor(LATER)

    appeal = appeals.make_appeal(decision, WHY, moderator, term=TERM, at=LATER)

    assert appeal.entered_by_id == moderator.member_id
    assert decision.author_id != moderator.member_id


def test_taking_a_decision_back_settles_the_objection() -> None:
    decision = make_decision()
    appeal = make_appeal(decision)

    service.restore(decision, "U heeft gelijk.", decision.moderator.as_actor(LATER), at=LATER)

    assert appeal.state is AppealState.SETTLED
    judge = make_moderator(Party.TENANTS).as_actor(LATER)
    with pytest.raises(AppealDecided):
        appeals.judge_appeal(appeal, AppealState.UPHELD, "Nee.", judge, at=LATER)


def test_two_judges_at_once_give_one_judgement(app: Flask) -> None:
    appeal_id = make_appeal(make_decision()).id
    judges = [make_moderator(Party.TENANTS).id for _ in range(2)]

    def judges_it(member_id: int, outcome: AppealState) -> None:
        with unit_of_work():
            actor = db.session.get_one(Member, member_id).as_actor(LATER)
            appeals.judge_appeal(queries.get_appeal(appeal_id), outcome, "Hierom.", actor, at=LATER)

    db.session.rollback()
    raised = at_once(
        app,
        [
            lambda: judges_it(judges[0], AppealState.UPHELD),
            lambda: judges_it(judges[1], AppealState.OVERTURNED),
        ],
    )

    assert [type(error) for error in raised if error] == [AppealDecided]
    appeal = db.session.get_one(Appeal, appeal_id)
    assert (appeal.state is AppealState.OVERTURNED) is (appeal.decision.reverted_at is not None)
