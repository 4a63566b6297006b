"""Run the migrations on the database of the application, on the connection it hands over."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from forum.kernel.database import Base, UtcDateTime


def render_type(kind: str, value: object, _context: object) -> str | bool:
    """Write our own column type as the plain one it is in the database: migrations outlive our modules."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, UtcDateTime) else False


@contextmanager
def unbound_tables(connection: Connection) -> Iterator[None]:
    """Let SQLite make a table anew, which drops the old one while others still point to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()  # within a transaction the pragma has no effect
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def check_references(connection: Connection) -> None:
    """Pass when all rows still point to rows that are there."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = sorted({row[0] for row in broken})
        message = f"the tables stay as they are: rows would point to nothing, of {tables}"
        raise ValueError(message)


def run() -> None:
    """Apply all migrations, or none."""
    connectable = current_app.extensions["migrate"].db.engine
    with connectable.connect() as connection, unbound_tables(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_type,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            check_references(connection)


run()
