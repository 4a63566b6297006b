"""Kill -9 while free seats are filled: a seat is given up and given on in one go, to nobody twice."""

import random
from collections import Counter
from datetime import timedelta
from functools import partial

from flask import Flask
from sqlalchemy import select

from forum.audit.service import find_broken_entry
from forum.invitations import jobs, service
from forum.invitations.models import Invitation
from forum.invitations.queries import get_invitation, list_invitations
from forum.invitations.rules import AnswerSource, InvitationState, Rsvp
from forum.kernel.actor import VISITOR
from forum.kernel.database import db
from forum.mail.models import OutboxMessage
from forum.panels.dossier_replay import replay
from forum.panels.entries import load_dossier
from forum.panels.queries import get_panel
from tests.faults.killing import ENOUGH_TIME, KILLS, count_statements, kill_at
from tests.support.panels import OVER, make_confirmed_panel, make_debate

pytestmark = ENOUGH_TIME
SEED = 20_261_130
SEATS = 5


def test_a_refill_that_is_killed_gives_each_seat_on_once(database: Flask) -> None:
    panel = make_confirmed_panel(make_debate(12)[0], seats=SEATS)
    service.invite_panel(panel, at=OVER)
    panel_id, [sitting, *others] = panel.id, [row.id for row in list_invitations(panel)]
    yes = Rsvp.ACCEPTED
    service.answer(get_invitation(sitting), yes, AnswerSource.LINK, VISITOR, at=OVER + timedelta(days=1))
    db.session.commit()
    over = get_invitation(others[0]).respond_by + timedelta(days=1)
    step, dice = partial(jobs.expire_unanswered, at=over), random.Random(SEED)
    statements = count_statements(step)

    for _ in others:  # one seat further each time: it dies halfway, and then just after its commit
        for statement in [
            *(dice.randint(1, statements) for _ in range(KILLS // len(others))),
            statements + 2,
        ]:
            kill_at(step, statement)
            _check_whole(panel_id, sitting)
    step()
    step()

    states = _check_whole(panel_id, sitting)
    assert states[InvitationState.EXPIRED] == len(others)
    assert states[InvitationState.OPEN] == len(others)
    assert replay(load_dossier(get_panel(panel_id)).as_document()).agrees
    assert find_broken_entry() is None


def _check_whole(panel_id: int, sitting: int) -> Counter[InvitationState]:
    """Return how the invitations stand, after looking whether all that was done is whole."""
    db.session.rollback()
    rows = list_invitations(get_panel(panel_id))
    states = Counter(row.state for row in rows)
    keys = db.session.scalars(select(OutboxMessage.key)).all()
    asked = db.session.scalars(select(Invitation.member_id).where(Invitation.panel_id == panel_id)).all()
    assert get_invitation(sitting).state is InvitationState.ACCEPTED
    assert states[InvitationState.OPEN] + states[InvitationState.ACCEPTED] == SEATS, "no seat lost or doubled"
    assert len(set(asked)) == len(asked), "nobody is invited twice"
    assert len(set(keys)) == len(keys)
    assert {f"invitation:{row.id}:sent" for row in rows} <= set(keys), "whoever is invited is told"
    db.session.remove()
    return states
