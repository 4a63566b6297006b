"""Commands die at random moments: what they do is done as a whole or not at all, and never twice."""

import os
import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.audit.service import find_broken_entry
from forum.invitations.channels import LetterState, PrintReason
from forum.invitations.errors import BatchPosted, NoLetters
from forum.invitations.letter_queries import list_batches
from forum.invitations.letters import confirm_posted, make_batch, print_letters
from forum.invitations.models import Invitation, InvitationLetter, InvitationLink
from forum.invitations.service import invite_panel
from forum.jobs.cli import jobs
from forum.jobs.registry import BACKLOGS
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.mail.jobs import deliver_mail
from forum.mail.models import OutboxMessage, OutboxState
from forum.mail.rules import LEASE
from forum.members.cli import members
from forum.members.models import Member
from forum.notifications.models import Notification
from forum.panels.cli import panels
from forum.panels.entries import load_dossier
from forum.panels.queries import get_panel
from forum.panels.rules import PanelState
from tests.faults.killing import kill_after, seconds_of, start, start_command
from tests.mail.conftest import UseMail
from tests.mail.letters import TEMPLATE
from tests.mail.mail_server import Postbox, post_server
from tests.support.cast import make_tenant
from tests.support.panels import OVER, make_confirmed_panel, make_debate, make_moderator, make_panel

SEED = 20_260_302
ROUNDS = int(os.environ.get("KILL_ROUNDS", "10"))
"""How often a selection is killed; `KILL_ROUNDS=50` takes a few minutes."""
TENANTS = 150
LETTERS = 40
KILLS = int(os.environ.get("KILLS", "10"))
"""How often the making of letters is killed; `tests/bench/run.py` does so more often."""


def register(folder: Path, turn: int) -> str:
    """Write a register in which every tenant has the telephone number of this turn."""
    head = "number,last_name,phone,street,house_number,postcode,city"
    rows = [f"H{place},Jansen,06-{turn:08},Laan,{place},1234AB,Ede" for place in range(TENANTS)]
    path = folder / "register.csv"
    path.write_text("\n".join([head, *rows]))
    return str(path)


def phones() -> Counter[str | None]:
    return Counter(db.session.scalars(select(Member.phone).where(Member.number.like("H%"))))


def test_an_import_that_is_killed_imports_all_or_nothing(database: Flask, tmp_path: Path) -> None:
    dice = random.Random(SEED)
    whole = seconds_of(database, members, "import", register(tmp_path, 0))
    before, killed = phones(), 0
    assert before == {"06-00000000": TENANTS}

    for turn in range(1, 8):
        pid = start_command(database, members, "import", register(tmp_path, turn))
        was_killed = kill_after(pid, dice.uniform(0.1, 1.0) * whole)

        killed += was_killed
        after = phones()
        assert after in (before, {f"06-{turn:08}": TENANTS})
        assert was_killed or after != before
        before = after
        db.session.remove()
    assert killed
    assert find_broken_entry() is None


def test_a_selection_that_is_killed_is_whole_or_not_there(database: Flask) -> None:
    thread, _ = make_debate(12)
    panel_id = make_panel(thread).id
    dice = random.Random(SEED)
    states = set()
    choose = ("select", str(panel_id), "--public-value", "314159")
    whole = seconds_of(database, panels, "select", str(panel_id), "--dry-run")

    for _ in range(ROUNDS):
        pid = start_command(database, panels, *choose)
        kill_after(pid, dice.uniform(0.2, 1.2) * whole)

        panel = get_panel(panel_id)
        states.add(panel.state)
        assert panel.state in (PanelState.DRAFT, PanelState.PROPOSED), "never committed without a result"
        assert bool(load_dossier(panel).entries) is (panel.state is PanelState.PROPOSED)
        db.session.remove()
    kill_after(start_command(database, panels, *choose), 30)

    assert get_panel(panel_id).state is PanelState.PROPOSED
    assert database.test_cli_runner().invoke(panels, [*choose[:2]]).exit_code == 0
    assert find_broken_entry() is None


