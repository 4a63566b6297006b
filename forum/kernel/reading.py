"""Reading columns for a page: a fraction of what reading objects costs."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVarTuple, cast

from sqlalchemy import BindParameter, Executable, Row, Select, bindparam, literal
from sqlalchemy.sql.elements import ClauseList, Grouping
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

from forum.kernel.database import flushed_connection

BATCH = 10_000
LENGTHS_KEPT = 16
Columns = TypeVarTuple("Columns")


def read(statement: Executable, **values: object) -> Sequence[Row[Any]]:
    """Return the rows of a statement of columns, within the transaction of the session.

    Make the statement once, in the module, with a `bindparam` for each value: making one and the key under
    which SQLAlchemy knows it takes longer than running it.
    """
    return flushed_connection().execute(statement, values).all()


def read_for_each(
    statement: Select[*Columns], name: str, keys: Sequence[int], **values: object
) -> Sequence[Row[Any]]:
    """Return the rows of a statement of columns with a list of keys: at least one, and often as many.

    SQLAlchemy writes the places of a list anew at each run, a twelfth of what the front page cost; here it is
    done once for each number of keys.
    """
    numbered = {f"{name}_{place}": key for place, key in enumerate(keys)}
    return read(_with_places(statement, name, len(keys)), **numbered, **values)


@lru_cache(LENGTHS_KEPT)
def _with_places(statement: Select[*Columns], name: str, length: int) -> Select[*Columns]:
    """Return the statement with a place for each key, and for each value of other lists in it."""

    def places(element: ExternallyTraversible, **_: object) -> ExternallyTraversible | None:
        if not isinstance(element, BindParameter) or not element.expanding:
            return None
        if element.key == name:
            binds = [bindparam(f"{name}_{place}", type_=element.type) for place in range(length)]
        else:
            binds = [literal(value, element.type) for value in element.value or ()]
        return Grouping(ClauseList(*binds))

    return cast("Select[*Columns]", replacement_traverse(statement, {}, places))


def read_in_batches(statement: Select[*Columns]) -> Iterator[Row[*Columns]]:
    """Yield the rows of a statement of columns that may give millions, without having them all at once."""
    yield from flushed_connection().execute(statement, execution_options={"yield_per": BATCH})
