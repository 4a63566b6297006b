"""Entering what tenants wrote on slips, and withdrawing it when they ask."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from forum.accounts.rules import CODE_ALPHABET
from forum.audit import service as audit
from forum.discussion import entering
from forum.discussion.models import Thread
from forum.discussion.rules import PostSource, Stance
from forum.discussion.service import Body, Placement
from forum.kernel.actor import Actor
from forum.kernel.database import db, lock
from forum.members.queries import get_tenant
from forum.paper import emails, queries
from forum.paper.errors import EmptySlip, NoConsent
from forum.paper.models import Slip

CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class SlipText:
    """What is on a slip; `code` is for its receipt, `form_key` makes a double click one slip."""

    code: str
    number: str
    body: Body | None
    stance: Stance | None
    question_id: int | None
    has_consent: bool
    form_key: str


def new_code() -> str:
    """Return a code for a receipt: some 38 bits, so that nobody guesses one that exists."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def enter_slip(thread: Thread, slip: SlipText, actor: Actor, *, at: datetime) -> Slip:
    """Place what a tenant wrote on paper; it counts as theirs. The same form again gives the same slip.

    Raises:
        EmptySlip: there is no text and no stance.
        NoConsent: the tenant did not agree to have it shown.
        UnknownTenant: no active tenant has this number.
        Forbidden: the actor is no moderator or delegate.
        ThreadNotOpen: nothing can be written in this phase, or no stance taken any more.
        NotFound: the sub-question is not of this thread.
    """
    if slip.body is None and slip.stance is None:
        raise EmptySlip
    if not slip.has_consent:
        raise NoConsent
    lock(thread)
    made = queries.find_slip_by_form_key(slip.form_key)
    if made is not None:
        return made
    tenant = get_tenant(slip.number)
    row = Slip(
        code=slip.code,
        form_key=slip.form_key,
        thread_id=thread.topic_id,
        member_id=tenant.id,
        stance=slip.stance,
        entered_by_id=actor.member_id,
        at=at,
    )
    if slip.stance is not None:  # first: a debate asks for it before the posts are read
        entering.enter_stance(thread, slip.stance, tenant, actor, at=at)
    if slip.body is not None:
        place = Placement(question_id=slip.question_id, source=PostSource.LETTER, form_key=slip.form_key)
        post = entering.enter_post(thread.topic_id, slip.body, place, slip.number, actor, at=at)
        made = queries.find_slip_by_post(post.id)
        if made is not None:  # the same words of the same tenant, typed twice within some minutes
            return made
        row.post_id = post.id
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "slip.entered", slip_id=row.id, member_id=tenant.id, at=at)
    emails.slip_received(row, tenant, thread, slip.body, at=at)
    return row


def withdraw_slip(slip: Slip, actor: Actor, *, at: datetime) -> None:
    """Take the post of a slip from the forum because its tenant asks so; the stance stays in the counts.

    Raises:
        NotFound: the slip has no post, or the actor may enter none.
        PostGone: a moderator hid it.
    """
    entering.withdraw_entered_post(queries.get_post_of(slip), actor, at=at)
