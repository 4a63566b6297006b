"""The pages of meetings, as organisers, attendees and everybody else meet them; no page needs a script."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from forum.accounts.rules import shown_code
from forum.invitations.links import new_link
from forum.invitations.queries import list_invitations
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db, unit_of_work
from forum.meetings import jobs, minutes
from forum.meetings.minutes import PointRow, draft_mark
from forum.meetings.queries import get_meeting, get_minutes, list_attendance, list_documents, list_expected
from forum.members.models import Member
from forum.panels.models import Meeting
from forum.web.documents import BYTES_MOST, DocumentRefused, keep_document
from tests.support.browser import Browser
from tests.support.cast import make_site, make_staff, make_tenant
from tests.support.meetings import invite, let_all_come, make_meeting
from tests.support.panels import make_moderator

HOUR = timedelta(hours=1)
PDF = b"%PDF-1.7\nEen tekening."


def _meeting_today(people: int = 2) -> Meeting:
    """Return a meeting that goes on now, and still does when midnight comes while this runs."""
    make_site()
    meeting = make_meeting(people)
    meeting.starts_at, meeting.ends_at = now() - HOUR, now() + HOUR
    db.session.commit()
    return meeting


def _typed(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return fields whose names have a number in them."""
    return dict(fields)


@pytest.fixture
def moderator(browser: Browser) -> Browser:
    """Return a signed-in moderator of the tenant organisation."""
    return browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))


def _concept(people: int = 2) -> tuple[Meeting, list[Member]]:
    """Return a meeting of today with a concept of one point, and who was there."""
    meeting, organiser = _meeting_today(people), make_moderator()
    members = let_all_come(meeting, organiser)
    draft = minutes.start_minutes(meeting, organiser, at=now())
    minutes.write_draft(
        draft, [PointRow(None, "De lift", "De lift moet sneller.")], draft_mark([]), organiser, at=now()
    )
    minutes.send_concept(draft, organiser, days=7, at=now())
    db.session.commit()
    return meeting, members


def test_minutes_from_the_agenda_to_the_thread_as_three_people_do_it(moderator: Browser) -> None:
    meeting = _meeting_today()
    [anna, bram] = list_expected(meeting.panel_id)
    work, public = f"/beheer/bijeenkomsten/{meeting.id}", f"/panels/{meeting.panel_id}/verslag/{meeting.id}"
    meeting_id, topic_id = meeting.id, meeting.panel.topic_id

    page = moderator.visit(f"/beheer/panels/{meeting.panel_id}/bijeenkomsten")
    page = moderator.visit(str(page.soup.select_one(".card-link a")["href"]))  # type: ignore[index]
    page = moderator.visit(page.link("Agenda maken"))
    page = moderator.submit(
        page,
        "Bewaar agenda",
        **_typed({"title-0": "De hal", "title-1": "De lift", "number-1": "0", "minutes-1": "5"}),
    )
    assert [row.get_text(" ", strip=True) for row in page.soup.select("#agenda ~ ol li")] == [
        "De lift (5 minuten)",
        "De hal",
    ]
    page = moderator.visit(f"{work}/aanwezigen")
    page = moderator.submit(
        page, "Bewaar lijst", **_typed({f"present-{member.id}": "1" for member in (anna, bram)})
    )
    page = moderator.submit(moderator.visit(f"{work}/verslag"), "Begin het verslag")
    texts = {"text-0": f"{anna.display_name} wil een snellere lift.", "text-1": "De hal is donker."}
    page = moderator.submit(page, "Bewaar en bekijk", **_typed(texts))
    assert f"Punt 1: {anna.display_name}" in page.text
    page = moderator.submit(page, "Verstuur het concept")

    tenant = moderator.another().sign_in(anna)
    page = tenant.visit(public)
    points = [point.id for point in get_minutes(meeting_id).points]
    wanted = "Een deelnemer wil een snellere lift."
    page = tenant.submit(
        page,
        "Verstuur mijn antwoorden",
        **_typed(
            {f"answer-{points[0]}": "propose", f"text-{points[0]}": wanted, f"answer-{points[1]}": "agree"}
        ),
    )
    assert "Uw antwoorden zijn bewaard." in page.text

    page = moderator.submit(moderator.visit(f"{work}/verslag"), "Neem over")
    page = moderator.visit(page.link(f"van {bram.display_name}"))
    answers = {f"answer-{point}": "agree" for point in points}
    page = moderator.submit(page, "Bewaar antwoorden", source="phone", **_typed(answers))
    page = moderator.submit(page, "Stel het verslag vast")
    assert "Het verslag staat vast" in page.text

    reader = moderator.another().sign_in(make_tenant())
    page = reader.visit(public)
    assert wanted in page.text
    assert anna.display_name not in page.soup.main.get_text()  # type: ignore[union-attr]
    assert reader.visit(f"/verslagpunten/{points[0]}").path == public
    page = reader.visit(page.link("Naar dit punt in het gesprek"))
    assert page.path.startswith(f"/onderwerpen/{topic_id}/")
    assert "Verslag van het panel, punt 1: De lift" in page.text


