"""Reading columns with a list whose places are written once for each length."""

from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import bindparam, select

from forum.agenda.models import Agenda
from forum.agenda.rules import AgendaState
from forum.kernel.database import db
from forum.kernel.reading import read_for_each

YEARS = (2031, 2032, 2033)
OF_YEARS = (
    select(Agenda.year)
    .where(
        Agenda.year.in_(bindparam("years", expanding=True)),
        Agenda.state.in_((AgendaState.DRAFT, AgendaState.PUBLISHED)),
        Agenda.year <= bindparam("last"),
    )
    .order_by(Agenda.year)
)


@pytest.fixture
def years(database: Flask) -> None:
    """Make the agendas of three years."""
    db.session.add_all(Agenda(year=year, topics_wanted=5) for year in YEARS)
    db.session.flush()


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize(
    ("asked", "last", "found"),
    [
        pytest.param([2032], 2040, [2032], id="one"),
        pytest.param([2033, 2031], 2040, [2031, 2033], id="two"),
        pytest.param([2033, 2031], 2032, [2031], id="with another value"),
        pytest.param([2033, 2029, 2033, 2031], 2040, [2031, 2033], id="one that is not there and one twice"),
    ],
)
def test_only_what_is_asked_for_is_read(asked: Sequence[int], last: int, found: Sequence[int]) -> None:
    for _ in range(2):
        assert [row.year for row in read_for_each(OF_YEARS, "years", asked, last=last)] == found
