"""Measure what searching finds: `python -m tests.search.quality [--misses]`.

The posts are in `quality_posts.toml`, the questions with what they must find in `quality_questions.toml`.
When a question finds little and another spelling is offered, that is followed, as a person would.
"""

import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from forum.search.engine import Filters, IndexedPost, Order, SearchEngine
from forum.search.query_text import read_query
from forum.search.suggestions import LITTLE, suggest
from forum.search.tantivy_engine import TantivyEngine
from forum.search.whoosh_engine import WhooshEngine

FOLDER = Path(__file__).parent
FIRST_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FOUND_MOST = 100


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody types, of one class, and which posts it must find and may find."""

    kind: str
    asks: str
    must: frozenset[int]
    may: frozenset[int]


@dataclass(frozen=True, slots=True)
class Quality:
    """How well questions are answered, in posts: of what was found and of what must be found."""

    questions: int
    found: int
    right: int
    wanted: int
    wanted_found: int

    @property
    def precision(self) -> float:
        """Return how many percent of what was found should be."""
        return 100 * self.right / self.found if self.found else 100.0

    @property
    def recall(self) -> float:
        """Return how many percent of what must be found was."""
        return 100 * self.wanted_found / self.wanted if self.wanted else 100.0


def read_questions() -> Sequence[Question]:
    """Return all questions."""
    classes = tomllib.loads((FOLDER / "quality_questions.toml").read_text(encoding="utf-8"))
    return [
        Question(kind, row["asks"], frozenset(row["must"]), frozenset(row.get("may", ())))
        for kind, rows in classes.items()
        for row in rows
    ]


def read_posts() -> Sequence[IndexedPost]:
    """Return all posts, one a day."""
    texts = tomllib.loads((FOLDER / "quality_posts.toml").read_text(encoding="utf-8"))
    return [
        IndexedPost(int(number), 1, 1, FIRST_AT + timedelta(days=int(number)), text)
        for number, text in texts.items()
    ]


def fill(engine: SearchEngine) -> SearchEngine:
    """Put all posts in the index of an engine."""
    with engine.writing():
        engine.rebuild([read_posts()])
    return engine


def found_by(engine: SearchEngine, text: str) -> Sequence[int]:
    """Return the posts that a question finds, in another spelling when that is offered."""
    found = engine.search(read_query(text), Filters(), Order.BEST, most=FOUND_MOST)
    if len(found) > LITTLE:
        return found
    meant = suggest(engine, text, Filters(), found=len(found), visible=lambda ids: ids)
    return engine.search(read_query(meant), Filters(), Order.BEST, most=FOUND_MOST) if meant else found


def qualities(
    engine: SearchEngine, heard: Callable[[Question, Sequence[int]], None] = lambda _question, _found: None
) -> Mapping[str, Quality]:
    """Return how well each class of questions is answered, and all of them."""
    rows: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    for question in read_questions():
        found = found_by(engine, question.asks)
        heard(question, found)
        right, must = question.must | question.may, question.must
        row = (len(found), len(right.intersection(found)), len(must), len(must.intersection(found)))
        rows[question.kind].append(row)
        rows["all"].append(row)
    rows["all"] = rows.pop("all")  # last
    return {kind: Quality(len(them), *map(sum, zip(*them, strict=True))) for kind, them in rows.items()}


@contextmanager
def engines() -> Iterator[Mapping[str, SearchEngine]]:
    """Give the engines that need no server, with all posts."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        yield {
            "whoosh": fill(WhooshEngine(root / "whoosh")),
            "tantivy": fill(TantivyEngine(root / "tantivy")),
        }


@click.command()
@click.option("--misses", is_flag=True, help="Name each post that is missed, and each that is too many.")
def main(misses: bool) -> None:
    """Print precision and recall of each class of questions, for each engine."""

    def tell(question: Question, found: Sequence[int]) -> None:
        missed, extra = question.must.difference(found), set(found) - question.must - question.may
        if misses and (missed or extra):
            click.echo(f"  {question.asks}: misses {sorted(missed)}, too many {sorted(extra)}")

    with engines() as named:
        for name, engine in named.items():
            click.echo(f"{name}: questions, precision %, recall %")
            for kind, quality in qualities(engine, tell).items():
                click.echo(
                    f"  {kind:10} {quality.questions:3} {quality.precision:6.1f} {quality.recall:6.1f}"
                )


if __name__ == "__main__":
    main()
