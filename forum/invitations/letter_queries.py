"""Reading letters and their batches."""

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from forum.accounts.rules import plain_code, plain_postcode, token_hash
from forum.invitations.channels import PAPER, UNDERWAY, LetterKind, LetterState
from forum.invitations.models import Invitation, InvitationLetter, InvitationLink, LetterBatch
from forum.invitations.rules import InvitationState
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.members.models import Household, Member
from forum.panels.models import Panel
from forum.panels.rules import PanelState

IDS_AT_ONCE = 500


def list_underway(invitation_ids: Sequence[int], kind: LetterKind) -> Sequence[InvitationLetter]:
    """Return the letters of a kind about these invitations that still have to be posted."""
    found: list[InvitationLetter] = []
    for start in range(0, len(invitation_ids), IDS_AT_ONCE):
        chunk = invitation_ids[start : start + IDS_AT_ONCE]
        found += db.session.scalars(
            select(InvitationLetter).where(
                InvitationLetter.invitation_id.in_(chunk),
                InvitationLetter.kind == kind,
                InvitationLetter.state.in_(UNDERWAY),
            )
        )
    return found


def list_waiting(panel: Panel) -> Sequence[InvitationLetter]:
    """Return the letters of a panel that wait to be printed, oldest first, with whom they are for."""
    return db.session.scalars(
        select(InvitationLetter)
        .join(Invitation, Invitation.id == InvitationLetter.invitation_id)
        .where(Invitation.panel_id == panel.id, InvitationLetter.state == LetterState.WAITING)
        .options(_READER)
        .order_by(InvitationLetter.id)
    ).all()


_READER = (
    joinedload(InvitationLetter.invitation)
    .joinedload(Invitation.member)
    .joinedload(Member.household)
    .joinedload(Household.complex)
)


def get_batch(panel_id: int, batch_id: int) -> LetterBatch:
    """Return a batch of a panel with its letters.

    Raises:
        NotFound: the panel has none with this number.
    """
    batch = db.session.scalar(
        select(LetterBatch).where(LetterBatch.id == batch_id, LetterBatch.panel_id == panel_id)
    )
    if batch is None:
        raise NotFound(batch_id=batch_id)
    return batch


def list_letters_in(batch: LetterBatch) -> Sequence[InvitationLetter]:
    """Return the letters of a batch with whom they are for, by number."""
    return db.session.scalars(
        select(InvitationLetter)
        .where(InvitationLetter.batch_id == batch.id)
        .options(_READER)
        .order_by(InvitationLetter.id)
    ).all()


def list_batches(panel: Panel) -> Sequence[tuple[LetterBatch, int]]:
    """Return the last hundred batches of a panel with how many letters each has, the newest first."""
    rows = db.session.execute(
        select(LetterBatch, func.count(InvitationLetter.id))
        .outerjoin(InvitationLetter, InvitationLetter.batch_id == LetterBatch.id)
        .where(LetterBatch.panel_id == panel.id)
        .group_by(LetterBatch.id)
        .order_by(LetterBatch.id.desc())
        .limit(100)
    )
    return [(batch, count) for batch, count in rows]


def get_letter(letter_id: int) -> InvitationLetter:
    """Return a letter.

    Raises:
        NotFound: there is none with this number.
    """
    letter = db.session.get(InvitationLetter, letter_id)
    if letter is None:
        raise NotFound(letter_id=letter_id)
    return letter


def find_letter(panel: Panel, typed: str) -> InvitationLetter | None:
    """Return the letter of a panel by what is printed on it: its number, or its code."""
    letters = (
        select(InvitationLetter)
        .join(Invitation, Invitation.id == InvitationLetter.invitation_id)
        .where(Invitation.panel_id == panel.id)
    )
    code = plain_code(typed)
    if code.isdecimal() and len(code) < 10:
        return db.session.scalar(letters.where(InvitationLetter.id == int(code)))
    with_code = letters.join(InvitationLink, InvitationLink.letter_id == InvitationLetter.id)
    return db.session.scalar(with_code.where(InvitationLink.code_hash == token_hash(code)))


def find_by_code(typed_code: str, typed_postcode: str) -> Invitation | None:
    """Return the invitation that a code of a letter stands for, with the postcode that is on that letter."""
    link = db.session.scalar(
        select(InvitationLink).where(InvitationLink.code_hash == token_hash(plain_code(typed_code)))
    )
    home = link.letter.household if link and link.letter else None
    if link is None or home is None or plain_postcode(home.postcode) != plain_postcode(typed_postcode):
        return None
    return link.invitation


def count_waiting(panel: Panel) -> int:
    """Return how many letters of a panel wait to be printed; once it stopped nobody is invited any more."""
    is_asked = and_(Invitation.state == InvitationState.OPEN, Invitation.channel.in_(PAPER))
    is_withdrawn = InvitationLetter.kind == LetterKind.WITHDRAWN
    return (
        db.session.scalar(
            select(func.count())
            .select_from(InvitationLetter)
            .join(Invitation, Invitation.id == InvitationLetter.invitation_id)
            .where(
                Invitation.panel_id == panel.id,
                InvitationLetter.state == LetterState.WAITING,
                or_(is_asked, is_withdrawn) if panel.state is PanelState.CONFIRMED else is_withdrawn,
            )
        )
        or 0
    )
