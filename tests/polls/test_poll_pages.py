"""The pages of a poll, through the real forms."""

from datetime import timedelta

import pytest

from forum.kernel.actor import Party, Role
from forum.kernel.clock import local_day, now
from forum.kernel.database import db
from forum.polls.models import Ballot, Poll
from forum.polls.queries import count_ballots
from forum.polls.rules import PollKind
from tests.polls.polls import DAY, open_poll, vote
from tests.support.browser import Browser
from tests.support.cast import make_site, make_staff, make_tenant, make_thread


def test_a_moderator_makes_a_poll_and_the_thread_leads_to_it(browser: Browser) -> None:
    make_site()
    thread = make_thread(opens_at=now() - DAY)
    topic_id = thread.topic_id
    browser.sign_in(make_staff(Role.MODERATOR, Party.LANDLORD))
    page = browser.visit(browser.visit(f"/onderwerpen/{topic_id}").link("Peiling maken"))

    refused = browser.submit(
        page,
        "Open de peiling",
        question="Wanneer komt u?",
        kind="multiple",
        options="Ma\nDi\n\nWo",
        most_choices="9",
    )
    made = browser.submit(
        refused, "Open de peiling", most_choices="2", closes_on=(local_day(now()) + 7 * DAY).isoformat()
    )

    assert refused.status == 422
    assert "Kies een getal van 2 tot en met 3." in refused.text
    assert "Kies tot en met welke dag" in refused.text
    assert [item.get_text() for item in made.soup.select("main ul:not(.cluster) li")] == ["Ma", "Di", "Wo"]
    assert "0 van 0 deelnemers stemden" in made.text
    assert browser.visit(f"/onderwerpen/{topic_id}").has_link("Wanneer komt u?")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param("Alleen dit", "Schrijf 2 tot 10 keuzes", id="one"),
        pytest.param("\n".join(str(n) for n in range(11)), "Schrijf 2 tot 10 keuzes", id="eleven"),
        pytest.param("Ja\nja", "staat er twee keer", id="twice"),
        pytest.param("Ja\n" + "n" * 201, "langer dan 200 tekens", id="long"),
    ],
)
def test_options_that_will_not_do_are_refused(browser: Browser, options: str, said: str) -> None:
    topic_id = make_thread(opens_at=now() - DAY).topic_id
    browser.sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    page = browser.visit(f"/onderwerpen/{topic_id}/peiling")

    page = browser.submit(
        page,
        "Open de peiling",
        question="Wat?",
        kind="single",
        options=options,
        closes_on=local_day(now()).isoformat(),
    )

    assert page.status == 422
    assert said in page.text
    assert not db.session.query(Poll).count()


def test_a_ranking_keeps_what_was_chosen_when_a_number_stands_twice(browser: Browser) -> None:
    poll = open_poll(make_thread(opens_at=now() - DAY), now(), kind=PollKind.RANKING)
    poll_id = poll.id
    browser.sign_in(make_tenant())
    page = browser.visit(f"/peilingen/{poll_id}")

    empty = browser.submit(page, "Stem")
    twice = browser.submit(page, "Stem", place_1="2", place_3="2", place_4="1")
    kept = browser.submit(twice, "Stem", place_3="4")

    assert "Geef minstens één keuze een nummer." in empty.text
    assert twice.status == 422
    assert "U gaf nummer 2 al." in twice.text
    assert [tag.get_text() for tag in twice.soup.select("#place_4 [selected]")] == ["1"]
    assert "Uw stem is bewaard" in kept.text
    assert count_ballots(poll_id) == {(4, 1, 3): 1}


