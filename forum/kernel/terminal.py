"""What a command shows to whoever sits at the terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from forum.kernel.progress import Progress, in_silence


@contextmanager
def progress_shown() -> Iterator[Progress]:
    """Show how far the work is on one line of the terminal; where nobody looks, nothing."""
    if not sys.stderr.isatty():
        yield in_silence
        return
    try:
        yield _show
    finally:
        click.echo(err=True)


def _show(step: str, done: int) -> None:
    click.echo(f"\r{step} {done:>9,} rows", nl=False, err=True)
