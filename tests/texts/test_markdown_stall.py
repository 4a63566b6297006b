"""Patterns that stall Markdown renderers, at full length: each must be rendered within a second of CPU.

All 1,330 with the slowest reported: `python -m tests.texts.test_markdown_stall [worker processes]`.
"""

import gc
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import permutations

import pytest

from forum.texts.markdown import LONGEST, render

SLOWEST_SECONDS = 1.0
TRIES = 3
FRAGMENTS = [
    *("[", "]", "![", "](b", "[a](", "[a](b)", "(", ")"),
    *("*", "**a", "_", " *a_", "`", "``a", "\\", "~~~\n", "```a\n"),
    *("> ", ">\n", "- ", "+ a\n", "1. ", "    ", "\t", "\n", "b\n\n"),
    *("# a\n", "|", "-|-\n", "---\n", "<", "</a", "&#x", "https://a.", "a", "\u0301"),
]
PREFIXES = [
    *("[", "![a](", "[a](https://b ", "*", "**", "_ ", "`", "```\n", "~~~", "<", "<!--", "<![CDATA[", "&"),
    *(
        "> ",
        "- ",
        "1. ",
        "    ",
        "> > > > > ",
        "- - - - ",
        "# ",
        "a\n",
        "a|b\n-|-\n",
        "|a|\n|-|\n",
        "a\n---\n",
    ),
    *("[a]: https://b\n", "https://", "www.", "a@b.", '"', "\\", "\u202e", "\u2066", "(", "{"),
]
FILLINGS = ["[a](", "*a ", "> ", "a|", "- a\n", "_a", "`a", "](", "\n> ", "(a", "\\*", "a.", "(", "#"]


def patterns() -> Iterator[str]:
    """Yield 36 fragments, their 1,260 ordered pairs and 34 prefixes, repeated to the full length."""
    yield from (_fill("", fragment) for fragment in FRAGMENTS)
    yield from (_fill("", one + other) for one, other in permutations(FRAGMENTS, 2))
    yield from (_fill(prefix, FILLINGS[n % len(FILLINGS)]) for n, prefix in enumerate(PREFIXES))


def _fill(prefix: str, fragment: str) -> str:
    return (prefix + fragment * (LONGEST // len(fragment) + 1))[:LONGEST]


def _half(opening: str, closing: str) -> str:
    count = LONGEST // (len(opening) + len(closing))
    return opening * count + closing * count


NAMED = {
    "stars that nest": _half("*a ", " a*"),
    "stars of two lengths that nest": _half("*a **b ", "b** a*"),
    "three stars that nest": _half("***a ", "a***"),
    "brackets that nest": _half("[a", "](https://b.c)"),
    "brackets in an address": "https://a.b/" + "(" * 4_000 + ")" * 4_000,
    "backticks, ever more": "".join("`" * n + "a" for n in range(1, 140))[:LONGEST],
    "backticks, ever less": "".join("`" * n + "a" for n in range(139, 0, -1))[:LONGEST],
    "fences, ever longer": "".join("`" * n + "\n" for n in range(3, 140))[:LONGEST],
    "fences with half an option": '```hl_lines="\\n' * 700,
    "lists, ever deeper": "".join("    " * n + "- a\n" for n in range(69))[:LONGEST],
    "a table of many empty cells": "a|" * 900 + "\n" + "-|" * 900 + "\n" + "a\n" * 3_000,
    "many small tables": "a|b\n-|-\na\n\n" * 900,
    "long list numbers": "9" * LONGEST,
    "words with dots between brackets": "[" + "a." * 4_990 + "](https://a.b)",
    "accents on one letter": "a" + "\u0301" * (LONGEST - 1),
    "isolates": "\u2066a\u2069\n" * 2_500,
    "spaces only": " " * LONGEST,
    "tabs only": "\t" * LONGEST,
    "far over the limit": "[*`a" * 250_000,
}
EVERY = 11  # has no factor in common with the 35 others that each fragment is paired with
SHARES = 8


@pytest.mark.parametrize("source", NAMED.values(), ids=NAMED.keys())
def test_a_named_pattern_is_rendered_in_time(source: str) -> None:
    seconds, _ = _cpu_seconds(source)

    assert seconds < SLOWEST_SECONDS


@pytest.mark.parametrize("share", range(SHARES))
def test_every_eleventh_pattern_is_rendered_in_time(share: int) -> None:
    measured = [_cpu_seconds(source) for source in list(patterns())[::EVERY][share::SHARES]]

    assert max(measured) < (SLOWEST_SECONDS, "")


def test_there_are_1330_patterns_of_full_length() -> None:
    sources = list(patterns())

    assert len(sources) == len(set(sources)) == 1_330
    assert {len(source) for source in sources} == {LONGEST}


def test_an_ordinary_post_of_double_length_costs_less_than_three_times_as_much() -> None:
    paragraph = "De **lift** is *kapot*, zie https://a.nl en bel `112`.\n\n- een\n- twee\n\n> citaat\n\n"
    source = paragraph * (LONGEST // len(paragraph))
    half = min(_cpu_seconds(source[: LONGEST // 2])[0] for _ in range(3))

    whole = min(_cpu_seconds(source)[0] for _ in range(3))

    assert whole < 3 * half


def _cpu_seconds(source: str) -> tuple[float, str]:
    """Return what rendering takes; a neighbour on the same core can slow one try down, a stall all three."""
    tried = [_cpu_seconds_once(source)]
    while tried[-1] >= SLOWEST_SECONDS and len(tried) < TRIES:
        tried.append(_cpu_seconds_once(source))
    return min(tried), source[:40]


def _cpu_seconds_once(source: str) -> float:
    gc.freeze()  # as the server does: what other tests left behind is not looked through
    try:
        start = time.process_time()
        render(source)
        return time.process_time() - start
    finally:
        gc.unfreeze()


def main(workers: int) -> int:
    """Render every pattern, print the ten slowest, and return how many were too slow."""
    with ProcessPoolExecutor(workers) as pool:
        measured = sorted(pool.map(_cpu_seconds, patterns(), chunksize=10), reverse=True)
    for seconds, beginning in measured[:10]:
        print(f"{seconds:6.3f} s  {beginning!r}")
    too_slow = sum(seconds >= SLOWEST_SECONDS for seconds, _ in measured)
    print(f"{len(measured)} patterns, {too_slow} took {SLOWEST_SECONDS} s or more")
    return too_slow


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 2) else 0)
