"""Making polls and taking ballots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.audit import service as audit
from forum.discussion.errors import Suspended, ThreadNotOpen
from forum.discussion.models import Thread
from forum.discussion.rules import PostSource
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.members.queries import get_tenant
from forum.polls import emails, policy, queries
from forum.polls.errors import (
    BallotRefused,
    ClosesTooSoon,
    PollChanged,
    PollClosed,
    PollHasBallots,
    TenantVoted,
)
from forum.polls.models import Ballot, Poll, PollOption, as_text
from forum.polls.rules import PollKind, is_answer


@dataclass(frozen=True, slots=True)
class PollText:
    """What a moderator typed. `most_choices` counts for a poll with more than one choice only."""

    question: str
    options: Sequence[str]
    kind: PollKind
    most_choices: int
    closes_at: datetime
    is_result_after_closing: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody chose: positions of options, in a ranking the best first, of the version they saw."""

    choices: tuple[int, ...]
    version: int


def make_poll(thread: Thread, text: PollText, actor: Actor, *, at: datetime) -> Poll:
    """Put a poll on a topic.

    Raises:
        Forbidden: the actor is no moderator of a party.
        ThreadNotOpen: the debate has not begun, or the topic is closed.
        ClosesTooSoon: it would be over at once.
    """
    if not policy.can_make_poll(actor):
        raise Forbidden(action="make-poll")
    lock(thread)
    if at < thread.opens_at or thread.closed_at is not None:
        raise ThreadNotOpen
    poll = Poll(thread_id=thread.topic_id, party=actor.party, member_id=actor.member_id, at=at)
    poll.version, poll.ballot_count, poll.closed_why = 1, 0, ""
    _write(poll, text, at)
    thread.has_polls = True
    db.session.add(poll)
    db.session.flush()
    audit.record(actor, "poll.made", poll_id=poll.id, topic_id=thread.topic_id, at=at)
    return poll


def change_poll(poll: Poll, text: PollText, actor: Actor, *, at: datetime) -> None:
    """Change a poll that nobody answered yet.

    Raises:
        Forbidden: the actor is no moderator of a party.
        PollClosed: it is over.
        PollHasBallots: somebody voted; close it and make another.
        ClosesTooSoon: it would be over at once.
    """
    if not policy.can_make_poll(actor):
        raise Forbidden(action="change-poll")
    _lock_open(poll, at)
    if poll.ballot_count:
        raise PollHasBallots
    poll.version += 1
    poll.options.clear()
    db.session.flush()  # the places are free before others take them
    _write(poll, text, at)
    audit.record(actor, "poll.changed", poll_id=poll.id, topic_id=poll.thread_id, version=poll.version, at=at)


def _write(poll: Poll, text: PollText, at: datetime) -> None:
    if text.closes_at <= at:
        raise ClosesTooSoon
    poll.question, poll.kind, poll.closes_at = text.question, text.kind, text.closes_at
    poll.most_choices = text.most_choices if text.kind is PollKind.MULTIPLE else 1
    poll.is_result_after_closing = text.is_result_after_closing
    poll.options.extend(
        PollOption(position=position, text=option) for position, option in enumerate(text.options, 1)
    )


def close_poll(poll: Poll, why: str, actor: Actor, *, at: datetime) -> None:
    """Close a poll before its date, with a reason that everybody reads.

    Raises:
        Forbidden: the actor is no moderator of a party.
        PollClosed: it is over.
    """
    if not policy.can_make_poll(actor):
        raise Forbidden(action="close-poll")
    _lock_open(poll, at)
    poll.closed_at, poll.closed_why = at, why
    audit.record(actor, "poll.closed", poll_id=poll.id, topic_id=poll.thread_id, why=why, at=at)


def cast_ballot(poll: Poll, answer: Answer, actor: Actor, *, at: datetime) -> None:
    """Record what a tenant answers, or answers now.

    Raises:
        Suspended: the actor is paused.
        Forbidden: the actor is no tenant.
        PollClosed: it is over.
        PollChanged: the tenant saw an older version of it.
        BallotRefused: the choices are no answer to it.
    """
    if actor.suspended:
        raise Suspended
    if not policy.can_answer_poll(actor) or actor.member_id is None:
        raise Forbidden(action="vote")
    _lock_open(poll, at)
    _keep(poll, answer, Ballot(member_id=actor.member_id, source=PostSource.WEB, entered_by_id=None, at=at))


def enter_ballot(
    poll: Poll, answer: Answer, number: str, source: PostSource, actor: Actor, *, at: datetime
) -> None:
    """Record what a tenant answered on paper, by phone or at a meeting; the tenant hears of it by mail.

    It replaces what staff entered for this tenant before, never what the tenant did on the forum.

    Raises:
        Forbidden: the actor may enter nothing for others.
        UnknownTenant: no active tenant has this number.
        TenantVoted: the tenant voted on the forum.
        PollClosed: it is over.
        PollChanged: the options were others when the page was opened.
        BallotRefused: the choices are no answer to it.
    """
    if not policy.can_enter_ballot(actor):
        raise Forbidden(action="enter-ballot")
    _lock_open(poll, at)
    tenant = get_tenant(number)
    standing = queries.find_own_ballot(poll.id, tenant.id)
    if standing is not None and standing.source is PostSource.WEB:
        raise TenantVoted
    _keep(poll, answer, Ballot(member_id=tenant.id, source=source, entered_by_id=actor.member_id, at=at))
    audit.record(
        actor,
        "ballot.entered",
        poll_id=poll.id,
        topic_id=poll.thread_id,
        member_id=tenant.id,
        source=source,
        at=at,
    )
    emails.ballot_entered(poll, tenant, answer.choices, at=at)


def _lock_open(poll: Poll, at: datetime) -> None:
    lock(poll)
    if not poll.is_open(at):
        raise PollClosed


def _keep(poll: Poll, answer: Answer, ballot: Ballot) -> None:
    """Store a ballot in a locked poll, instead of the one that this member has."""
    if answer.version != poll.version:
        raise PollChanged
    if not is_answer(poll.kind, answer.choices, options=len(poll.options), most=poll.most_choices):
        raise BallotRefused
    if queries.find_own_ballot(poll.id, ballot.member_id) is None:
        poll.ballot_count += 1
    ballot.poll_id, ballot.choices = poll.id, as_text(answer.choices)
    db.session.merge(ballot)