def test_the_result_shows_after_closing_with_its_base_and_to_nobody_before(browser: Browser) -> None:
    poll = open_poll(make_thread(opens_at=now() - DAY), now(), kind=PollKind.MULTIPLE)
    poll_id, tenants = poll.id, [make_tenant() for _ in range(6)]
    for tenant in tenants[:5]:
        vote(poll, tenant, 1, 2, at=now())
    moderator = browser.another().sign_in(make_staff(Role.MODERATOR, Party.TENANTS))
    browser.sign_in(tenants[0])

    before = [browser.visit(f"/peilingen/{poll_id}"), moderator.visit(f"/peilingen/{poll_id}")]
    closing = moderator.visit(before[1].link("Peiling nu sluiten"))
    closed = moderator.submit(closing, "Sluit de peiling", why="Er is genoeg gestemd.")

    for page in before:
        assert "5 van 6 deelnemers stemden" in page.text
        assert "De uitslag staat hier als de peiling is gesloten." in page.text
        assert not page.soup.find("progress")
    assert moderator.visit(closing.path).status == 409
    assert "De lift: 5 van 5" in closed.text
    assert "100%" in closed.text
    assert "Er is genoeg gestemd." in closed.text
    own = browser.visit(f"/peilingen/{poll_id}")
    assert "U koos: De lift , Het trappenhuis" in own.text


def test_with_fewer_than_five_ballots_there_is_no_result(browser: Browser) -> None:
    poll = open_poll(make_thread(opens_at=now() - DAY), now(), is_result_after_closing=False)
    tenants, poll_id = [make_tenant() for _ in range(5)], poll.id
    for tenant in tenants[:4]:
        vote(poll, tenant, 1, at=now())
    browser.sign_in(tenants[4])

    not_yet = browser.visit(f"/peilingen/{poll_id}")
    few = browser.another().sign_in(tenants[0]).visit(f"/peilingen/{poll_id}")
    enough = browser.submit(not_yet, "Stem", choices="2")

    assert "U ziet de uitslag als u heeft gestemd." in not_yet.text
    assert "Bij minder dan 5 stemmen" in few.text
    assert "De lift: 4 van 5" in enough.text


def test_a_tenant_who_saw_an_older_text_reads_the_new_one_and_can_vote_at_once(browser: Browser) -> None:
    poll = open_poll(make_thread(opens_at=now() - DAY), now())
    poll_id = poll.id
    browser.sign_in(make_tenant())
    old = browser.visit(f"/peilingen/{poll_id}")
    moderator = browser.another().sign_in(make_staff(Role.MODERATOR, Party.LANDLORD))
    changing = moderator.visit(f"/peilingen/{poll_id}/wijzigen")
    moderator.submit(changing, "Bewaar de peiling", options="Ja\nNee")

    refused = browser.submit(old, "Stem", choices="2")
    kept = browser.submit(refused, "Stem", choices="1")

    assert refused.status == 409
    assert "De peiling is net veranderd." in refused.text
    assert not refused.soup.find("input", checked=True)
    assert "Uw stem is bewaard" in kept.text


def test_staff_enter_a_ballot_and_a_wrong_number_loses_nothing(browser: Browser) -> None:
    poll = open_poll(make_thread(opens_at=now() - DAY), now(), kind=PollKind.RANKING)
    tenant, poll_id = make_tenant(), poll.id
    browser.sign_in(make_staff(Role.DELEGATE, Party.TENANTS))
    page = browser.visit(browser.visit(f"/peilingen/{poll_id}").link("Stem invoeren"))

    wrong = browser.submit(page, "Bewaar, en naar de volgende", number="X", source="letter", place_2="1")
    kept = browser.submit(wrong, "Bewaar, en naar de volgende", number=tenant.number or "")
    own = browser.another().sign_in(tenant).visit(f"/peilingen/{poll_id}")

    assert wrong.status == 422
    assert "De stem is bewaard." in kept.text
    assert db.session.query(Ballot).one().choices == "2"
    assert "voor u ingevoerd. Geschreven op papier." in own.text
    assert "Daarvan 1 op papier" in own.text


def test_no_page_of_others_tells_who_chose_what(browser: Browser) -> None:
    poll = open_poll(make_thread(opens_at=now() - timedelta(days=2)), now() - DAY, closes_at=now() + DAY)
    poll_id, tenants = poll.id, [make_tenant(f"Kiezer {name}") for name in "ABCDE"]
    for tenant in tenants:
        vote(poll, tenant, 3, at=now())
    poll.closes_at = now()
    db.session.commit()

    for role in (Role.MODERATOR, Role.DELEGATE):
        staff = browser.another().sign_in(make_staff(role, Party.TENANTS))
        page = staff.visit(f"/peilingen/{poll_id}")

        assert "De tuin: 5 van 5" in page.text
        assert "Kiezer" not in page.text
        assert "U koos" not in page.text
