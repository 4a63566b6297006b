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
from pathlib import Path

import click

CATEGORIES = {"leeftijd": 5, "wijk": 8, "contract": 4, "complex": 6}
STRIDE = 7_368_787  # a prime, so that multiples of it spread over scores and values


def make_request(candidates: int, seats: int, score_unit: int) -> dict[str, object]:
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
    return {"mode": "quota_top", "seats": seats, "seed": "5d" * 32, "quotas": quotas, "candidates": people}


@click.command()
@click.option("--candidates", default=100_000, help="How many people to choose from.")
@click.option("--seats", default=15)
@click.option("--score-unit", default=1, help="Scores are multiples of this; 6000 makes all equal.")
def measure(candidates: int, seats: int, score_unit: int) -> None:
    """Print the cost of one selection."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "request.json"
        file.write_text(json.dumps(make_request(candidates, seats, score_unit)))
        script = "from forum.panels.file_cli import select; select()"
        done = subprocess.run(
            [sys.executable, "-c", script, str(file)],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = json.loads(done.stdout)
    click.echo(
        f"{candidates} candidates, {seats} seats: {result['status']}, total {result['objective']}, "
        f"{used.ru_utime + used.ru_stime:.2f} CPU-s, {used.ru_maxrss / 1024:.0f} MiB"
    )


if __name__ == "__main__":
    measure()
