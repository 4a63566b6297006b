"""How far a recommendation is, and what counts as a source, a quote and a reason."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.kernel.actor import Actor, Party, Role
from forum.outcomes import policy
from forum.outcomes.rules import (
    REASON_WORDS_LEAST,
    AnswerKind,
    Course,
    Standing,
    answer_day,
    find_point_number,
    find_post_number,
    is_explained,
    is_quoted,
    promises_work,
    standing_of,
)

DUE = date(2026, 6, 1)
LATER = DUE + timedelta(days=30)
DAY = timedelta(days=1)
ADOPTED, PARTLY, NOT = AnswerKind
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("course", "on", "standing"),
    [
        pytest.param(Course(None), DUE, Standing.DRAFT, id="not published"),
        pytest.param(Course(DUE), DUE, Standing.WAITING, id="the last day is in time"),
        pytest.param(Course(DUE), DUE + DAY, Standing.OVERDUE, id="a day too late"),
        pytest.param(Course(DUE, is_withdrawn=True), LATER, Standing.WITHDRAWN, id="withdrawn"),
        pytest.param(Course(DUE, NOT), LATER, Standing.NOT, id="refused"),
        pytest.param(
            Course(DUE, ADOPTED, LATER), LATER, Standing.PROMISED, id="on the day that was promised"
        ),
        pytest.param(Course(DUE, PARTLY, LATER), LATER + DAY, Standing.LATE, id="after that day"),
        pytest.param(Course(DUE, PARTLY, LATER, DUE), LATER + DAY, Standing.DONE, id="done"),
    ],
)
def test_the_standing_follows_from_the_dates_and_the_answer(
    course: Course, on: date, standing: Standing
) -> None:
    assert standing_of(course, on) is standing


@given(days, st.integers(1, 365), st.integers(0, 800))
def test_without_an_answer_it_waits_for_the_whole_term_and_is_too_late_ever_after(
    published_on: date, term: int, passed: int
) -> None:
    standing = standing_of(Course(answer_day(published_on, term)), published_on + timedelta(days=passed))

    assert standing is (Standing.WAITING if passed <= term else Standing.OVERDUE)


@given(st.sampled_from(AnswerKind), days, days, st.none() | days)
def test_an_answer_is_never_overdue(kind: AnswerKind, work_by: date, on: date, done_on: date | None) -> None:
    assert standing_of(Course(DUE, kind, work_by, done_on), on) not in (Standing.WAITING, Standing.OVERDUE)


@pytest.mark.parametrize(
    ("typed", "post", "point"),
    [
        ("17", 17, None),
        (" https://forum.example.nl/berichten/17 ", 17, None),
        ("/berichten/17/antwoorden", 17, None),
        ("https://forum.example.nl/onderwerpen/3/de-lift?pagina=2#bericht-17", 17, None),
        ("https://forum.example.nl/verslagpunten/4", None, 4),
        ("https://forum.example.nl/onderwerpen/17", None, None),
        ("het bericht van Ria", None, None),
        ("berichten/99999999999", None, None),
        ("", None, None),
    ],
)
def test_a_source_is_known_by_its_number_or_its_address(
    typed: str, post: int | None, point: int | None
) -> None:
    assert (find_post_number(typed), find_point_number(typed)) == (post, point)


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("De lift staat stil", True),
        ("staat  stil.\nAl", True),
        ("de lift staat stil", False),
        ("De lift staat niet stil", False),
        ("", True),
    ],
)
def test_a_quote_has_the_very_words_in_any_lines(quote: str, stands: bool) -> None:
    assert is_quoted("De lift staat stil.\n\nAl een week.", quote) is stands


def test_only_what_is_adopted_in_whole_or_in_part_promises_work() -> None:
    assert {kind for kind in AnswerKind if promises_work(kind)} == {AnswerKind.ADOPTED, AnswerKind.PARTLY}
    assert promises_work(None) is False


def test_who_does_not_get_all_reads_why_in_some_words() -> None:
    words = " ".join(["woord"] * REASON_WORDS_LEAST)

    assert is_explained(ADOPTED, "Goed.")
    assert not is_explained(ADOPTED, "...")
    for kind in (PARTLY, NOT):
        assert is_explained(kind, words)
        assert not is_explained(kind, words.removesuffix(" woord"))


def _actor(role: Role, party: Party | None = None, *, member_id: int = 1, suspended: bool = False) -> Actor:
    return Actor(member_id=member_id, party=party, roles=frozenset({role}), suspended=suspended)


@pytest.mark.parametrize(
    ("actor", "writes", "answers", "posts"),
    [
        pytest.param(_actor(Role.MODERATOR, Party.TENANTS), True, False, True, id="moderator"),
        pytest.param(_actor(Role.DELEGATE, Party.TENANTS), True, False, False, id="delegate"),
        pytest.param(_actor(Role.DELEGATE, Party.LANDLORD), True, True, False, id="landlord"),
        pytest.param(_actor(Role.MODERATOR, Party.LANDLORD, suspended=True), False, False, False, id="out"),
        pytest.param(_actor(Role.COORDINATOR, member_id=7), True, False, False, id="runs the panel"),
        pytest.param(_actor(Role.COORDINATOR, member_id=8), False, False, False, id="runs another panel"),
        pytest.param(_actor(Role.TENANT), False, False, False, id="tenant"),
        pytest.param(_actor(Role.ADMIN), False, False, False, id="administrator"),
    ],
)
def test_who_may_write_answer_and_post_letters(
    actor: Actor, *, writes: bool, answers: bool, posts: bool
) -> None:
    assert policy.can_write_recommendation(actor, 7) is writes
    assert policy.can_answer_recommendation(actor) is answers
    assert policy.can_post_letters(actor) is posts
