"""How a command refuses: one line on stderr, exit status 1."""

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

from forum.kernel.errors import ForumError

P = ParamSpec("P")
R = TypeVar("R")


class CommandRefused(click.ClickException):
    """A refused input; click prints the line and exits with 1."""

    def show(self, file: object = None) -> None:  # noqa: ARG002
        """Print the reason on one line."""
        click.echo(f"forum: {' '.join(self.message.split())}", err=True)


def refuses(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a `ForumError` of a command into its one-line refusal."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ForumError as error:
            raise CommandRefused(_reason(error)) from error

    return run


def _reason(error: ForumError) -> str:
    """Return the code, the details, and what the docstring of the refusal says of it in English."""
    details = ", ".join(f"{name} {value}" for name, value in error.details.items())
    shown = f"{error.code} ({details})" if details else error.code
    return f"refused: {shown}: {(inspect.getdoc(type(error)) or '').partition(chr(10))[0]}"
