"""Letters: queued with their cause, printed in batches, on their way when staff say so, and coming back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forum.accounts.rules import CODE_ALPHABET, CODE_LENGTH, token_hash
from forum.audit import service as audit
from forum.invitations import policy
from forum.invitations.channels import (
    PAPER,
    Channel,
    LetterKind,
    LetterState,
    LetterStep,
    PrintReason,
    StepKind,
    fallback,
    letter_after,
)
from forum.invitations.errors import BatchPosted, LetterNotThere, NoLetters
from forum.invitations.letter_queries import list_underway, list_waiting
from forum.invitations.models import Invitation, InvitationLetter, InvitationLink, LetterBatch
from forum.invitations.reaching import mark_undeliverable, reach_of_one, why_to_end
from forum.invitations.rules import InvitationState
from forum.invitations.steps import add_letter_step, add_step
from forum.kernel.actor import SYSTEM, Actor
from forum.kernel.database import db, lock
from forum.kernel.errors import Forbidden
from forum.members.models import Household, MemberState
from forum.panels.models import Panel

BATCH_MOST = 50
"""So many letters are one PDF in some seconds, also on a slow computer; the others are the next batch."""


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter as it is printed now. Its token and code are nowhere else; printing again makes others."""

    letter: InvitationLetter
    home: Household
    token: str
    code: str


def queue_letters(
    invitations: Sequence[Invitation], kind: LetterKind, actor: Actor, *, at: datetime
) -> Sequence[InvitationLetter]:
    """Put a letter in line for each of these people; a letter of the kind that is underway is enough."""
    has_one = {letter.invitation_id for letter in list_underway([row.id for row in invitations], kind)}
    letters = [
        InvitationLetter(invitation_id=row.id, kind=kind, state=LetterState.WAITING)
        for row in invitations
        if row.id not in has_one
    ]
    db.session.add_all(letters)
    db.session.flush()
    for letter in letters:
        add_letter_step(letter, StepKind.QUEUED, actor, at=at)
    return letters


def make_batch(panel: Panel, actor: Actor, *, at: datetime) -> LetterBatch:
    """Take the letters of a panel that wait, and are still wanted, together to print them.

    Two people who do so at once never get the same letter: the second finds what the first left.

    Raises:
        Forbidden: the actor does not invite people of this panel.
        NoLetters: none waits.
    """
    lock(panel)
    _check_may(actor, panel, "make-batch")
    taken = [letter for letter in list_waiting(panel) if _keep_or_drop(letter, at=at)][:BATCH_MOST]
    if not taken:
        raise NoLetters(panel_id=panel.id)
    batch = LetterBatch(panel_id=panel.id, made_at=at, made_by_id=actor.member_id or 0)
    batch.letters = [_stepped(letter, LetterStep.BATCH) for letter in taken]
    db.session.add(batch)
    db.session.flush()
    audit.record(actor, "letters.batched", batch_id=batch.id, letters=[row.id for row in taken], at=at)
    return batch


def print_letters(
    batch: LetterBatch, only: int | None, reason: PrintReason, actor: Actor, *, at: datetime
) -> Sequence[PrintedLetter]:
    """Return the letters of a batch that may still go out, with the address and a new link and code for each.

    Nothing counts as sent, so after a paper jam the same is done again. Letters printed before keep working:
    one of them may be in an envelope.

    Args:
        batch: not yet posted.
        only: the number of one letter; `None` for all.
        reason: why addresses are shown, for the logbook.
        actor: who prints.
        at: the moment.

    Raises:
        Forbidden: the actor does not invite people of this panel.
        BatchPosted: staff said that the letters are on their way.
        NoLetters: none may go out any more.
    """
    lock(batch.panel)
    _check_may(actor, batch.panel, "print-letters")
    if batch.posted_at is not None:
        raise BatchPosted
    letters = [
        letter
        for letter in batch.letters
        if only in (None, letter.id) and letter.state is LetterState.BATCHED and _keep_or_drop(letter, at=at)
    ]
    printed = [_print(letter, actor, at=at) for letter in letters]
    if not printed:
        raise NoLetters(panel_id=batch.panel_id)
    numbers = [letter.id for letter in letters]
    audit.record(actor, "letters.printed", batch_id=batch.id, letters=numbers, reason=reason, at=at)
    return printed


