"""The page on missing voices: what it counts, what it keeps hidden, what was done, the file."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from forum.audit.models import AuditEntry
from forum.discussion import visits
from forum.discussion.models import StanceAnswer, Thread
from forum.discussion.queries import get_thread_row
from forum.discussion.rules import PostState, Stance
from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import db, unit_of_work
from forum.kernel.errors import Forbidden
from forum.members.models import Complex, Member, MemberState
from forum.voices.errors import ActionDayRefused
from forum.voices.hiding import Hidden
from forum.voices.models import VoiceAction
from forum.voices.page import Line, parts_of
from forum.voices.radar import Radar, read_radar
from forum.voices.rules import ActionKind, Grouping, Measure
from forum.voices.service import Done, note_action
from tests.support.browser import Browser
from tests.support.cast import (
    actor_of,
    make_complex,
    make_delegate,
    make_household,
    make_post,
    make_site,
    make_staff,
    make_tenant,
    make_thread,
)
from tests.support.together import at_once

SMALL = Hidden.SMALL
LETTER = Done(ActionKind.LETTER, Grouping.COMPLEX, "De Kade", local_day(now()))


def make_tenants(place: Complex, count: int, thread: Thread, *, readers: int, writers: int = 0) -> None:
    """Let tenants move in; the first of them write, and more of them answer the stance question."""
    tenants = [
        Member(number=f"{place.name}{number}", display_name="Huurder", birth_year=1990, household=home)
        for number, home in enumerate([make_household(place)] * count)
    ]
    db.session.add_all(tenants)
    db.session.flush()
    db.session.add_all(
        StanceAnswer(
            thread_id=thread.topic_id,
            member_id=tenant.id,
            first=Stance.FOR,
            first_at=thread.opens_at,
            current=Stance.FOR,
        )
        for tenant in tenants[:readers]
    )
    for tenant in tenants[:writers]:
        make_post(thread, tenant)
    db.session.commit()


def make_debate() -> Thread:
    """Return a debate in which one complex of three hardly reads."""
    thread = make_thread(opens_at=now() - timedelta(days=9))
    make_tenants(make_complex("Boomgaard", "Oost"), 30, thread, readers=20, writers=8)
    make_tenants(make_complex("Veldzicht", "Oost"), 12, thread, readers=9)
    make_tenants(make_complex("De Kade", "Haven"), 20, thread, readers=1)
    return thread


def shown(radar: Radar, grouping: Grouping) -> dict[str, tuple[object, ...]]:
    table = next(table for table in radar.tables if table.grouping is grouping)
    return {row.name: (row.tenants, *row.counts) for row in table.rows}


@pytest.mark.usefixtures("database")
def test_readers_and_writers_are_counted_by_place_and_small_numbers_hidden() -> None:
    radar = read_radar(make_debate().topic_id, year=2026)

    assert radar.register == 62
    assert radar.totals == {Measure.READERS: 30, Measure.WRITERS: 8, Measure.VALUED: SMALL}
    assert shown(radar, Grouping.COMPLEX) == {
        "De Kade": (20, SMALL, SMALL, SMALL),
        "Boomgaard": (30, 20, Hidden.WITH_OTHERS, SMALL),
        "Veldzicht": (12, Hidden.WITH_OTHERS, SMALL, SMALL),
    }
    assert shown(radar, Grouping.AGE) == {"30-44": (62, 30, 8, SMALL)}
    assert [(row.kind, row.group) for row in radar.suggestions][:1] == [(ActionKind.LETTER, "De Kade")]


@pytest.mark.usefixtures("database")
def test_only_tenants_of_the_register_count_and_a_hidden_post_makes_nobody_a_writer() -> None:
    thread = make_thread(opens_at=now() - timedelta(days=1))
    authors = [make_tenant() for _ in range(7)]
    posts = [make_post(thread, author) for author in authors]
    posts[0].state = PostState.HIDDEN
    for post in posts[:6]:
        post.valuable_count = 1
    for reader in (make_delegate(Party.TENANTS), make_tenant(state=MemberState.GONE), make_tenant()):
        visits.mark_all(thread, 0, actor_of(reader))
    db.session.commit()

    radar = read_radar(thread.topic_id, year=2026)

    assert radar.register == 8
    assert radar.totals == {Measure.READERS: 8, Measure.WRITERS: 6, Measure.VALUED: 5}


@pytest.mark.usefixtures("database")
def test_the_count_takes_three_queries_however_many_groups(app: Flask) -> None:
    topic_id = make_debate().topic_id
    seen: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    read_radar(topic_id, year=2026)

    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 3


@pytest.mark.usefixtures("database")
def test_what_was_done_is_kept_once_with_the_shown_numbers_only() -> None:
    thread, delegate = make_debate(), actor_of(make_delegate(Party.LANDLORD))

    first, again = (note_action(thread, LETTER, delegate, at=now()) for _ in range(2))

    assert first.id == again.id
    assert (first.readers, first.all_readers, first.writers, first.all_writers) == (None, 30, None, 8)
    assert db.session.query(AuditEntry).filter_by(action="voices.action-noted").count() == 1


@pytest.mark.parametrize("days", [-20, 1])
@pytest.mark.usefixtures("database")
def test_a_day_before_the_debate_or_to_come_is_refused(days: int) -> None:
    thread, delegate = make_debate(), actor_of(make_delegate(Party.LANDLORD))
    done = Done(LETTER.kind, LETTER.grouping, LETTER.group, LETTER.on + timedelta(days=days))

    with pytest.raises(ActionDayRefused):
        note_action(thread, done, delegate, at=now())


@pytest.mark.usefixtures("database")
def test_a_tenant_and_a_coordinator_note_nothing() -> None:
    thread = make_debate()

    for member in (make_tenant(), make_staff(Role.COORDINATOR)):
        with pytest.raises(Forbidden):
            note_action(thread, LETTER, actor_of(member), at=now())


def test_two_who_note_the_same_at_once_note_it_once(database: Flask) -> None:
    topic_id = make_debate().topic_id
    delegates = [actor_of(make_delegate(party)) for party in Party]

    def note(place: int) -> None:
        with unit_of_work():
            note_action(get_thread_row(topic_id), LETTER, delegates[place], at=now())

    assert at_once(database, [lambda: note(0), lambda: note(1)]) == [None, None]
    db.session.rollback()
    assert db.session.query(VoiceAction).count() == 1


def test_the_page_suggests_keeps_what_was_done_and_lets_it_be_taken_back(browser: Browser) -> None:
    make_site()
    path = f"/onderwerpen/{make_debate().topic_id}/wie-ontbreekt"
    page = browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS)).visit(path)
    assert "minder dan 5 te weinig" in page.text

    page = browser.submit(page, "Noteer", day="2001-01-01")
    assert page.status == 422
    assert "Kies een dag vanaf het begin van het gesprek" in page.text
    assert page.soup.find("input", {"value": "2001-01-01"})

    page = browser.submit(page, "Noteer", day=local_day(now()).isoformat())
    assert "Wij kunnen dus niets vergelijken" in page.text

    page = browser.submit(page, "Haal weg")
    assert "Wat er is gedaan" not in page.text


def test_many_complexes_are_folded_by_district_and_all_are_there(browser: Browser) -> None:
    make_site()
    thread = make_debate()
    for number in range(110):
        place = make_complex(f"Hof {number:03}", "Oost" if number % 3 else "Haven")
        make_tenants(place, 10, thread, readers=8)

    page = browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS)).visit(
        f"/onderwerpen/{thread.topic_id}/wie-ontbreekt"
    )

    folded = [row.find_parent("details") for row in page.soup.select("tbody th") if "Hof" in row.get_text()]
    assert len(folded) == 110
    assert all(folded)
    names = [" ".join(part.get_text(" ").split()) for part in page.soup.select("details.box > summary")][1:]
    assert names[0] == "Haven: De Kade tot en met Hof 051 19 groepen, 1 te weinig"
    assert len(names) == 2 + 4
    assert all(len(part.select("tbody tr")) <= 20 for part in page.soup.select("details.box"))
    assert "Dit zijn 113 groepen." in page.text


@pytest.mark.parametrize(
    ("counts", "lengths"),
    [
        pytest.param({}, [], id="nothing to show"),
        pytest.param({"": 25}, [25], id="few"),
        pytest.param({"": 26}, [13, 13], id="more, in no district"),
        pytest.param({"Noord": 20, "Oost": 21}, [20, 10, 11], id="a district each"),
    ],
)
def test_a_long_table_comes_in_parts(counts: dict[str, int], lengths: list[int]) -> None:
    lines = [Line(f"{number:02}", (), within) for within, count in counts.items() for number in range(count)]

    parts = parts_of(lines)

    assert [len(part.lines) for part in parts] == lengths
    assert [line for part in parts for line in part.lines] == lines


def test_the_file_has_what_the_page_has_no_formulas_and_leaves_a_trace(browser: Browser) -> None:
    make_site()
    thread = make_debate()
    make_tenants(make_complex("=1+1", "Oost"), 12, thread, readers=12)
    browser.sign_in(make_delegate(Party.TENANTS))
    page = browser.visit(f"/onderwerpen/{thread.topic_id}/wie-ontbreekt")

    browser.submit(page, "Download als CSV", follow=False)
    answer = browser.client.post(
        f"{page.path}/bestand",
        data={"csrf_token": page.token},
    )

    lines = answer.data.decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Soort;Groep;Huurders;Lezers;Schrijvers;Gewaardeerd"
    assert lines[1] == "Alle huurders;;74;42;8;minder dan 5"
    assert "Complex;De Kade;20;minder dan 5;minder dan 5;minder dan 5" in lines
    assert any(line.startswith("Complex;'=1+1;12;") for line in lines)
    assert db.session.query(AuditEntry).filter_by(action="voices.exported").count() == 2
