"""Measure what a page costs: `python -m tests.bench.pages_size [--quick]`.

Makes 200 members, 500 threads (five a year) and 50,000 posts of some 80 words, one thread of 1,000, on
SQLite.
Serves them as `forum serve` does (2 processes) beside the reference app, and puts 16 connections that stay
open on each in turn. Prints milliseconds of server CPU per request (user and system of all server
processes, the one with the background tasks included) and how many times the reference that is; the
reference is measured right before each page, so that a busy machine slows both.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

import click

from forum.app import create_app
from forum.kernel.database import db
from forum.search.engines import engine_at
from forum.search.jobs import make_anew
from forum.settings.config import load_settings
from tests.bench.large_forum import ACCOUNTS, PASSWORD, Size, make_forum, post_text
from tests.bench.servers import (
    CONNECTIONS,
    ROOT,
    Server,
    Turn,
    Visitor,
    cpu_ms_per_request,
    forum_served,
    reading,
    reference_served,
    token_on,
)

MEMORY_MOST_MB = 150
LOADED = {
    "the packages given": "flask, flask_sqlalchemy, flask_login, bleach, markdown, whoosh",
    "the application": "forum.app, forum.serve",
}
_TELL_MEMORY = "from tests.bench.servers import rollup_mb; print(rollup_mb('self')['Pss'])"
SIZE = Size()
LONG_THREAD = "/onderwerpen/1/de-lift-in-gebouw-1-is-vaak-stuk"
LAST_PAGE = -(-SIZE.long_thread // 20)
POST, CARD = b'<article class="post ', b'<article class="card '


@dataclass(frozen=True, slots=True)
class Case:
    """One page to measure, and how many times the reference it may cost; `None` where there is no bar."""

    name: str
    target: float | None
    visitors: Sequence[Visitor]
    turn: Turn


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU per request in each round, and the same of the reference right before it."""

    page_ms: Sequence[float]
    reference_ms: Sequence[float]

    @property
    def ratios(self) -> list[float]:
        """Return how many times the reference the page cost, in each round."""
        return [page / reference for page, reference in zip(self.page_ms, self.reference_ms, strict=True)]


class Writer:
    """Adds posts, each in the next thread, so that no thread gets one author's texts only."""

    def __init__(self, tokens: dict[int, str]) -> None:
        """Keep the token of each visitor."""
        self.tokens = tokens
        self.numbers = count(1_000_000)

    def __call__(self, visitor: Visitor) -> None:
        """Add one post."""
        number = next(self.numbers)
        path = f"/onderwerpen/{2 + number % (SIZE.threads - 1)}/berichten"
        token = self.tokens[visitor.number]
        cookies = dict(visitor.cookies)
        answer, _ = visitor.post(path, text=post_text(number), form_key=f"bench-{number}", csrf_token=token)
        visitor.cookies = (
            cookies  # who reads the page after it has no old notices left; they must not pile up
        )
        assert answer.status in (302, 303), f"adding a post gave {answer.status}"
        assert "/berichten/" in (answer.getheader("Location") or ""), "the answer leads to no post"


class OtherThreads:
    """Reads all threads in turn, so that none is found among what the server keeps."""

    def __init__(self) -> None:
        """Start at the first."""
        self.numbers = count()

    def __call__(self, visitor: Visitor) -> None:
        """Read one page."""
        number = next(self.numbers) % SIZE.threads + 1
        reading(f"/onderwerpen/{number}/de-lift-in-gebouw-{number}-is-vaak-stuk")(visitor)


def sign_in(visitors: Sequence[Visitor]) -> dict[int, str]:
    """Sign every visitor in, each as another member; return the tokens of their forms."""
    tokens = {}
    for visitor in visitors:
        visitor.sign_in(f"huurder{visitor.number % ACCOUNTS + 1}@voorbeeld.nl", PASSWORD)
        tokens[visitor.number] = token_on(visitor.get(LONG_THREAD)[1])
    return tokens


def new_visitors(server: Server) -> list[Visitor]:
    """Return visitors that nobody knows yet."""
    return [Visitor(server.port, number) for number in range(CONNECTIONS)]


def make_cases(server: Server) -> list[Case]:
    """Return the pages to measure."""
    anybody, members = new_visitors(server), new_visitors(server)
    tokens = sign_in(members)
    last = f"{LONG_THREAD}?sorteer=oud&pagina={LAST_PAGE}"
    return [
        Case("thread page, 20 posts, anonymous", 1.5, anybody, reading(LONG_THREAD, holds=POST, times=20)),
        Case("its last page of 1,000 posts", 1.5, anybody, reading(last, holds=POST, times=20)),
        Case("the same, signed in", 2.5, members, reading(last, holds=POST, times=20)),
        Case("front page, 5 topics", 1.5, anybody, reading("/", holds=CARD, times=5)),
        Case("another thread each time", None, anybody, OtherThreads()),
        Case("adding a post", 6.0, members, Writer(tokens)),
    ]