def test_what_an_attendee_typed_stays_when_it_is_refused(browser: Browser) -> None:
    meeting, [anna, _] = _concept()
    [point] = get_minutes(meeting.id).points
    tenant = browser.sign_in(anna)
    page = tenant.visit(f"/panels/{meeting.panel_id}/verslag/{meeting.id}")

    both = tenant.submit(
        page, "Verstuur", **_typed({f"answer-{point.id}": "agree", f"text-{point.id}": "De lift moet weg."})
    )
    nothing = tenant.submit(page, "Verstuur")
    point.version, point.text = 2, "De lift moet veel sneller."
    db.session.commit()
    changed = tenant.submit(
        page, "Verstuur", **_typed({f"answer-{point.id}": "propose", f"text-{point.id}": "De lift moet weg."})
    )

    assert (both.status, nothing.status, changed.status) == (422, 422, 422)
    assert "Kies een van de twee." in both.text
    assert "Kies bij minstens één punt" in nothing.text
    assert "is net veranderd" in changed.text
    assert "De lift moet weg." in both.text
    assert "De lift moet weg." in changed.text
    assert "De lift moet veel sneller." in changed.text


def test_too_late_to_answer_keeps_the_text_on_the_page_that_says_so(browser: Browser) -> None:
    meeting, [anna, _] = _concept()
    concept = get_minutes(meeting.id)
    [point] = concept.points
    tenant = browser.sign_in(anna)
    page = tenant.visit(f"/panels/{meeting.panel_id}/verslag/{meeting.id}")
    concept.closes_at = now() - HOUR
    db.session.commit()

    page = tenant.submit(
        page, "Verstuur", **_typed({f"answer-{point.id}": "propose", f"text-{point.id}": "De lift moet weg."})
    )

    assert page.status == 409
    assert "De tijd om te antwoorden is voorbij." in page.text
    assert "De lift moet weg." in page.text


def test_a_concept_is_for_who_was_there_and_for_the_staff_of_the_panel(browser: Browser) -> None:
    meeting, [anna, _] = _concept()
    els, other = make_staff(Role.COORDINATOR), make_staff(Role.COORDINATOR)
    meeting.panel.coordinator_id = els.id
    absent = make_tenant()
    invite(meeting.panel, absent)
    db.session.commit()
    path, work = f"/panels/{meeting.panel_id}/verslag/{meeting.id}", f"/beheer/bijeenkomsten/{meeting.id}"
    delegate = make_staff(Role.DELEGATE, Party.LANDLORD)

    seen = {
        name: [
            visitor.visit(address).status for address in (path, work, f"{work}/aanwezigen", f"{work}/verslag")
        ]
        for name, member in {
            "anna": anna,
            "absent": absent,
            "els": els,
            "other": other,
            "delegate": delegate,
        }.items()
        for visitor in [browser.another().sign_in(member)]
    }

    assert seen == {
        "anna": [200, 403, 403, 403],
        "absent": [404, 403, 403, 403],
        "els": [200, 200, 200, 200],
        "other": [404, 404, 404, 404],
        "delegate": [200, 200, 200, 403],
    }


