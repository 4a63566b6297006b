"""Measure a selection of any size: `python tests/bench/select_size.py --candidates 100000 --seats 15`.

Runs the whole way of `forum select`, in a process of its own: read JSON, select with tie-break, judge
every candidate, write JSON. Prints CPU seconds (user + system, Python's start included) and peak memory.
Candidates are made without randomness, in four categories, with half of them in shared households.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from forum.panels.selection_prices import take_stock
from forum.panels.selection_request import read_request

CATEGORIES = {"leeftijd": 5, "wijk": 8, "contract": 4, "complex": 6}
STRIDE = 7_368_787  # a prime, so that multiples of it spread over scores and values


MODES = ("quota_top", "uniform_lottery", "weighted_lottery")
TICKETS = [[0, 1], [2000, 2], [4000, 3]]


def make_request(mode: str, candidates: int, seats: int, score_unit: int) -> dict[str, object]:
    """Make a request with quotas one seat around each value's share; larger score units give more ties."""
    people = []
    for number in range(candidates):
        spread = (number * STRIDE) ^ (number >> 3)
        attrs = {
            category: f"{category}-{spread // (7 + 4 * place) % (values * 3) % values}"
            for place, (category, values) in enumerate(CATEGORIES.items())
        }
        score = spread % 6000 // score_unit * score_unit
        household = f"h{number * 31 % (candidates // 2)}" if number % 2 else None
        people.append({"id": f"k{number:06d}", "score": score, "household": household, "attrs": attrs})
    quotas = {
        category: {
            f"{category}-{value}": [max(0, seats // values - 1), -(-seats // values) + 1]
            for value in range(values)
        }
        for category, values in CATEGORIES.items()
    }
    request = {"mode": mode, "seats": seats, "seed": "5d" * 32, "quotas": quotas, "candidates": people}
    return request | ({"tickets": TICKETS} if mode == "weighted_lottery" else {})


@click.command()
@click.option("--candidates", "sizes", multiple=True, type=int, default=(5_000, 100_000), show_default=True)
@click.option("--mode", "modes", multiple=True, type=click.Choice(MODES), default=MODES, show_default=True)
@click.option("--seats", default=15)
@click.option("--score-unit", default=1, help="Scores are multiples of this; 6000 makes all equal.")
@click.option("--chances", is_flag=True, help="Also simulate the draws that give each profile's chance.")
def measure(
    sizes: tuple[int, ...], modes: tuple[str, ...], seats: int, score_unit: int, chances: bool
) -> None:
    """Print the cost of one selection of each size in each mode, and what the quota workshop finds out."""
    for size in sizes:
        click.echo(f"{size} candidates, {seats} seats, workshop: {_price(size, seats, score_unit)}")
        for mode in modes:
            request = make_request(mode, size, seats, score_unit)
            options = ("--explain", "k000000") if chances and mode != "quota_top" else ()
            click.echo(f"{size} candidates, {seats} seats, {mode}: {_run(request, options)}")


def _run(request: dict[str, object], options: tuple[str, ...]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "request.json"
        file.write_text(json.dumps(request))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        script = "from forum.panels.file_cli import select; select()"
        done = subprocess.run(
            [sys.executable, "-c", script, str(file), *options],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    result = json.loads(done.stdout)
    peak = after.ru_maxrss / 1024  # of the largest run so far
    return f"{result['status']}, total {result['objective']}, {seconds:.2f} CPU-s, {peak:.0f} MiB"


def _price(size: int, seats: int, score_unit: int) -> str:
    """Find the few who matter, and then the best total for four slacks and without quotas."""
    request = read_request(make_request("quota_top", size, seats, score_unit))
    shares = {(row.category, row.value): seats // CATEGORIES[row.category] for row in request.quotas}
    started = time.process_time()
    stock = take_stock(request.candidates, list(shares), seats=seats, max_per_household=1, min_score=0)
    found = time.process_time()
    for slack in range(4):
        stock.find_mix({key: (max(0, share - slack), share + 1 + slack) for key, share in shares.items()})
    stock.find_mix({})
    done = time.process_time()
    who = f"{len(stock.ranks)} who matter in {found - started:.2f} CPU-s"
    return f"{who}, five totals in {done - found:.2f} CPU-s"


if __name__ == "__main__":
    measure()
