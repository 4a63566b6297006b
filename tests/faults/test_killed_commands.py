"""Commands die at random moments: what they do is done as a whole or not at all, and never twice."""

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.audit.service import find_broken_entry
from forum.discussion.queries import get_thread_row
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
from tests.faults.killing import ENOUGH_TIME, KILLS, kill_after, seconds_of, start, start_command
from tests.mail.conftest import UseMail
from tests.mail.letters import TEMPLATE
from tests.mail.mail_server import Postbox, post_server
from tests.support.cast import make_tenant
from tests.support.panels import OVER, make_confirmed_panel, make_debate, make_moderator, make_panel

pytestmark = ENOUGH_TIME
SEED = 20_260_302
TENANTS = 150
LETTERS = 40
SEATS = 6


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
    topic_id = make_debate(12)[0].topic_id
    panel_id, dice, killed = make_panel(get_thread_row(topic_id)).id, random.Random(SEED), 0
    whole = seconds_of(database, panels, "select", str(panel_id), "--dry-run")

    def choose(seconds: float) -> bool:
        pid = start_command(database, panels, "select", str(panel_id), "--public-value", "314159")
        return kill_after(pid, seconds)

    for _ in range(KILLS):
        killed += choose(dice.uniform(0.2, 1.2) * whole)

        panel = get_panel(panel_id)
        assert panel.state in (PanelState.DRAFT, PanelState.PROPOSED), "never committed without a result"
        assert bool(load_dossier(panel).entries) is (panel.state is PanelState.PROPOSED)
        if panel.state is PanelState.PROPOSED:
            panel_id = make_panel(get_thread_row(topic_id)).id
        db.session.remove()
    choose(30)

    assert killed
    assert get_panel(panel_id).state is PanelState.PROPOSED
    assert database.test_cli_runner().invoke(panels, ["select", str(panel_id)]).exit_code == 0
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


def _to_invite() -> int:
    """Return a panel that the next run of the tasks invites."""
    panel = make_confirmed_panel(make_debate(12)[0], seats=SEATS)
    panel.respond_by = now() + timedelta(days=10)
    panel.meetings[0].starts_at = now() + timedelta(days=20)
    panel.meetings[0].ends_at = now() + timedelta(days=20, hours=2)
    db.session.query(Notification).delete()  # news of the debate has mails of its own
    db.session.commit()
    assert panel.respond_by > OVER
    return panel.id


@pytest.mark.usefixtures("letters")
def test_inviting_and_sending_that_is_killed_invites_nobody_twice(database: Flask, use_mail: UseMail) -> None:
    panel_ids, postbox, dice, killed = [_to_invite()], Postbox(), random.Random(SEED), 0

    with post_server(postbox) as mail_url:
        use_mail(mail_url)
        for _ in range(KILLS):
            killed += kill_after(start_command(database, jobs, "run", "--once"), dice.uniform(0.01, 0.25))
            asked = db.session.execute(select(Invitation.panel_id, Invitation.member_id)).all()
            invited = Counter(row.panel_id for row in asked)
            assert set(invited.values()) <= {SEATS}, "a panel is invited as a whole"
            assert len(set(asked)) == len(asked)
            assert db.session.scalar(select(func.count()).select_from(InvitationLink)) == len(asked)
            if panel_ids[-1] in invited:
                panel_ids.append(_to_invite())
            db.session.remove()
        kill_after(start_command(database, jobs, "run", "--once"), 60)
        deliver_mail(at=now() + LEASE + timedelta(minutes=1))

    assert killed
    db.session.rollback()
    sent = Counter(postbox.recipients)
    rows = db.session.execute(select(OutboxMessage.id, OutboxMessage.address, OutboxMessage.state)).all()
    stuck = {row.id for row in BACKLOGS["mail"].list_stuck(100)}
    assert len(rows) == LETTERS + SEATS * len(panel_ids)
    assert {state for _, _, state in rows} <= {OutboxState.SENT, OutboxState.UNSURE}
    assert max(sent.values()) == 1, "nobody gets anything twice"
    assert all(sent[address] == 1 for _, address, state in rows if state is OutboxState.SENT)
    assert {number for number, _, state in rows if state is OutboxState.UNSURE} == stuck
    assert find_broken_entry() is None


def _to_write_to() -> int:
    """Return a panel whose people all get letters."""
    thread, tenants = make_debate(12)
    for tenant in tenants:
        tenant.email = None
    panel_id = make_confirmed_panel(thread, seats=SEATS).id
    db.session.commit()
    return panel_id


def test_letters_whose_making_is_killed_are_neither_lost_nor_made_twice(database: Flask) -> None:
    panel_ids, moderator, dice, killed = [_to_write_to()], make_moderator(), random.Random(SEED), 0
    db.session.commit()

    def do_it_all() -> None:
        """Invite, make a batch of the letters, print it, confirm it; each in a unit of work of its own."""
        with database.app_context():
            panel_id = panel_ids[-1]
            with unit_of_work():
                invite_panel(get_panel(panel_id), at=OVER)
            with suppress(NoLetters), unit_of_work():
                make_batch(get_panel(panel_id), moderator, at=OVER)
            for batch, _ in list_batches(get_panel(panel_id)):
                with suppress(NoLetters, BatchPosted), unit_of_work():
                    print_letters(batch, None, PrintReason.TO_SEND, moderator, at=OVER)
                with suppress(BatchPosted), unit_of_work():
                    confirm_posted(batch, moderator, at=OVER)

    def letters_of(panel_id: int) -> Sequence[InvitationLetter]:
        return db.session.scalars(
            select(InvitationLetter)
            .join(Invitation, Invitation.id == InvitationLetter.invitation_id)
            .where(Invitation.panel_id == panel_id)
        ).all()

    for _ in range(KILLS):
        killed += kill_after(start(do_it_all), dice.uniform(0.0, 0.4))
        letters = letters_of(panel_ids[-1])
        assert len({letter.invitation_id for letter in letters}) == len(letters), "one letter for each"
        assert len(letters) in (0, SEATS)
        assert all((letter.batch_id is None) is (letter.state is LetterState.WAITING) for letter in letters)
        assert len({letter.batch_id for letter in letters}) <= 1, "a batch is made as a whole"
        if {letter.state for letter in letters} == {LetterState.POSTED}:
            panel_ids.append(_to_write_to())
        db.session.remove()
    kill_after(start(do_it_all), 60)

    assert killed
    for panel_id in panel_ids:
        assert Counter(row.state for row in letters_of(panel_id)) == {LetterState.POSTED: SEATS}
    assert find_broken_entry() is None
