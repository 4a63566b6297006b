"""Reading columns for a page: a fraction of what reading objects costs."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVarTuple

from sqlalchemy import Executable, Row, Select

from forum.kernel.database import flushed_connection

BATCH = 10_000
Columns = TypeVarTuple("Columns")


def read(statement: Executable, **values: object) -> Sequence[Row[Any]]:
    """Return the rows of a statement of columns, within the transaction of the session.

    Make the statement once, in the module, with a `bindparam` for each value: making one and the key under
    which SQLAlchemy knows it takes longer than running it.
    """
    return flushed_connection().execute(statement, values).all()


def read_in_batches(statement: Select[*Columns]) -> Iterator[Row[*Columns]]:
    """Yield the rows of a statement of columns that may give millions, without having them all at once."""
    yield from flushed_connection().execute(statement, execution_options={"yield_per": BATCH})
