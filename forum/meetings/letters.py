"""Letters to who was there and reads on paper: the concept with a slip to answer on, then what was locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.audit import service as audit
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.meetings.errors import NoMinutesLetters, WindowClosed
from forum.meetings.minutes import check_organiser
from forum.meetings.minutes_page import answered_by
from forum.meetings.models import Minutes, MinutesLetter
from forum.meetings.queries import list_letters, list_paper_attendees
from forum.meetings.rules import MinutesState, is_postable
from forum.members.models import Household, Member


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter with whom it is for and the home that stands on it."""

    letter: MinutesLetter
    member: Member
    home: Household


def list_on_paper(minutes: Minutes) -> Sequence[Member]:
    """Return who was there and is best reached by letter, by name; of a concept who still has to answer."""
    return [
        member
        for member in list_paper_attendees(minutes.meeting_id)
        if minutes.state is MinutesState.LOCKED or answered_by(minutes, member.id) < len(minutes.points)
    ]


def list_to_print(minutes: Minutes) -> Sequence[Member]:
    """Return who must still get a letter: nobody said that theirs is in the post."""
    posted = {letter.member_id for letter in list_letters(minutes) if letter.posted_at is not None}
    return [member for member in list_on_paper(minutes) if member.id not in posted]


def print_letters(minutes: Minutes, actor: Actor, *, at: datetime) -> Sequence[PrintedLetter]:
    """Return the letters that must still go, to print; the logbook keeps who saw where people live.

    Nothing counts as sent, so after a paper jam the same is done again; the letters keep their numbers.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        WindowClosed: nobody can answer a concept, or not any more.
        NoMinutesLetters: nobody is best reached on paper, or all letters are in the post.
    """
    _lock_postable(minutes, actor, at)
    known = {letter.member_id: letter for letter in list_letters(minutes)}
    printed = []
    for member in list_to_print(minutes):
        assert member.household is not None, "who has no home gets no letter"
        letter = known.get(member.id) or MinutesLetter(minutes_id=minutes.id, member_id=member.id)
        letter.is_locked, letter.printed_at = minutes.state is MinutesState.LOCKED, at
        db.session.add(letter)
        printed.append(PrintedLetter(letter, member, member.household))
    if not printed:
        raise NoMinutesLetters
    db.session.flush()
    seen = [row.member.id for row in printed]
    audit.record(actor, "minutes_letters.printed", meeting_id=minutes.meeting_id, member_ids=seen, at=at)
    return printed


def mark_posted(minutes: Minutes, actor: Actor, *, at: datetime) -> int:
    """Record that the printed letters are in the post, and return how many; twice changes nothing.

    Raises:
        Forbidden: the actor is no organiser of this panel.
        WindowClosed: nobody can answer a concept, or not any more.
    """
    _lock_postable(minutes, actor, at)
    waiting = [letter for letter in list_letters(minutes) if letter.posted_at is None]
    for letter in waiting:
        letter.posted_at = at
    if waiting:
        sent = [letter.member_id for letter in waiting]
        audit.record(actor, "minutes_letters.posted", meeting_id=minutes.meeting_id, member_ids=sent, at=at)
    return len(waiting)


def _lock_postable(minutes: Minutes, actor: Actor, at: datetime) -> None:
    lock(minutes)
    check_organiser(minutes.meeting, actor)
    if not is_postable(minutes.state, minutes.closes_at, at):
        raise WindowClosed
