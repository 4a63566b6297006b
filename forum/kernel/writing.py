"""Writing columns where a page must be cheap: a fraction of what changing objects costs."""

from sqlalchemy import CursorResult, Executable, Insert

from forum.kernel.database import flushed_connection


def write(statement: Executable, **values: object) -> CursorResult[tuple[()]]:
    """Execute a statement that changes rows, within the unit of work.

    Make the statement once, in the module, as for `read`. An object of a changed row that is in the session
    still tells what stood there before, until it is read anew.
    """
    return flushed_connection().execute(statement, values)


def write_one(statement: Insert, **columns: object) -> int:
    """Insert one row and return its id; a column that is not named gets its default."""
    key = write(statement, **columns).inserted_primary_key
    assert key is not None, "one row was inserted"
    return int(key[0])
