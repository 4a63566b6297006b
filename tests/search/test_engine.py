"""What every search engine must do: the contract, on each engine in turn."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from forum.discussion.rules import Stance
from forum.search.engine import Filters, IndexedPost, Order, SearchEngine
from forum.search.errors import IndexBusy, SearchUnavailable
from forum.search.query_text import read_query

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def posts_of(*texts: str, topic_id: int = 1) -> list[IndexedPost]:
    """Return posts with these texts, numbered from 1, each a day after the one before."""
    numbered = zip(count(1), texts, strict=False)
    return [IndexedPost(number, topic_id, 7, T0 + timedelta(days=number), text) for number, text in numbered]


def fill(engine: SearchEngine, posts: Sequence[IndexedPost]) -> None:
    with engine.writing():
        engine.rebuild([posts])


def search(
    engine: SearchEngine,
    text: str,
    filters: Filters | None = None,
    order: Order = Order.BEST,
    most: int = 100,
) -> Sequence[int]:
    return engine.search(read_query(text), filters or Filters(), order, most=most)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("verhoging", {1, 2, 6}, id="in a compound, alone, in another form"),
        pytest.param("huurverhoging", {1, 2}, id="a compound, and its parts apart"),
        pytest.param("huur verhoging", {1, 2}, id="a compound written as two words"),
        pytest.param("huurverhogingen", {1, 2}, id="the plural of a compound"),
        pytest.param("fiets", {3}, id="the singular"),
        pytest.param("CAFE", {4}, id="accents and capitals"),
        pytest.param('"de lift"', {4}, id="a phrase"),
        pytest.param('"lift de"', set(), id="the words of a phrase in another order"),
        pytest.param('"verhoging"', {2}, id="a phrase of one word is that very word"),
        pytest.param("bergi*", {3}, id="a beginning"),
        pytest.param("zzz*", set(), id="a beginning of nothing"),
        pytest.param("fietsen huur", set(), id="all words must be there"),
        pytest.param("de fietsen", {3}, id="but for those that say nothing"),
        pytest.param("nergens", set(), id="nothing"),
        pytest.param("NOT NOT lift", set(), id="no operators"),
    ],
)
def test_a_question_finds(engine: SearchEngine, query: str, found: set[int]) -> None:
    texts = (
        "De huurverhoging is te hoog",
        "De verhoging van de huur",
        "Mijn fietsen staan in een berging",
        "Bij het café is de lift stuk",
        "😀 !!",
        "Al die verhogingen weer",
    )
    fill(engine, posts_of(*texts))

    assert set(search(engine, query)) == found


def test_the_very_word_stands_first(engine: SearchEngine) -> None:
    fill(
        engine, posts_of("alle liften zijn weer stuk", "een liftmonteur kwam langs", "deze lift is weer stuk")
    )

    assert search(engine, "lift")[0] == 3


def test_newest_first_looks_at_the_moment_only(engine: SearchEngine) -> None:
    fill(engine, posts_of("lift lift lift", "de liften", "een lange zin over de lift", "iets anders"))

    assert list(search(engine, "lift", order=Order.NEWEST)) == [3, 2, 1]
    assert list(search(engine, "lift", order=Order.NEWEST, most=2)) == [3, 2]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        pytest.param(Filters(), {1, 2, 3, 4, 5}, id="any"),
        pytest.param(Filters(topic_id=2), {3}, id="a topic"),
        pytest.param(Filters(topic_id=9), set(), id="a topic without posts"),
        pytest.param(Filters(author_ids=frozenset({8, 9})), {2, 3}, id="two authors of one name"),
        pytest.param(Filters(author_ids=frozenset()), set(), id="nobody of that name"),
        pytest.param(Filters(since=T0 + timedelta(days=2)), {3, 4, 5}, id="from this very moment"),
        pytest.param(Filters(until=T0 + timedelta(days=2)), {1, 2}, id="before this very moment"),
        pytest.param(Filters(since=T0 + timedelta(1), until=T0 + timedelta(3)), {2, 3}, id="a period"),
        pytest.param(Filters(since=T0 + timedelta(3), until=T0 + timedelta(1)), set(), id="no period at all"),
        pytest.param(Filters(stance=Stance.FOR), {1, 3}, id="for"),
        pytest.param(Filters(stance=Stance.NEUTRAL), set(), id="a stance that nobody has"),
        pytest.param(Filters(is_answered=True), {2, 3}, id="with an answer"),
        pytest.param(Filters(topic_id=1, stance=Stance.FOR), {1}, id="all must hold"),
    ],
)
@pytest.mark.parametrize("query", ["lift", '"de lift"', "lif*"])
def test_filters_leave_out_other_posts(
    engine: SearchEngine, query: str, filters: Filters, found: set[int]
) -> None:
    posts = [
        IndexedPost(1, 1, 7, T0, "de lift", Stance.FOR),
        IndexedPost(2, 1, 8, T0 + timedelta(days=1), "de lift", is_answered=True),
        IndexedPost(3, 2, 9, T0 + timedelta(days=2), "de lift", Stance.FOR, is_answered=True),
        IndexedPost(4, 1, 7, T0 + timedelta(days=3), "de lift", Stance.AGAINST),
        IndexedPost(5, 1, 7, T0 + timedelta(days=3), "de lift"),
    ]
    fill(engine, posts)

    assert set(search(engine, query, filters)) == found


def test_no_more_than_asked_for_is_found(engine: SearchEngine) -> None:
    fill(engine, posts_of(*["de lift"] * 30))

    assert len(search(engine, "lift", most=10)) == 10


def test_a_post_that_is_written_again_is_found_by_its_new_words_only(engine: SearchEngine) -> None:
    fill(engine, posts_of("de lift", "de trap"))
    assert list(search(engine, "lift")) == [1]

    with engine.writing():
        engine.write([IndexedPost(1, 1, 7, T0, "de tuin")], [2])

    assert not search(engine, "lift")
    assert not search(engine, "trap")
    assert list(search(engine, "tuin")) == [1]


def test_writing_the_same_twice_finds_it_once(engine: SearchEngine) -> None:
    posts = posts_of("de lift")
    fill(engine, [])

    for _ in range(2):
        with engine.writing():
            engine.write(posts, [99])

    assert list(search(engine, "lift")) == [1]


def test_without_an_index_there_is_no_answer_and_one_is_needed(engine: SearchEngine) -> None:
    assert engine.needs_rebuild()
    with pytest.raises(SearchUnavailable):
        search(engine, "lift")

    fill(engine, [])

    assert not engine.needs_rebuild()
    assert not search(engine, "lift")


def test_one_process_writes_at_a_time(engine: SearchEngine) -> None:
    with engine.writing(), pytest.raises(IndexBusy), engine.writing(wait_seconds=0.1):
        pass

    with engine.writing():
        pass


def test_a_rebuild_that_fails_leaves_the_index_of_before(engine: SearchEngine) -> None:
    fill(engine, posts_of("de lift"))

    with pytest.raises(ZeroDivisionError), engine.writing():
        engine.rebuild(posts_of("de trap" * (1 // number)) for number in (1, 0))

    assert not engine.needs_rebuild()
    assert list(search(engine, "lift")) == [1]


def test_searching_goes_on_while_the_index_is_written_and_made_anew(engine: SearchEngine) -> None:
    fill(engine, posts_of("de lift"))
    over = threading.Event()

    def look() -> set[bool]:
        seen = {1 in search(engine, "lift")}
        while not over.is_set():
            seen.add(1 in search(engine, "lift"))
        return seen

    with ThreadPoolExecutor(3) as pool:
        looks = [pool.submit(look) for _ in range(3)]
        for number in range(2, 12):
            with engine.writing():
                engine.write([IndexedPost(number, 1, 7, T0, "de lift")], [])
            if number % 3 == 0:
                fill(engine, posts_of(*["de lift"] * number))
        over.set()

    assert [one.result() for one in looks] == [{True}] * 3


@pytest.mark.parametrize(
    "query",
    [
        "a",
        "\x00",
        "'; DROP TABLE post; --",
        "\ud83d",
        "lift" * 60,
        '"' * 50,
        "abc*" * 50,
        "\u0130\u1e9e\ufdfa",
    ],
)
def test_any_question_gets_an_answer(engine: SearchEngine, query: str) -> None:
    fill(engine, posts_of("de lift"))

    assert list(search(engine, query)) in ([], [1])


def test_posts_with_all_the_very_words_stand_first_and_the_newest_of_them(engine: SearchEngine) -> None:
    fill(engine, posts_of("de lift", "de liften", "een lift", "die liften", "liften dus, en een lift"))

    assert list(search(engine, "lift")) == [5, 3, 1, 4, 2]
    assert list(search(engine, "liften")) == [5, 4, 2, 3, 1]
    assert list(search(engine, "lift liften")) == [5, 4, 3, 2, 1]
    assert list(search(engine, "lift", most=4)) == [5, 3, 1, 4]


def test_of_posts_of_one_moment_the_highest_number_stands_first(engine: SearchEngine) -> None:
    fill(engine, [IndexedPost(number, 1, 7, T0, "de lift") for number in (3, 1, 2)])
    with engine.writing():
        engine.write([IndexedPost(number, 1, 7, T0, "de lift") for number in (9, 4)], [2])

    assert list(search(engine, "lift")) == [9, 4, 3, 1]
    assert list(search(engine, '"de lift"', most=2)) == [9, 4]


def test_words_are_counted(engine: SearchEngine) -> None:
    fill(engine, posts_of("de lift", "de liften", "de lift, en nog een lift"))

    assert engine.counts_of({"lift", "liften", "trap"}) == {"lift": 2, "liften": 1}
    assert engine.counts_of([]) == {}