def search_case(server: Server) -> Case:
    """Return the page with what was found, for a word that stands in half of the posts."""
    page = reading("/zoeken?q=lift", holds=b'<li class="card ', times=20)
    return Case("search, common word, Tantivy", 3.0, new_visitors(server), page)


def make_index(instance: Path) -> str:
    """Make an index of Tantivy of an instance; return its address."""
    search_url = f"tantivy:{instance / 'tantivy'}"
    settings = {"INSTANCE_PATH": str(instance), "SECRET_KEY": "b" * 40, "SEARCH_URL": search_url}
    with create_app(load_settings(settings)).app_context():
        engine = engine_at(search_url)
        with engine.writing():
            make_anew(engine)
        db.session.remove()
        db.engine.dispose()
    return search_url


def measure(
    case: Case, forum: Server, reference: Server, plain: Sequence[Visitor], *, rounds: int, requests: int
) -> Cost:
    """Measure one page and the reference by turns."""
    read = reading("/")
    cpu_ms_per_request(reference, plain, read, requests // 2)
    cpu_ms_per_request(forum, case.visitors, case.turn, requests // 4)
    page_ms, reference_ms = [], []
    for _ in range(rounds):
        reference_ms.append(cpu_ms_per_request(reference, plain, read, requests))
        page_ms.append(cpu_ms_per_request(forum, case.visitors, case.turn, requests))
    return Cost(page_ms, reference_ms)


def print_cost(case: Case, cost: Cost) -> None:
    """Print one line of the table."""
    ratio = median(cost.ratios)
    verdict = ""
    if case.target is not None:
        verdict = f"at most {case.target:.1f} x  {'ok' if ratio <= case.target else 'NOT OK'}"
    click.echo(
        f"{case.name:34} {median(cost.page_ms):6.2f} {ratio:7.2f} x  "
        f"({min(cost.ratios):.2f}–{max(cost.ratios):.2f})  {verdict}"
    )


def print_memory(forum: Server) -> None:
    """Print how much memory all processes of the forum have after that load, and how much the least takes."""
    memory = forum.memory_mb()
    click.echo(
        f"memory, {len(forum.processes())} processes: {memory.total:.0f} MB (sum of PSS, shared pages once)  "
        f"at most {MEMORY_MOST_MB} MB  {'ok' if memory.total <= MEMORY_MOST_MB else 'NOT OK'}"
    )
    click.echo(f"  of its own each process made or copied, together: {memory.own:.0f} MB")
    for name, modules in LOADED.items():
        command = [sys.executable, "-c", f"import {modules}; {_TELL_MEMORY}"]
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        click.echo(f"  one process that only imported {name}: {float(answer.stdout):.0f} MB")


@click.command()
@click.option("--quick", is_flag=True, help="Fewer rounds of fewer requests: rough, in a minute.")
@click.option("--only", default="", help="Only pages with this in their name.")
def main(quick: bool, only: str) -> None:
    """Measure every page against the reference and print the table."""
    rounds, requests = (3, 320) if quick else (7, 960)
    costs = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        make_forum(Path(folder), SIZE)
        reference = stack.enter_context(reference_served(Path(folder)))
        plain = new_visitors(reference)
        size = len(plain[0].get("/")[1])

        def measure_all(server: Server, cases: Iterable[Case]) -> None:
            for case in cases:
                if only in case.name:
                    costs.append(measure(case, server, reference, plain, rounds=rounds, requests=requests))
                    print_cost(case, costs[-1])

        click.echo(f"{'CPU per request':34} {'ms':>6} {'reference':>9}   rounds {rounds} x {requests}")
        with forum_served(Path(folder), search_url=make_index(Path(folder))) as searched:
            measure_all(searched, [search_case(searched)])
        forum = stack.enter_context(forum_served(Path(folder)))
        measure_all(forum, make_cases(forum))
        reference_ms = [value for cost in costs for value in cost.reference_ms]
        click.echo(
            f"{'reference app':34} {median(reference_ms):6.2f}           "
            f"({min(reference_ms):.2f}–{max(reference_ms):.2f} ms), {size / 1000:.0f} kB"
        )
        print_memory(forum)


if __name__ == "__main__":
    main()
