"""The pages of a moderator: the list, one post, what was decided, objections."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from forum.discussion.models import Post, Thread
from forum.discussion.rules import HouseRule, PostState
from forum.discussion.service import withdraw_post
from forum.kernel.actor import Party, Role
from forum.kernel.clock import now
from forum.kernel.database import db
from forum.kernel.errors import NotFound
from forum.moderation import appeals
from forum.moderation.errors import TooManyViews
from forum.moderation.models import ModerationDecision, SavedView
from forum.moderation.rules import VIEWS_MOST, DecisionKind, FlagReason, QueueFilter
from forum.moderation.saved_views import drop_view, save_view
from tests.support.browser import Browser
from tests.support.cast import make_post, make_site, make_staff, make_tenant, make_thread
from tests.support.moderation import HARSH, TERM, decide, flag, make_flagged_post, make_moderator
from tests.support.queries import counted_queries

QUEUE = "/beheer/meldingen"


@pytest.fixture
def moderator(browser: Browser) -> Browser:
    """Return a moderator of the landlord, signed in."""
    make_site()
    return browser.sign_in(make_moderator(Party.LANDLORD))


def open_thread(title: str = "De lift is vaak stuk") -> Thread:
    return make_thread(title, opens_at=now() - timedelta(days=2))


def flagged(thread: Thread | None = None, reason: FlagReason = FlagReason.ABUSE) -> Post:
    return make_flagged_post(reason, thread=thread or open_thread(), at=now() - timedelta(hours=2))


def decisions() -> list[ModerationDecision]:
    return list(db.session.scalars(select(ModerationDecision).order_by(ModerationDecision.id)))


def test_the_list_shows_a_post_in_its_place_with_reasons_and_counts_but_no_reporters_nor_addresses(
    moderator: Browser,
) -> None:
    thread = open_thread()
    root = make_post(thread, make_tenant("Henk"), "Wat vindt u van de lift?", at=now() - timedelta(days=1))
    reporter = make_tenant("Truus de Melder")
    post = make_post(thread, make_tenant("Anja V."), HARSH, at=now(), reply_to=root.id)
    flag(post, at=now(), by=reporter)
    flag(post, at=now())

    page = moderator.visit(QUEUE)

    assert HARSH in page.text
    assert "Antwoord aan Henk" in page.text
    assert "Wat vindt u van de lift?" in page.text
    assert "De lift is vaak stuk" in page.text
    assert "Schelden, dreigen of iemand apart zetten: 2" in page.text
    home = post.author.household
    assert home is not None
    for secret in ("Truus de Melder", str(post.author.email), home.street, home.postcode):
        assert secret not in page.html


def test_an_empty_list_says_so(moderator: Browser) -> None:
    assert "Er zijn geen meldingen" in moderator.visit(QUEUE).text


@pytest.mark.parametrize(
    ("button", "kind", "state"),
    [("Laat staan", DecisionKind.KEEP, PostState.VISIBLE), ("Verberg", DecisionKind.HIDE, PostState.HIDDEN)],
)
def test_one_press_decides_on_one_post(
    moderator: Browser, button: str, kind: DecisionKind, state: PostState
) -> None:
    post = flagged(reason=FlagReason.PRIVACY)

    page = moderator.submit(moderator.visit(QUEUE), button)

    [decision] = decisions()
    assert "Uw besluit is bewaard." in page.text
    assert decision.kind is kind
    assert decision.rule is (HouseRule.PRIVACY if kind is DecisionKind.HIDE else None)
    assert db.session.get_one(Post, post.id).state is state


def test_chosen_posts_are_decided_on_together_each_by_its_own_rule(moderator: Browser) -> None:
    thread = open_thread()
    posts = [flagged(thread, reason) for reason in (FlagReason.PRIVACY, FlagReason.ABUSE, FlagReason.OTHER)]
    page = moderator.visit(QUEUE)
    values = [str(box["value"]) for box in page.soup.find_all("input", attrs={"name": "chosen"})]

    page = moderator.submit(page, "Doe dit", chosen=values, kind="hide")

    assert [decision.rule for decision in decisions()] == [HouseRule.PRIVACY, HouseRule.ABUSE]
    assert "2 besluiten bewaard." in page.text
    assert "Van een bericht is uw besluit niet bewaard." in page.text
    assert db.session.get_one(Post, posts[2].id).state is PostState.VISIBLE


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("hide", "Kies eerst een of meer berichten."),
        ("", "Kies wat u besluit."),
    ],
)
def test_nothing_chosen_decides_nothing(moderator: Browser, kind: str, sentence: str) -> None:
    flagged()

    page = moderator.submit(moderator.visit(QUEUE), "Doe dit", kind=kind)

    assert sentence in page.text
    assert decisions() == []


@pytest.mark.parametrize("value", ["1", "1-1-0-1", "x-1-0", "1-1-99999999999", "٣-1-0-"])
def test_what_the_list_never_sends_is_refused(moderator: Browser, value: str) -> None:
    token = moderator.visit(QUEUE).token

    page = moderator.post(f"{QUEUE}/besluiten", keep=value, csrf_token=token)

    assert page.status == 400
    assert decisions() == []


def test_the_list_can_be_of_one_topic(moderator: Browser) -> None:
    lift, garden = open_thread(), open_thread("De tuin is kaal")
    flagged(lift)
    in_garden = flagged(garden)

    page = moderator.visit(moderator.visit(QUEUE).link("De tuin is kaal (1)"))
    moderator.submit(page, "Verberg")

    assert "De lift is vaak stuk" not in [link.text for link in page.soup.select("article a")]
    assert [decision.post_id for decision in decisions()] == [in_garden.id]


def test_a_list_is_kept_under_a_name_and_forgotten(moderator: Browser) -> None:
    lift, garden = open_thread(), open_thread("De tuin is kaal")
    flagged(lift)
    flagged(garden, FlagReason.PRIVACY)
    page = moderator.visit(moderator.visit(QUEUE).link("De tuin is kaal (1)"))
    page = moderator.visit(page.link("Adres, telefoonnummer of naam van iemand anders (1)"))

    kept = moderator.submit(page, "Bewaar deze lijst", name="De tuin & adressen")
    again = moderator.visit(moderator.visit(QUEUE).link("De tuin & adressen"))
    replaced = moderator.submit(moderator.visit(QUEUE), "Bewaar deze lijst", name="De tuin & adressen")
    gone = moderator.submit(replaced, "Haal “De tuin & adressen” weg")

    assert "De lijst is bewaard." in kept.text
    assert len(again.soup.select("[data-entry]")) == 1
    assert len(replaced.soup.select("[data-entry]")) == 2
    assert "De lijst is weg." in gone.text
    assert not db.session.query(SavedView).count()


def test_a_list_without_a_name_is_refused_and_the_page_stays(moderator: Browser) -> None:
    flagged()

    page = moderator.submit(moderator.visit(QUEUE), "Bewaar deze lijst")

    assert page.status == 422
    assert "Geef de lijst een naam." in page.text
    assert page.soup.select("[data-entry]")


def test_nobody_sees_or_forgets_the_list_of_somebody_else(moderator: Browser) -> None:
    view = save_view("Van mij", QueueFilter(), make_moderator(Party.TENANTS).as_actor(now()))
    db.session.commit()

    page = moderator.visit(QUEUE)

    assert "Van mij" not in page.text
    with pytest.raises(NotFound):
        drop_view(view.id, make_moderator(Party.LANDLORD).as_actor(now()))


@pytest.mark.usefixtures("database")
def test_a_moderator_keeps_so_many_lists_and_no_more() -> None:
    actor = make_moderator(Party.TENANTS).as_actor(now())
    for number in range(VIEWS_MOST):
        save_view(f"Lijst {number}", QueueFilter(), actor)

    save_view("Lijst 1", QueueFilter(reason=FlagReason.ABUSE), actor)

    with pytest.raises(TooManyViews):
        save_view("Nog een", QueueFilter(), actor)
    with pytest.raises(NotFound):
        save_view("Lijst 1", QueueFilter(topic_id=999_999), actor)


def test_the_second_moderator_reads_what_the_first_decided_and_keeps_what_was_typed(
    moderator: Browser,
) -> None:
    post = flagged()
    form = moderator.visit(f"{QUEUE}/{post.id}")
    first = make_staff(Role.MODERATOR, Party.TENANTS, "Els de Eerste")
    decide(post, DecisionKind.KEEP, first.as_actor(now()), at=now())

    page = moderator.submit(form, "Bewaar besluit", kind="warn", words="Let op uw woorden.")

    assert page.status == 409
    assert "Els de Eerste besloot al over dit bericht: laten staan" in page.text
    assert "Let op uw woorden." in page.text
    assert len(decisions()) == 1


def test_in_the_list_a_post_of_which_another_was_first_is_left_alone(moderator: Browser) -> None:
    post = flagged()
    page = moderator.visit(QUEUE)
    decide(post, DecisionKind.KEEP, at=now())

    page = moderator.submit(page, "Verberg")

    assert "Van een bericht is uw besluit niet bewaard." in page.text
    assert len(decisions()) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Kies wat u besluit."),
        ({"kind": "hide", "rule": ""}, "Kies de huisregel."),
        ({"kind": "warn", "words": ""}, "Schrijf waarom. De schrijver leest dit."),
        ({"kind": "explain", "words": " "}, "Schrijf waarom. De schrijver leest dit."),
        ({"kind": "refer"}, "Kies waar dit thuishoort."),
    ],
)
def test_an_incomplete_decision_is_refused_with_what_is_missing(
    moderator: Browser, fields: dict[str, Any], sentence: str
) -> None:
    post = flagged()

    page = moderator.submit(moderator.visit(f"{QUEUE}/{post.id}"), "Bewaar besluit", **fields)

    assert page.status == 422
    assert sentence in page.text
    assert decisions() == []


def test_a_pause_and_a_referral_through_the_form(moderator: Browser) -> None:
    thread = open_thread()
    rude, leaking = flagged(thread), flagged(thread, FlagReason.ELSEWHERE)

    moderator.submit(
        moderator.visit(f"{QUEUE}/{rude.id}"), "Bewaar besluit", kind="pause", words="Even rust.", days="3"
    )
    moderator.submit(
        moderator.visit(f"{QUEUE}/{leaking.id}"), "Bewaar besluit", kind="refer", referral="repairs"
    )

    pause, referral = decisions()
    assert pause.paused_until == pause.at + timedelta(days=3)
    assert db.session.get_one(Post, rude.id).author.suspended_until == pause.paused_until
    assert referral.rule is HouseRule.ELSEWHERE
    assert not db.session.get_one(Post, leaking.id).has_upheld_flag


def test_a_decision_is_shown_and_taken_back(moderator: Browser) -> None:
    post = flagged()
    moderator.submit(moderator.visit(QUEUE), "Verberg")

    page = moderator.visit(moderator.visit("/beheer/besluiten").link("Verborgen"))
    page = moderator.submit(page, "Draai terug", reason="Ik las het verkeerd.")

    assert "Het besluit is teruggedraaid." in page.text
    assert not page.has_button("Draai terug")
    assert db.session.get_one(Post, post.id).state is PostState.VISIBLE


def test_the_other_party_sees_a_decision_without_a_button_to_take_it_back(moderator: Browser) -> None:
    post = flagged()
    decision = decide(post, DecisionKind.HIDE, make_moderator(Party.TENANTS).as_actor(now()), at=now())

    page = moderator.visit(f"/beheer/besluiten/{decision.id}")

    assert HARSH in page.text
    assert not page.has_button("Draai terug")


def test_what_was_withdrawn_is_not_read_by_moderators_unless_somebody_flagged_it(moderator: Browser) -> None:
    flagged_one, other = flagged(), make_post(open_thread(), make_tenant(), at=now())
    for post in (flagged_one, other):
        withdraw_post(post, post.author.as_actor(now()), at=now())
    db.session.commit()

    pages = [moderator.visit(f"{QUEUE}/{post.id}") for post in (flagged_one, other)]

    assert [page.status for page in pages] == [200, 404]
    assert "Ingetrokken door de schrijver" in pages[0].text


def test_an_objection_is_judged_by_the_other_party_only(moderator: Browser) -> None:
    tenants = make_moderator(Party.TENANTS)
    other = moderator.another().sign_in(tenants)
    for party, colleague in ((Party.TENANTS, tenants), (Party.LANDLORD, make_moderator(Party.LANDLORD))):
        decision = decide(flagged(), DecisionKind.HIDE, colleague.as_actor(now()), at=now())
        author = decision.author.as_actor(now())
        appeals.make_appeal(decision, f"Tegen {party}.", author, term=TERM, at=now())
    db.session.commit()
    listed = moderator.visit("/beheer/bezwaren")
    own, others = (str(link["href"]) for link in reversed(listed.soup.select("main li h2 a")))

    page = moderator.visit(others)
    refused = moderator.post(own, outcome="upheld", reason="Nee.", csrf_token=page.token)
    judged = moderator.submit(page, "Bewaar beslissing", outcome="overturned", reason="Dit is kritiek.")

    assert "Tegen tenants." in page.text
    assert refused.status == 403
    assert "Een moderator van de andere partij kijkt naar het bezwaar." in refused.text
    assert "De schrijver kreeg gelijk." in judged.text
    assert not moderator.visit(own).has_button("Bewaar beslissing")
    assert other.visit(own).has_button("Bewaar beslissing")


def test_an_objection_by_phone_is_entered(moderator: Browser) -> None:
    decision = decide(flagged(), DecisionKind.HIDE, at=now())

    form = moderator.visit(moderator.visit(f"/beheer/besluiten/{decision.id}").link("Voer het bezwaar in"))
    page = moderator.submit(form, "Bewaar bezwaar", words="Mevrouw belde: zij schold niet.")

    assert "Het bezwaar is bewaard voor de schrijver." in page.text
    assert "Mevrouw belde: zij schold niet." in page.text


def test_the_list_asks_the_same_however_many_were_flagged(moderator: Browser) -> None:
    thread, counts = open_thread(), []
    for _ in range(2):
        for _ in range(3):
            flag(flagged(thread), at=now())
        moderator.visit(QUEUE)
        with counted_queries() as sent:
            moderator.visit(QUEUE)
        counts.append(len(sent))

    assert counts[0] == counts[1]