@pytest.fixture
def letters(database: Flask) -> None:
    """Queue many messages that may go out once."""
    people = [make_tenant() for _ in range(LETTERS)]
    with unit_of_work():
        db.session.add_all(
            OutboxMessage(
                key=f"letter:{person.id}",
                member_id=person.id,
                address=str(person.email),
                template=TEMPLATE,
                details={"code": "abc"},
                queued_at=now(),
                due_at=now(),
                resend_when_unsure=False,
            )
            for person in people
        )


@pytest.mark.usefixtures("letters")
def test_inviting_and_sending_that_is_killed_invites_nobody_twice(database: Flask, use_mail: UseMail) -> None:
    thread, _ = make_debate(12)
    panel = make_confirmed_panel(thread, seats=6)
    meeting_id, seats, postbox, dice = panel.id, panel.seats, Postbox(), random.Random(SEED)
    panel.respond_by = now() + timedelta(days=10)
    panel.meetings[0].starts_at = now() + timedelta(days=20)
    panel.meetings[0].ends_at = now() + timedelta(days=20, hours=2)
    db.session.query(Notification).delete()  # news of the debate has mails of its own
    db.session.commit()
    assert panel.respond_by > OVER

    with post_server(postbox) as mail_url:
        use_mail(mail_url)
        for _ in range(12):
            kill_after(start_command(database, jobs, "run", "--once"), dice.uniform(0.01, 0.25))
            invited = db.session.scalars(
                select(Invitation.member_id).where(Invitation.panel_id == meeting_id)
            ).all()
            assert len(invited) in (0, seats), "a panel is invited as a whole"
            assert len(set(invited)) == len(invited)
            assert db.session.scalar(select(func.count()).select_from(InvitationLink)) == len(invited)
            db.session.remove()
        kill_after(start_command(database, jobs, "run", "--once"), 30)
        deliver_mail(at=now() + LEASE + timedelta(minutes=1))

    db.session.rollback()
    sent = Counter(postbox.recipients)
    rows = db.session.execute(select(OutboxMessage.id, OutboxMessage.address, OutboxMessage.state)).all()
    stuck = {row.id for row in BACKLOGS["mail"].list_stuck(100)}
    assert len(rows) == LETTERS + seats
    assert {state for _, _, state in rows} <= {OutboxState.SENT, OutboxState.UNSURE}
    assert max(sent.values()) == 1, "nobody gets anything twice"
    assert all(sent[address] == 1 for _, address, state in rows if state is OutboxState.SENT)
    assert {number for number, _, state in rows if state is OutboxState.UNSURE} == stuck
    assert find_broken_entry() is None


def test_letters_whose_making_is_killed_are_neither_lost_nor_made_twice(database: Flask) -> None:
    thread, tenants = make_debate(12)
    for tenant in tenants:
        tenant.email = None
    panel = make_confirmed_panel(thread, seats=6)
    panel_id, seats, moderator, dice = panel.id, panel.seats, make_moderator(), random.Random(SEED)
    db.session.commit()

    def do_it_all() -> None:
        """Invite, make a batch of the letters, print it, confirm it; each in a unit of work of its own."""
        with database.app_context():
            with unit_of_work():
                invite_panel(get_panel(panel_id), at=OVER)
            with suppress(NoLetters), unit_of_work():
                make_batch(get_panel(panel_id), moderator, at=OVER)
            for batch, _ in list_batches(get_panel(panel_id)):
                with suppress(NoLetters, BatchPosted), unit_of_work():
                    print_letters(batch, None, PrintReason.TO_SEND, moderator, at=OVER)
                with suppress(BatchPosted), unit_of_work():
                    confirm_posted(batch, moderator, at=OVER)

    for _ in range(KILLS):
        kill_after(start(do_it_all), dice.uniform(0.0, 0.4))
        letters = db.session.query(InvitationLetter).all()
        assert len({letter.invitation_id for letter in letters}) == len(letters), "one letter for each"
        assert len(letters) in (0, seats)
        assert all((letter.batch_id is None) is (letter.state is LetterState.WAITING) for letter in letters)
        assert len({letter.batch_id for letter in letters}) <= 1, "a batch is made as a whole"
        db.session.remove()
    kill_after(start(do_it_all), 60)

    states = Counter(db.session.scalars(select(InvitationLetter.state)))
    assert states == {LetterState.POSTED: seats}
    assert find_broken_entry() is None