def test_a_document_opens_for_the_panel_and_its_staff_only(moderator: Browser) -> None:
    meeting = _meeting_today(people=1)
    [anna] = list_expected(meeting.panel_id)
    other_panel = make_meeting(people=1).panel
    [stranger] = list_expected(other_panel.id)
    page = moderator.visit(f"/beheer/bijeenkomsten/{meeting.id}/stukken")
    upload: dict[str, Any] = {"title": "Tekening", "file": (BytesIO(PDF), "../../tekening.exe")}

    page = moderator.submit(page, "Bewaar stuk", **upload)

    [document] = list_documents(meeting.id)
    path = f"/stukken/{document.id}"
    answer = moderator.client.get(path)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Tekening.pdf"'
    assert answer.mimetype == "application/pdf"
    readers = (anna, make_staff(Role.DELEGATE, Party.LANDLORD))
    assert [moderator.another().sign_in(member).visit(path).status for member in readers] == [200, 200]
    others = (stranger, make_tenant(), make_staff(Role.COORDINATOR), make_staff(Role.ADMIN))
    assert [moderator.another().sign_in(member).visit(path).status for member in others] == [404] * 4
    assert (
        not moderator.another()
        .sign_in(stranger)
        .visit(f"/panels/{meeting.panel_id}/bijeenkomsten/{meeting.id}")
        .has_link("Tekening")
    )

    moderator.submit(moderator.visit(page.path), "Haal weg")
    jobs.clean_documents(at=now() + timedelta(days=2))
    assert moderator.visit(path).status == 404


def test_a_document_of_another_kind_or_size_is_refused(moderator: Browser) -> None:
    meeting = _meeting_today(people=1)
    page = moderator.visit(f"/beheer/bijeenkomsten/{meeting.id}/stukken")
    script = BytesIO(b"<html><script>1</script>")

    page = moderator.submit(page, "Bewaar stuk", title="Tekening", file=(script, "tekening.pdf"))

    assert page.status == 422
    assert "Kies een PDF, PNG, JPEG, ODT of DOCX." in page.text
    assert page.soup.find("input", attrs={"name": "title"})["value"] == "Tekening"  # type: ignore[index]
    assert list_documents(meeting.id) == []
    with pytest.raises(DocumentRefused, match="bytes"):
        keep_document(BytesIO(PDF + b"0" * BYTES_MOST), "meetings", "Te groot")


