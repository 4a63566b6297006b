"""The content of the demo year, the people made up for it, and when they write."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from forum.accounts.rules import password_fault
from forum.agenda.forms import TEXT_MOST
from forum.agenda.rules import StatutorySubject, TopicState
from forum.demo.content import PostContent, Proposal, read_content
from forum.demo.debate_plan import plan_posts
from forum.demo.moments import COURSES, answer_window, debate_window, is_awake, local_moment, period_of
from forum.demo.people import EMAIL_DOMAIN, make_people
from forum.demo.people_steps import PASSWORD
from forum.demo.sign_ins import SHOWN_VOICE
from forum.discussion.rules import TEXT_LONGEST, Period, Phase, PostSource, phase_of
from tests.demo.small_year import TODAY

CONTENT = read_content()
STAFF = frozenset(voice.index for voice in CONTENT.people.staff)
VOICES = {voice.index: voice for voice in CONTENT.people.voices}
PROPOSALS = [*CONTENT.topics, CONTENT.consultation, *(item.proposal for item in CONTENT.shelved)]
SEEDS = range(12)


def test_there_are_five_topics_with_a_course_and_posts_each() -> None:
    keys = [topic.key for topic in CONTENT.topics]

    assert len(set(keys)) == 5
    assert set(keys) == set(COURSES) == set(CONTENT.debates)
    assert all(topic.introduction and topic.text.stance_question for topic in CONTENT.topics)
    assert [topic.key for topic in CONTENT.topics if topic.text.only_opinions] == ["servicekosten-schoon"]


def test_the_shelved_proposals_are_declined_postponed_or_still_an_idea() -> None:
    states = Counter(item.state for item in CONTENT.shelved)

    assert states == {TopicState.DECLINED: 2, TopicState.POSTPONED: 1, TopicState.SUGGESTED: 1}
    assert all(item.reason for item in CONTENT.shelved)
    assert all(item.author in VOICES for item in CONTENT.shelved if item.state is TopicState.SUGGESTED)
    assert StatutorySubject.RENT_POLICY in {item.proposal.text.statutory for item in CONTENT.shelved}


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda proposal: str(proposal.key))
def test_a_proposal_fits_in_the_forms_of_the_agenda(proposal: Proposal) -> None:
    text = proposal.text

    assert 0 < len(text.title) <= 120
    assert 0 < len(text.question) <= 500
    assert len(text.stance_question) <= 300
    assert all(0 < len(part) <= TEXT_MOST for part in (text.why, text.fixed, text.open))
    assert len(text.subquestions) <= TEXT_MOST


@pytest.mark.parametrize("key", sorted(CONTENT.debates))
def test_posts_follow_what_they_reply_to_and_stand_at_a_question_there_is(key: str) -> None:
    topic = next(topic for topic in CONTENT.topics if topic.key == key)
    questions = len(topic.text.subquestions.splitlines())
    seen: list[str] = []

    for post in CONTENT.debates[key]:
        assert post.key not in seen
        assert post.reply_to is None or post.reply_to in seen, post.key
        assert post.question is None or 0 <= post.question < questions, post.key
        assert 0 < len(post.text) <= TEXT_LONGEST
        seen.append(post.key)


@pytest.mark.parametrize("key", sorted(CONTENT.debates))
def test_posts_come_from_somebody_who_can_send_them(key: str) -> None:
    stances: dict[int, set[str]] = {}

    for post in CONTENT.debates[key]:
        assert 1 <= post.quality <= 5
        assert (post.stance is None) == (post.author in STAFF), post.key
        assert post.author in STAFF or post.author in VOICES
        assert post.author in STAFF or _can_send(post), f"{post.key} on the web by somebody without e-mail"
        stances.setdefault(post.author, set()).add(str(post.stance))

    assert all(len(kinds) == 1 for kinds in stances.values()), "nobody changes sides between posts"


def _can_send(post: PostContent) -> bool:
    return post.source is not PostSource.WEB or VOICES[post.author].has_email


def test_voices_live_in_complexes_there_are_and_the_shown_one_writes_everywhere() -> None:
    places = {place.name for place in CONTENT.people.places}

    assert len(places) == 12
    assert len({place.district for place in CONTENT.people.places}) == 4
    assert {voice.complex for voice in VOICES.values()} == places
    for posts in CONTENT.debates.values():
        assert SHOWN_VOICE in {post.author for post in posts}


def test_the_password_of_the_demo_would_be_taken() -> None:
    assert password_fault(PASSWORD) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_made_up_people_are_as_many_as_wanted_and_nobody_is_there_twice(seed: int) -> None:
    people = make_people(CONTENT.people, 600, 2026, Random(seed))

    emails = [person.email for person in people if person.email]
    homes = Counter((person.street, person.house_number) for person in people)
    assert len({person.number for person in people}) == 600
    assert len(emails) == len(set(emails))
    assert all(email.isascii() and email.endswith(f"@{EMAIL_DOMAIN}") for email in emails)
    assert 0.08 <= 1 - len(emails) / 600 <= 0.16
    assert sum(count > 1 for count in homes.values()) > 60, "some people share a home"
    assert all(2026 - 100 < person.birth_year <= 2026 - 18 for person in people)


def test_every_home_of_a_street_has_one_postcode() -> None:
    people = make_people(CONTENT.people, 600, 2026, Random(1))

    assert all(
        len({person.postcode for person in people if person.street == street}) == 1
        for street in {person.street for person in people}
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("key", sorted(COURSES))
def test_posts_are_planned_in_their_window_by_day_and_after_what_they_answer(key: str, seed: int) -> None:
    during, answers = debate_window(COURSES[key], TODAY), answer_window(COURSES[key], TODAY)

    planned = plan_posts(CONTENT.debates[key], STAFF, during, answers, Random(seed))

    at = {post.content.key: post.at for post in planned}
    assert [post.at for post in planned] == sorted(at.values())
    assert len(at) == len(CONTENT.debates[key])
    for post in planned:
        window = answers if post.content.is_after_panel else during
        assert window is not None
        assert window.start < post.at <= window.end
        if post.content.reply_to:
            assert at[post.content.reply_to] < post.at
    assert sum(is_awake(post.at) for post in planned) >= len(planned) - 1


@pytest.mark.parametrize(
    ("key", "phase"),
    [
        ("lift-schimmel", Phase.OPEN),
        ("servicekosten-schoon", Phase.OPEN),
        ("samenleven", Phase.PANEL),
        ("verduurzaming", Phase.PANEL),
        ("tuin-fietsenberging", Phase.ANSWER),
    ],
)
@pytest.mark.parametrize("today", [TODAY, date(2027, 1, 1), date(2026, 3, 29), date(2026, 10, 25)], ids=str)
def test_each_topic_is_in_its_phase_on_the_day_the_demo_is_made(key: str, phase: Phase, today: date) -> None:
    course = COURSES[key]
    period, answers = period_of(course, today), answer_window(course, today)

    moments = Period(period.start, period.end, answers.start if answers else None)

    assert phase_of(moments, local_moment(today, 12)) is phase
    assert len(period.days) == 42
