"""Reading columns for a page: a fraction of what reading objects costs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, Row

from forum.kernel.database import db


def read(statement: Executable, **values: object) -> Sequence[Row[Any]]:
    """Return the rows of a statement of columns, within the transaction of the session.

    Make the statement once, in the module, with a `bindparam` for each value: making one and the key under
    which SQLAlchemy knows it takes longer than running it.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values).all()