def test_ticks_that_a_device_kept_arrive_once_and_a_plain_form_does_the_same(moderator: Browser) -> None:
    meeting = _meeting_today()
    anna, bram = list_expected(meeting.panel_id)
    page = moderator.visit(f"/beheer/bijeenkomsten/{meeting.id}/aanwezigen")
    form = page.soup.select_one("form[data-ticks]")
    assert form is not None
    token = str(form.find(attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    kept = [f"{anna.id}:1:{now().isoformat()}", "onzin", f"{anna.id}:0:gisteren", f"{bram.id}:1:2026-01-01"]

    for _ in range(2):
        answer = moderator.client.post(str(form["data-ticks"]), data={"csrf_token": token, "tick": kept})
        assert answer.status_code == 204
    page = moderator.submit(moderator.visit(page.path), "Bewaar lijst", **_typed({f"present-{bram.id}": "1"}))

    assert "2 aanwezig" in page.text
    assert {row.member_id for row in list_attendance(meeting.id) if row.is_present} == {anna.id, bram.id}


def test_a_walk_in_is_found_by_number_or_name_and_asked_for_when_two_have_it(moderator: Browser) -> None:
    meeting = _meeting_today(people=1)
    first, second = make_tenant("Mo de Wit"), make_tenant("Mo Zwart")
    path = f"/beheer/bijeenkomsten/{meeting.id}/aanwezigen"

    unknown = moderator.submit(moderator.visit(path), "Zet op de lijst", who="Niemand Nergens")
    both = moderator.submit(moderator.visit(path), "Zet op de lijst", who="mo")
    one = moderator.submit(both, f"({second.number})")
    other = moderator.submit(moderator.visit(path), "Zet op de lijst", who=first.number)

    assert "Wij vinden niemand" in unknown.text
    assert both.has_button(f"({first.number})")
    assert "Mo Zwart staat op de lijst" in one.text
    assert "Mo de Wit staat op de lijst" in other.text
    assert moderator.submit(moderator.visit(path), "De lijst is klaar").text.count("(niet verwacht)") == 2
    assert {row.is_walk_in for row in list_attendance(meeting.id) if row.is_present} == {True}


def test_at_the_door_one_signs_in_or_types_the_code_of_the_invitation(moderator: Browser) -> None:
    meeting = _meeting_today()
    anna, bram = list_expected(meeting.panel_id)
    invitations = {row.member_id: row for row in list_invitations(meeting.panel)}
    with unit_of_work():
        token = new_link(invitations[bram.id], at=now())
    page = moderator.submit(moderator.visit(f"/beheer/bijeenkomsten/{meeting.id}/deur"), "Maak de code")
    code = get_meeting(meeting.id).door_code or ""
    assert shown_code(code) in page.text

    phone = moderator.another()
    page = phone.submit(phone.visit("/aanwezig"), "Verder", code=shown_code(code).lower())
    wrong = phone.submit(page, "Ik ben er", invitation="BCDF-2345")
    assert "Deze code klopt niet." in wrong.text
    page = phone.submit(page, "Ik ben er", invitation=f"https://forum.example.nl/uitnodiging/{token}")
    assert "U bent er" in page.text
    own = moderator.another().sign_in(anna)
    assert "U bent er" in own.submit(own.visit(f"/aanwezig/{code}"), "Ik ben er").text

    assert {row.member_id for row in list_attendance(meeting.id)} == {anna.id, bram.id}
    stranger = moderator.another().sign_in(make_tenant())
    refused = stranger.submit(stranger.visit(f"/aanwezig/{code}"), "Ik ben er")
    assert (refused.status, "Zij zet u op de lijst." in refused.text) == (409, True)
    assert phone.visit("/aanwezig/BCDF2345").status == 404


def test_a_time_that_never_comes_is_refused_and_one_that_comes_twice_asks(
    moderator: Browser,
) -> None:
    meeting = _meeting_today(people=1)
    spring, autumn = "2099-03-29", "2099-10-25"
    page = moderator.visit(f"/beheer/panels/{meeting.panel_id}/bijeenkomsten/nieuw")
    plan = {"day": spring, "starts": "02:30", "ends": "04:00", "place": "De Eik"}

    missing = moderator.submit(page, "Bewaar bijeenkomst", **_typed(plan))
    twice = moderator.submit(page, "Bewaar bijeenkomst", **_typed({**plan, "day": autumn}))
    done = moderator.submit(twice, "Bewaar bijeenkomst", clock="winter")

    assert "Deze tijd bestaat die nacht niet." in missing.text
    assert "komt die nacht twee keer voor" in twice.text
    assert "De bijeenkomst is toegevoegd." in done.text
    [added] = [row for row in get_meeting(meeting.id).panel.meetings if row.id != meeting.id]
    assert added.starts_at.hour == 1


def test_a_meeting_is_moved_and_cancelled_and_everybody_reads_why(moderator: Browser) -> None:
    meeting = _meeting_today(people=1)
    meeting.starts_at, meeting.ends_at = now() + 30 * 24 * HOUR, now() + 30 * 24 * HOUR + HOUR
    db.session.commit()
    page = moderator.visit(f"/beheer/bijeenkomsten/{meeting.id}")

    page = moderator.submit(
        moderator.visit(page.link("Verander dag of plaats")),
        "Bewaar bijeenkomst",
        starts="19:30",
        ends="21:30",
        place="De Eik",
    )
    assert "De Eik" in page.text
    empty = moderator.submit(moderator.visit(page.link("Zeg af")), "Zeg de bijeenkomst af")
    page = moderator.submit(empty, "Zeg de bijeenkomst af", why="De zaal is bezet.")

    assert empty.status == 422
    assert not page.has_link("Zeg af")
    reader = moderator.another().sign_in(make_tenant())
    page = reader.visit(reader.visit(f"/panels/{meeting.panel_id}").link("20"))
    assert "Deze bijeenkomst gaat niet door De zaal is bezet." in page.text
    assert get_meeting(meeting.id).sequence == 2


def test_a_draft_that_somebody_else_changed_keeps_what_was_typed_beside_what_stands(
    moderator: Browser,
) -> None:
    meeting = _meeting_today(people=1)
    draft = minutes.start_minutes(meeting, make_moderator(), at=now())
    db.session.commit()
    page = moderator.visit(f"/beheer/bijeenkomsten/{meeting.id}/verslag")
    minutes.write_draft(
        draft, [PointRow(None, "Van Ria", "Tekst van Ria.")], draft_mark([]), make_moderator(), at=now()
    )
    db.session.commit()

    page = moderator.submit(page, "Bewaar verslag", **_typed({"title-0": "Jo", "text-0": "Tekst van Jo."}))

    assert page.status == 409
    assert "Tekst van Ria." in page.text
    assert "Tekst van Jo." in page.text
    page = moderator.submit(page, "Bewaar verslag")
    assert [point.text for point in get_minutes(meeting.id).points] == ["Tekst van Jo."]


def test_everybody_reads_until_when_minutes_may_take_and_that_they_are_late(moderator: Browser) -> None:
    meeting = _meeting_today()
    public, work = (
        f"/panels/{meeting.panel_id}/bijeenkomsten/{meeting.id}",
        f"/beheer/bijeenkomsten/{meeting.id}",
    )
    meeting_id, reader, due_days = meeting.id, moderator.another().sign_in(make_tenant()), 14

    def ended(days_ago: int) -> tuple[str, str]:
        with unit_of_work():
            row = get_meeting(meeting_id)
            row.ends_at = now() - timedelta(days=days_ago, hours=1)
            row.starts_at = row.ends_at - timedelta(hours=2)
        return reader.visit(public).text, moderator.visit(work).text

    told, worked = ended(due_days - 1)
    assert "krijgt wie erbij was het verslag" in told
    assert "Verstuur het concept uiterlijk op" in worked
    assert "Te laat" not in worked

    told, worked = ended(due_days)
    assert "Het verslag is te laat" in told
    assert "Te laat" in worked


def test_whom_no_mail_reaches_gets_the_concept_on_paper_until_they_answered(moderator: Browser) -> None:
    meeting, [anna, _] = _concept()
    with unit_of_work():
        db.session.get_one(Member, anna.id).email = None
    work = f"/beheer/bijeenkomsten/{meeting.id}/verslag"

    page = moderator.visit(work)
    assert page.text.count("Krijgt geen e-mail.") == 1
    page = moderator.visit(page.link(f"van {anna.display_name}"))
    assert "Kruis bij elk punt aan of het klopt." in page.soup.select(".print-only")[0].get_text()
    answers = {f"answer-{point.id}": "agree" for point in get_minutes(meeting.id).points}
    page = moderator.submit(page, "Bewaar antwoorden", source="letter", **_typed(answers))

    assert "Krijgt geen e-mail." not in page.text


def test_a_field_that_is_wrong_in_a_row_says_so_itself(moderator: Browser) -> None:
    meeting = _meeting_today()
    page = moderator.visit(f"/beheer/bijeenkomsten/{meeting.id}/agenda")

    page = moderator.submit(page, "Bewaar agenda", **_typed({"title-0": "De hal", "minutes-0": "veel"}))

    [wrong] = page.soup.select("[aria-invalid=true]")
    assert wrong["id"] == "minutes-0"
    [told] = page.soup.select(f"#{wrong['aria-describedby']}")
    assert "een heel aantal minuten" in told.get_text()
