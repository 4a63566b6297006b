"""Deciding on a post, taking that back, and two moderators at once."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.audit.models import AuditEntry
from forum.discussion.errors import PostGone
from forum.discussion.models import Post
from forum.discussion.rules import HouseRule, PostState
from forum.discussion.service import Body, edit_post, withdraw_post
from forum.kernel.actor import Party, Role
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.mail.models import OutboxMessage
from forum.members.models import Member
from forum.moderation import service
from forum.moderation.errors import (
    AlreadyDecided,
    NotStanding,
    OwnPostDecided,
    PauseRefused,
    PostChangedMeanwhile,
)
from forum.moderation.models import Flag, ModerationDecision
from forum.moderation.rules import AGAINST_AUTHOR, CHOICES, HIDING, UPHOLDING, DecisionKind, FlagState
from forum.moderation.service import Judgement
from tests.support.cast import T0, make_post, make_staff, make_tenant, make_thread
from tests.support.moderation import TERM, decide, flag, judgement, make_flagged_post, make_moderator, shown
from tests.support.together import at_once

pytestmark = pytest.mark.usefixtures("database")
LATER = T0 + timedelta(hours=2)


def templates_sent() -> list[str]:
    return list(db.session.scalars(select(OutboxMessage.template).order_by(OutboxMessage.id)))


@pytest.mark.parametrize("kind", CHOICES)
def test_a_decision_does_what_its_kind_says(kind: DecisionKind) -> None:
    post = make_flagged_post()

    decision = decide(post, kind, at=LATER)

    assert post.state is (PostState.HIDDEN if kind in HIDING else PostState.VISIBLE)
    assert post.has_upheld_flag is (kind in UPHOLDING)
    assert (post.hidden_rule is not None) is (kind in HIDING)
    assert (post.hidden_words is not None) is (kind is DecisionKind.EXPLAIN)
    assert post.author.is_suspended(LATER) is (kind is DecisionKind.PAUSE)
    closed = db.session.scalars(select(Flag)).one()
    assert closed.state is (FlagState.UPHELD if kind in UPHOLDING else FlagState.SETTLED)
    assert closed.decision_id == decision.id
    assert templates_sent() == (["moderation/decision_made"] if kind in AGAINST_AUTHOR else [])
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "post.moderated")).one()
    assert (entry.details["kind"], entry.party) == (kind, "landlord")


def test_what_is_referred_belongs_elsewhere_whatever_rule_was_chosen() -> None:
    post = make_flagged_post()

    decision = decide(post, DecisionKind.REFER, at=LATER)

    assert decision.rule is HouseRule.ELSEWHERE


def test_a_moderator_can_decide_on_a_post_that_nobody_flagged() -> None:
    post = make_post(make_thread(), make_tenant())

    decide(post, DecisionKind.HIDE, at=LATER)

    assert post.state is PostState.HIDDEN
    assert post.has_upheld_flag


@pytest.mark.parametrize("role", [Role.DELEGATE, Role.COORDINATOR, Role.ADMIN, None])
def test_only_moderators_decide(role: Role | None) -> None:
    post = make_flagged_post()
    party = Party.LANDLORD if role is Role.DELEGATE else None
    member = make_staff(role, party) if role else make_tenant()

    with pytest.raises(Forbidden):
        decide(post, DecisionKind.HIDE, member.as_actor(LATER), at=LATER)


def test_no_moderator_decides_on_their_own_post() -> None:
    moderator = make_moderator(Party.TENANTS)
    post = make_flagged_post(author=moderator)

    with pytest.raises(OwnPostDecided):
        decide(post, DecisionKind.KEEP, moderator.as_actor(LATER), at=LATER)


def test_a_delegate_cannot_be_paused_by_the_other_party() -> None:
    post = make_flagged_post(author=make_staff(Role.DELEGATE, Party.TENANTS))

    with pytest.raises(PauseRefused):
        decide(post, DecisionKind.PAUSE, at=LATER)


def test_what_the_author_changed_is_read_again_before_it_is_decided_on() -> None:
    post = make_flagged_post()
    seen, moderator = shown(post), make_moderator(Party.TENANTS).as_actor(LATER)
    edit_post(post, 1, Body.of("Excuses."), post.author.as_actor(T0), window=TERM, at=T0)

    with pytest.raises(PostChangedMeanwhile):
        service.decide(post, judgement(DecisionKind.HIDE), seen, moderator, term=TERM, at=LATER)


def test_a_post_that_is_hidden_waits_for_nothing() -> None:
    post = make_flagged_post()
    decide(post, DecisionKind.HIDE, at=LATER)

    with pytest.raises(PostGone):
        decide(post, DecisionKind.KEEP, at=LATER)


def test_what_its_author_withdrew_stays_withdrawn_whatever_is_decided() -> None:
    post = make_flagged_post()
    withdraw_post(post, post.author.as_actor(T0), at=T0)

    decision = decide(post, DecisionKind.HIDE, at=LATER)
    service.restore(decision, "Toch niet.", decision.moderator.as_actor(LATER), at=LATER)

    assert post.state is PostState.DELETED
    assert not post.has_upheld_flag


def test_sending_a_decision_twice_decides_once() -> None:
    post = make_flagged_post()
    seen, moderator = shown(post), make_moderator(Party.LANDLORD).as_actor(LATER)

    made = [
        service.decide(post, judgement(DecisionKind.HIDE), seen, moderator, term=TERM, at=LATER)
        for _ in range(2)
    ]

    assert made[0] is made[1]
    assert templates_sent() == ["moderation/decision_made"]


def test_two_moderators_at_once_give_one_decision_and_the_second_hears_of_it(app: Flask) -> None:
    post = make_flagged_post()
    post_id, seen = post.id, shown(post)
    moderators = [make_moderator(party).id for party in Party]

    def decides(moderator_id: int, kind: DecisionKind) -> None:
        with unit_of_work():
            actor = db.session.get_one(Member, moderator_id).as_actor(LATER)
            post = db.session.get_one(Post, post_id)
            service.decide(post, Judgement(kind, HouseRule.ABUSE), seen, actor, term=TERM, at=LATER)

    db.session.rollback()
    raised = at_once(
        app,
        [
            lambda: decides(moderators[0], DecisionKind.HIDE),
            lambda: decides(moderators[1], DecisionKind.KEEP),
        ],
    )

    decision = db.session.scalars(select(ModerationDecision)).one()
    [refusal] = [error for error in raised if error is not None]
    assert isinstance(refusal, AlreadyDecided)
    assert refusal.details["kind"] == decision.kind
    assert refusal.details["name"] == decision.moderator.display_name


def test_restoring_brings_all_back_and_twice_restores_once() -> None:
    post = make_flagged_post()
    decision = decide(post, DecisionKind.PAUSE, at=LATER)
    moderator = decision.moderator.as_actor(LATER)

    for _ in range(2):
        service.restore(decision, "Ik las het verkeerd.", moderator, at=LATER)
        db.session.commit()

    assert post.state is PostState.VISIBLE
    assert not post.has_upheld_flag
    assert post.hidden_rule is None
    assert post.author.suspended_until is None
    assert db.session.scalar(select(func.count(ModerationDecision.id))) == 2
    assert templates_sent() == ["moderation/decision_made", "moderation/decision_taken_back"]


def test_the_other_party_does_not_restore() -> None:
    decision = decide(make_flagged_post(), DecisionKind.HIDE, at=LATER)

    with pytest.raises(Forbidden):
        service.restore(
            decision, "Wij vinden van niet.", make_moderator(Party.TENANTS).as_actor(LATER), at=LATER
        )


def test_keeping_a_post_cannot_be_taken_back() -> None:
    decision = decide(make_flagged_post(), DecisionKind.KEEP, at=LATER)

    with pytest.raises(NotStanding):
        service.restore(decision, "Toch niet.", decision.moderator.as_actor(LATER), at=LATER)


def test_a_pause_that_is_lifted_leaves_another_one() -> None:
    thread, author = make_thread(), make_tenant()
    posts = [make_flagged_post(thread=thread, author=author), make_post(thread, author)]
    moderator = make_moderator(Party.LANDLORD).as_actor(LATER)
    longer = decide(posts[0], DecisionKind.PAUSE, moderator, at=LATER + timedelta(hours=1))
    shorter = decide(posts[1], DecisionKind.PAUSE, moderator, at=LATER)

    service.restore(longer, "Toch niet.", moderator, at=LATER)

    assert author.suspended_until == shorter.paused_until


def test_a_post_can_be_flagged_again_after_it_was_kept() -> None:
    post, member = make_flagged_post(), make_tenant()
    flag(post, by=member, at=T0)
    decide(post, DecisionKind.KEEP, at=LATER)

    flag(post, by=member, at=LATER)
    decide(post, DecisionKind.HIDE, at=LATER)

    states = db.session.scalars(select(Flag.state).order_by(Flag.id)).all()
    assert states == [FlagState.SETTLED, FlagState.SETTLED, FlagState.UPHELD]
