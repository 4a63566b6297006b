"""What searching finds of the labelled questions, on each engine, and that all engines answer alike."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from forum.discussion.rules import Stance
from forum.search.engine import Filters, IndexedPost, Order, SearchEngine
from forum.search.query_text import read_query
from tests.search.conftest import ENGINES
from tests.search.quality import FIRST_AT, fill, qualities, read_posts, read_questions

FLOORS = {
    "word": (100, 100),
    "phrase": (100, 100),
    "beginning": (100, 100),
    "stem": (93, 95),
    "compound": (100, 93),
    "accent": (90, 100),
    "typo": (95, 85),
    "all": (96, 95),
}
"""Percent of precision and of recall below which no class may fall."""
FILTERS = (
    Filters(),
    Filters(since=FIRST_AT + timedelta(days=30)),
    Filters(until=FIRST_AT + timedelta(days=30), author_ids=frozenset({1, 2})),
    Filters(stance=Stance.FOR),
    Filters(topic_id=2, is_answered=True),
)


def test_there_are_questions_of_every_class_about_posts_that_are_there() -> None:
    questions, posts = read_questions(), {post.post_id for post in read_posts()}

    assert len({question.asks for question in questions}) >= 60
    assert {question.kind for question in questions} == set(FLOORS) - {"all"}
    assert all(question.must | question.may <= posts for question in questions)


def test_every_class_of_questions_is_answered_well(engine: SearchEngine) -> None:
    measured = qualities(fill(engine))

    for kind, (precision, recall) in FLOORS.items():
        assert measured[kind].precision >= precision, kind
        assert measured[kind].recall >= recall, kind


def varied(posts: Sequence[IndexedPost]) -> Sequence[IndexedPost]:
    """Return posts with something to filter by, some of them of one moment."""
    stances = [Stance.FOR, None, Stance.AGAINST]
    return [
        IndexedPost(
            post.post_id,
            topic_id=post.post_id % 3,
            author_id=post.post_id % 5,
            at=FIRST_AT + timedelta(days=post.post_id // 2),
            text=post.text,
            stance=stances[post.post_id % 3],
            is_answered=post.post_id % 4 == 0,
        )
        for post in posts
    ]


def test_all_engines_answer_alike(engine_named: Callable[[str], SearchEngine]) -> None:
    engines = [engine_named(name) for name in ENGINES]
    posts = varied(read_posts())
    for engine in engines:
        with engine.writing():
            engine.rebuild([posts[:20], posts[20:50]])
            engine.write(posts[45:], [1, 4, 4711])
            engine.write(posts[6:9], [2])

    asked = [*(question.asks for question in read_questions()), "", "de", '"lift" huur*', "lift hond"]
    for text in asked:
        for filters in FILTERS:
            for order in Order:
                for most in (3, 100):
                    answers = [
                        list(engine.search(read_query(text), filters, order, most=most)) for engine in engines
                    ]
                    assert answers == [answers[0]] * len(engines), (text, filters, order)
    assert engines[0].search(read_query("verhoging"), Filters(), Order.BEST, most=9) == [3]