def _print(letter: InvitationLetter, actor: Actor, *, at: datetime) -> PrintedLetter:
    home = letter.invitation.member.household
    assert home is not None, "who has no home is kept from the letters"
    letter.household_id = home.id
    token = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    db.session.add(
        InvitationLink(
            invitation_id=letter.invitation_id,
            token_hash=token_hash(token),
            letter_id=letter.id,
            code_hash=token_hash(code),
            made_at=at,
        )
    )
    add_letter_step(letter, StepKind.PRINTED, actor, at=at)
    return PrintedLetter(letter, home, token, code)


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a batch: how many are on their way, and the numbers that must not be, or must be anew."""

    sent: int
    dropped: Sequence[int]
    redone: Sequence[int]


def confirm_posted(batch: LetterBatch, actor: Actor, *, at: datetime) -> Posted:
    """Record that the letters of a batch were posted or handed over, but for those that may not go any more.

    What was never printed, or for a home that the reader left, waits for the next batch.

    Raises:
        Forbidden: the actor does not invite people of this panel.
        BatchPosted: somebody said so before.
    """
    lock(batch.panel)
    _check_may(actor, batch.panel, "confirm-posted")
    if batch.posted_at is not None:
        raise BatchPosted
    batch.posted_at = at
    printed = [letter for letter in batch.letters if letter.state is LetterState.BATCHED]
    wanted = [letter for letter in printed if _keep_or_drop(letter, at=at)]
    redone = [row for row in wanted if row.household_id != row.invitation.member.household_id]
    for letter in redone:
        _stepped(letter, LetterStep.REDO).batch = None
        add_letter_step(letter, StepKind.QUEUED, actor, at=at)
    sent = [letter for letter in wanted if letter not in redone]
    for letter in sent:
        by_hand = letter.invitation.channel is Channel.HAND
        add_letter_step(
            _stepped(letter, LetterStep.POST), StepKind.HANDED if by_hand else StepKind.POSTED, actor, at=at
        )
    audit.record(actor, "letters.posted", batch_id=batch.id, letters=[row.id for row in sent], at=at)
    return Posted(
        sent=len(sent),
        dropped=[letter.id for letter in printed if letter not in wanted],
        redone=[letter.id for letter in redone],
    )


def record_return(letter: InvitationLetter, actor: Actor, *, at: datetime) -> None:
    """Record that a letter came back: nothing is posted to that home any more, and a person phones.

    Raises:
        Forbidden: the actor does not invite people of this panel.
        LetterNotThere: it was never printed, or came back before.
    """
    invitation = letter.invitation
    lock(invitation.panel)
    _check_may(actor, invitation.panel, "record-return")
    after = letter_after(letter.state, LetterStep.RETURN)
    if after is None or letter.household_id is None:
        raise LetterNotThere(number=letter.id)
    letter.state = after
    mark_undeliverable(invitation.member, letter.household_id, at=at)
    add_letter_step(letter, StepKind.RETURNED, actor, at=at)
    if invitation.state is InvitationState.OPEN and invitation.channel in PAPER:
        go_on_by(invitation, fallback(invitation.channel, reach_of_one(invitation.member)), actor, at=at)
    audit.record(actor, "letter.returned", invitation_id=invitation.id, letter_id=letter.id, at=at)


def go_on_by(invitation: Invitation, channel: Channel, actor: Actor, *, at: datetime) -> None:
    """Ask somebody in another way from now on: a letter is put in line, or they go on the list to phone."""
    if invitation.channel is channel:
        return
    invitation.channel = channel
    if channel in PAPER:
        queue_letters([invitation], LetterKind.INVITED, actor, at=at)
    elif channel is Channel.PHONE:
        add_step(invitation, StepKind.TO_PHONE, actor, at=at)


def _keep_or_drop(letter: InvitationLetter, *, at: datetime) -> bool:
    """Look again whether a letter may go out, just before it does; one that may not is dropped."""
    is_still_wanted, has_home = is_wanted(letter), letter.invitation.member.household_id is not None
    if is_still_wanted and has_home:
        return True
    _stepped(letter, LetterStep.DROP)
    add_letter_step(letter, StepKind.DROPPED, SYSTEM, at=at)
    if is_still_wanted and letter.kind is LetterKind.INVITED:
        go_on_by(letter.invitation, Channel.PHONE, SYSTEM, at=at)
    return False


def is_wanted(letter: InvitationLetter) -> bool:
    """Tell whether a letter may go out, as its invitation, the register and the panel stand now."""
    invitation = letter.invitation
    if letter.kind is LetterKind.WITHDRAWN:
        is_here = invitation.member.state is MemberState.ACTIVE
        return is_here and invitation.state is InvitationState.WITHDRAWN
    return invitation.awaits_answer and invitation.channel in PAPER and why_to_end(invitation) is None


def _stepped(letter: InvitationLetter, step: LetterStep) -> InvitationLetter:
    after = letter_after(letter.state, step)
    assert after is not None, f"a letter that is {letter.state} cannot {step}"
    letter.state = after
    return letter


def _check_may(actor: Actor, panel: Panel, action: str) -> None:
    if not policy.can_enter_answers(actor, panel.coordinator_id):
        raise Forbidden(action=action, panel_id=panel.id)
