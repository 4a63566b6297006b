"""What authors and reporters hear in the app of a decision."""

from datetime import timedelta

import pytest

from forum.kernel.actor import Party
from forum.kernel.database import db
from forum.members.models import Member
from forum.moderation import service
from forum.moderation.appeals import judge_appeal, make_appeal
from forum.moderation.models import Flag
from forum.moderation.rules import AGAINST_AUTHOR, CHOICES, UPHOLDING, AppealState, DecisionKind
from forum.notifications.models import Notification
from tests.support.cast import T0
from tests.support.moderation import TERM, decide, make_flagged_post, make_moderator

pytestmark = pytest.mark.usefixtures("database")
LATER = T0 + timedelta(hours=2)


def events(member_id: int) -> list[str]:
    rows = db.session.query(Notification).filter_by(member_id=member_id).order_by(Notification.id)
    return [row.event for row in rows]


@pytest.mark.parametrize("kind", CHOICES)
def test_author_and_reporter_hear_what_was_decided(kind: DecisionKind) -> None:
    post = make_flagged_post()
    reporter = db.session.query(Flag).one().member_id

    decide(post, kind, at=LATER)

    assert len(events(post.author_id)) == (kind in AGAINST_AUTHOR)
    assert events(reporter) == ["upheld" if kind in UPHOLDING else "rejected"]


def test_the_author_hears_in_the_app_that_an_objection_was_judged_and_gets_no_second_mail() -> None:
    post = make_flagged_post()
    author = db.session.get_one(Member, post.author_id)
    decision = decide(post, DecisionKind.HIDE, at=LATER)
    appeal = make_appeal(decision, "Dit is kritiek.", author.as_actor(LATER), term=TERM, at=LATER)

    other = make_moderator(Party.TENANTS).as_actor(LATER)
    judge_appeal(appeal, AppealState.OVERTURNED, "Kritiek mag.", other, at=LATER)
    db.session.commit()

    assert events(author.id) == ["hidden", "appeal"]
    assert (
        not db.session.query(Notification)
        .filter(Notification.member_id == author.id, Notification.mail_as.is_not(None))
        .count()
    )


def test_taking_a_decision_back_is_told_once() -> None:
    post = make_flagged_post()
    moderator = make_moderator(Party.LANDLORD).as_actor(LATER)
    decision = decide(post, DecisionKind.HIDE, moderator, at=LATER)

    for _ in range(2):
        service.restore(decision, "Een vergissing.", moderator, at=LATER)
    db.session.commit()

    assert events(post.author_id) == ["hidden", "restored"]
