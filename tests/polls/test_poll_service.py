"""Making, answering and closing polls, and telling of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from forum.audit.models import AuditEntry
from forum.discussion.errors import Suspended, ThreadNotOpen
from forum.discussion.following import follow
from forum.discussion.queries import get_thread_row
from forum.discussion.rules import FollowLevel, PostSource
from forum.kernel.actor import Party, Role
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.mail.models import OutboxMessage
from forum.members.errors import UnknownTenant
from forum.notifications.models import Notification
from forum.polls.errors import (
    BallotRefused,
    ClosesTooSoon,
    PollChanged,
    PollClosed,
    PollHasBallots,
    TenantVoted,
)
from forum.polls.jobs import tell_of_polls
from forum.polls.models import Ballot, Poll
from forum.polls.queries import count_ballots, find_own_ballot, get_poll
from forum.polls.rules import PollKind
from forum.polls.service import Answer, cast_ballot, change_poll, close_poll, enter_ballot, make_poll
from tests.polls.polls import DAY, open_poll, poll_text, vote
from tests.support.cast import T0, actor_of, make_delegate, make_staff, make_tenant, make_thread
from tests.support.together import at_once


@pytest.mark.parametrize("party", list(Party))
@pytest.mark.usefixtures("database")
def test_a_moderator_of_either_party_makes_a_poll(party: Party) -> None:
    thread = make_thread()

    poll = make_poll(thread, poll_text(), actor_of(make_staff(Role.MODERATOR, party)), at=T0)

    assert (poll.party, poll.options[0].text) == (party, "De lift")
    assert get_thread_row(thread.topic_id).has_polls
    assert (
        db.session.query(AuditEntry).filter_by(action="poll.made").one().details["topic_id"]
        == thread.topic_id
    )


@pytest.mark.usefixtures("database")
def test_others_make_no_polls_and_none_stands_on_a_topic_that_is_planned_or_closed() -> None:
    thread, moderator = make_thread(), actor_of(make_staff(Role.MODERATOR, Party.TENANTS))

    for member in (make_tenant(), make_delegate(Party.LANDLORD)):
        with pytest.raises(Forbidden):
            make_poll(thread, poll_text(), actor_of(member), at=T0)
    with pytest.raises(ThreadNotOpen):
        make_poll(thread, poll_text(), moderator, at=T0 - DAY)
    with pytest.raises(ClosesTooSoon):
        make_poll(thread, poll_text(closes_at=T0), moderator, at=T0)
    thread.closed_at = T0
    with pytest.raises(ThreadNotOpen):
        make_poll(thread, poll_text(), moderator, at=T0)


@pytest.mark.usefixtures("database")
def test_a_ballot_can_be_changed_until_the_poll_is_over_and_counts_once() -> None:
    poll, tenant = open_poll(make_thread()), make_tenant()
    vote(poll, tenant, 1)

    vote(poll, tenant, 3)

    assert count_ballots(poll.id) == {(3,): 1}
    assert get_poll(poll.id).ballot_count == 1
    with pytest.raises(PollClosed):
        vote(poll, tenant, 1, at=poll.closes_at)


@pytest.mark.usefixtures("database")
def test_staff_a_paused_tenant_and_nonsense_leave_no_ballot() -> None:
    poll, staff = open_poll(make_thread()), make_staff(Role.MODERATOR, Party.TENANTS)
    paused = make_tenant(suspended_until=T0 + DAY)

    for member, answer, error in (
        (staff, Answer((1,), 1), Forbidden),
        (paused, Answer((1,), 1), Suspended),
        (make_tenant(), Answer((1, 2), 1), BallotRefused),
        (make_tenant(), Answer((9,), 1), BallotRefused),
        (make_tenant(), Answer((1,), 2), PollChanged),
    ):
        with pytest.raises(error):
            cast_ballot(poll, answer, actor_of(member), at=T0)

    assert not db.session.query(Ballot).count()


@pytest.mark.usefixtures("database")
def test_a_poll_is_changed_until_the_first_ballot_and_who_saw_the_old_text_chooses_again() -> None:
    poll, moderator = open_poll(make_thread()), actor_of(make_staff(Role.MODERATOR, Party.LANDLORD))
    text = poll_text(options=("De tuin", "De lift"), kind=PollKind.RANKING)

    change_poll(poll, text, moderator, at=T0)
    db.session.commit()

    poll = get_poll(poll.id)
    assert ([option.text for option in poll.options], poll.version) == (["De tuin", "De lift"], 2)
    with pytest.raises(PollChanged):
        cast_ballot(poll, Answer((1,), 1), actor_of(make_tenant()), at=T0)
    vote(poll, make_tenant(), 1, 2)
    with pytest.raises(PollHasBallots):
        change_poll(poll, text, moderator, at=T0)


@pytest.mark.usefixtures("database")
def test_what_staff_enter_counts_as_the_tenants_and_the_tenant_hears_of_it() -> None:
    poll, tenant, staff = open_poll(make_thread()), make_tenant(), make_delegate(Party.TENANTS)

    for choice in (2, 4):  # on second thoughts, by phone again
        enter_ballot(
            poll,
            Answer((choice,), 1),
            tenant.number or "",
            PostSource.PHONE,
            actor_of(staff),
            at=T0 + choice * DAY,
        )

    ballot = find_own_ballot(poll.id, tenant.id)
    assert ballot is not None
    assert (ballot.positions, ballot.source, ballot.entered_by_id) == ((4,), PostSource.PHONE, staff.id)
    assert [row.details["choices"] for row in db.session.query(OutboxMessage).order_by("id")] == [
        ["Het trappenhuis"],
        ["De bellen"],
    ]
    entry = db.session.query(AuditEntry).filter_by(action="ballot.entered").first()
    assert entry is not None
    assert "choices" not in entry.details
    assert poll.ballot_count == 1


@pytest.mark.usefixtures("database")
def test_staff_change_no_ballot_of_the_forum_and_a_tenant_takes_over_an_entered_one() -> None:
    poll, tenant, staff = open_poll(make_thread()), make_tenant(), actor_of(make_delegate(Party.TENANTS))
    enter_ballot(poll, Answer((2,), 1), tenant.number or "", PostSource.LETTER, staff, at=T0)
    vote(poll, tenant, 1)

    with pytest.raises(TenantVoted):
        enter_ballot(poll, Answer((2,), 1), tenant.number or "", PostSource.LETTER, staff, at=T0)
    with pytest.raises(UnknownTenant):
        enter_ballot(poll, Answer((2,), 1), "is-er-niet", PostSource.LETTER, staff, at=T0)
    with pytest.raises(Forbidden):
        enter_ballot(poll, Answer((2,), 1), tenant.number or "", PostSource.LETTER, actor_of(tenant), at=T0)

    ballot = find_own_ballot(poll.id, tenant.id)
    assert ballot is not None
    assert (ballot.positions, ballot.source, ballot.entered_by_id) == ((1,), PostSource.WEB, None)


def test_ballots_cast_at_once_are_all_counted_and_no_change_slips_in_between(database: Flask) -> None:
    poll, tenants = open_poll(make_thread()), [make_tenant() for _ in range(3)]
    moderator, poll_id = actor_of(make_staff(Role.MODERATOR, Party.TENANTS)), poll.id
    voters = [actor_of(tenant) for tenant in [*tenants, tenants[0]]]

    def cast(voter: Any) -> None:
        with unit_of_work():
            cast_ballot(get_poll(poll_id), Answer((1,), 1), voter, at=T0)

    def change() -> None:
        with unit_of_work():
            change_poll(get_poll(poll_id), poll_text(options=("Ja", "Nee")), moderator, at=T0)

    raised = at_once(database, [*(lambda voter=voter: cast(voter) for voter in voters), change])

    db.session.rollback()
    refused = {type(error) for error in raised if error}
    if refused == {PollHasBallots}:
        assert count_ballots(poll_id) == {(1,): 3}
        assert get_poll(poll_id).ballot_count == 3
    else:  # the change came first, and everybody saw the old text; or some voters came before none
        assert refused == {PollChanged}
        assert get_poll(poll_id).ballot_count == 0


@pytest.mark.usefixtures("database")
def test_followers_hear_of_a_poll_and_of_its_result_once_and_voters_of_the_result() -> None:
    thread = make_thread()
    poll, follower, voter = open_poll(thread), make_tenant(), make_tenant()
    make_tenant()
    follow(thread, FollowLevel.EVERYTHING, actor_of(follower), at=T0)
    vote(poll, voter, 2)
    over = poll.closes_at + timedelta(minutes=1)

    for at in (T0, T0, over, over):
        tell_of_polls(at=at)

    told = [(row.member_id, row.event) for row in db.session.query(Notification).order_by("id")]
    assert told == [
        (follower.id, "poll-opened"),
        *((member.id, "poll-result") for member in (follower, voter)),
    ]
    kept = db.session.get_one(Poll, poll.id)
    assert (kept.tenant_count, kept.closed_at) == (3, poll.closes_at)


@pytest.mark.usefixtures("database")
def test_a_poll_closed_before_its_date_says_why_and_stays_closed() -> None:
    poll, moderator = open_poll(make_thread()), actor_of(make_staff(Role.MODERATOR, Party.TENANTS))

    close_poll(poll, "De vraag was niet duidelijk.", moderator, at=T0)

    assert (poll.closed_at, poll.closed_why) == (T0, "De vraag was niet duidelijk.")
    with pytest.raises(PollClosed):
        close_poll(poll, "Nog een keer.", moderator, at=T0)
    with pytest.raises(PollClosed):
        vote(poll, make_tenant(), 1)
    with pytest.raises(Forbidden):
        close_poll(poll, "Mag niet.", replace(moderator, party=None), at=T0)
