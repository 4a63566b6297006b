"""Whoever means harm writes in every field and every row: each page shows it as text and nothing runs."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from wtforms import StringField
from wtforms.fields import HiddenField, PasswordField
from wtforms.fields.core import UnboundField

from forum.discussion.models import Thread
from forum.kernel.clock import local_day, now
from forum.kernel.database import db, unit_of_work
from forum.members.models import Member
from forum.voices.page import FORMULA_MARKS, as_csv
from forum.voices.radar import read_radar
from forum.web.forms import PageForm
from tests.journeys.attacker import Attacker
from tests.journeys.conftest import Walkers
from tests.journeys.hostile import MACHINE, WORDS_IN_JSON, json_columns, text_columns, write_in_every_row
from tests.journeys.page_examples import ADMIN, DELEGATE, MODERATOR, SEND_ON, TENANT, VISITOR
from tests.journeys.served import ServedForum, served_copy
from tests.journeys.test_every_page import examples, is_for
from tests.journeys.visitor import Visitor
from tests.journeys.walked_demo import WalkedDemo

pytestmark = pytest.mark.timeout(300)

OF_SCRIPTS = "/aanwezigen/erbij: status 422"
"""A script sends this form and shows the refusal."""

OF_BUTTONS = {frozenset({"hide", "keep"}), frozenset({"seen"})}
"""Nobody types in these: a button gives them their value."""


def test_a_column_of_the_machine_is_still_there() -> None:
    assert not MACHINE - {str(column) for column in text_columns()}


def test_every_column_of_json_says_what_persons_write_in_it() -> None:
    assert {str(column) for column in json_columns()} == set(WORDS_IN_JSON)


@pytest.fixture
def harmed(demo: WalkedDemo, tmp_path: Path) -> Iterator[ServedForum]:
    """Return a copy of the demo year in which every person wrote what does harm."""
    with served_copy(tmp_path, demo.forum, PUBLIC_READING="yes", REQUESTS_PER_MINUTE="1000000") as served:
        with served.inside(), unit_of_work():
            write_in_every_row()
        yield served


def test_what_is_written_to_do_harm_is_shown_as_text(harmed: ServedForum, walkers: Walkers) -> None:
    with harmed.inside():
        number = db.session.query(Member.number).order_by(Member.id.desc())[0].number
    later = (local_day(now()) + timedelta(days=60)).isoformat()
    attacker = Attacker(harmed.app.url_map.bind("127.0.0.1"), number, later)

    for who in (TENANT, DELEGATE, MODERATOR, ADMIN, VISITOR):
        visitor = attacker.prepare(Visitor(walkers.chromium, harmed.address, cookies=walkers.sign_ins[who]))
        for endpoint, example in examples():
            if is_worth_a_look(who, endpoint, example):
                attacker.visit(visitor, walkers.path(example))
        attacker.faults += [fault for fault in visitor.faults if not fault.endswith(OF_SCRIPTS)]
        visitor.context.close()

    assert not attacker.faults, f"{len(attacker.faults)} faults\n" + "\n".join(attacker.faults)
    assert {names for names in fields_of_forms() if not attacker.typed_in(names)} == OF_BUTTONS


def test_a_file_for_a_spreadsheet_holds_the_very_names_and_nothing_to_calculate(harmed: ServedForum) -> None:
    with harmed.inside():
        topic_id = db.session.query(Thread.topic_id)[0].topic_id
        radar = read_radar(topic_id, year=local_day(now()).year)
        file = as_csv(radar).decode("utf-8-sig")

    rows = list(csv.reader(StringIO(file, newline=""), delimiter=";", strict=True))

    names = [row.name for table in radar.tables for row in table.rows]
    cells = [cell for row in rows for cell in row]
    assert [as_typed(row[1]) for row in rows[2:]] == names
    assert not [cell for cell in cells if cell.startswith(FORMULA_MARKS)]
    assert [name for name in names if name.startswith(FORMULA_MARKS)]


def as_typed(cell: str) -> str:
    """Return what a spreadsheet makes of a cell: a mark before what would be calculated says it is text."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA_MARKS) else cell


def is_worth_a_look(who: str, endpoint: str, example: str) -> bool:
    """Tell whether somebody sees what those before them did not, or may send what they may not."""
    if endpoint in SEND_ON or not is_for(who, endpoint, example):
        return False
    if who == ADMIN:
        return not is_for(MODERATOR, endpoint, example)
    return who != VISITOR or endpoint.startswith(("accounts.", "attendance."))


def fields_of_forms() -> set[frozenset[str]]:
    """Return for each form there is the names of the fields of its own that one types words in."""
    return {names for form in forms_below(PageForm) if (names := typed_fields(form))}


def forms_below(parent: type[PageForm]) -> Iterator[type[PageForm]]:
    for form in parent.__subclasses__():
        yield form
        yield from forms_below(form)


def typed_fields(form: type[PageForm]) -> frozenset[str]:
    return frozenset(
        name
        for name, made in vars(form).items()
        if isinstance(made, UnboundField)
        and issubclass(made.field_class, StringField)
        and not issubclass(made.field_class, HiddenField | PasswordField)
    )
