"""Tables, moments in UTC, and the one way to write: a unit of work."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, MetaData, NullPool, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 20_000
CACHE_KIB = 500  # for each connection; the system keeps what was read of the file for all of them
_CONNECTION = "connection"
WRITES = {"forum_writes": True}


class Base(DeclarativeBase):
    """Parent of every table; the names of constraints are fixed so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(metadata=Base.metadata)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite would give it back without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive moment and store the rest in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive datetime {value!r} cannot be stored"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def state_column(states: type[StrEnum], name: str = "") -> Enum:
    """Return a column type that stores the value of a state as text and refuses any other.

    Args:
        states: the states.
        name: of the constraint, where a table has two columns of the same states.
    """
    return Enum(
        states,
        native_enum=False,
        length=30,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        name=name or states.__name__.lower(),
    )


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Commit what happens inside as one, or nothing of it. Only entry points open one.

    On SQLite the write lock is taken at the start (`BEGIN IMMEDIATE`), so that what is read inside is what
    is decided on; on PostgreSQL a service locks the rows it decides on with `lock`.
    """
    session = db.session()
    session.rollback()
    session.connection(execution_options=WRITES)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


@event.listens_for(db.session, "after_begin")
def _keep_connection(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    session.info[_CONNECTION] = connection


@event.listens_for(db.session, "after_transaction_end")
def _let_connection_go(session: Session, _transaction: SessionTransaction) -> None:
    session.info.pop(_CONNECTION, None)


def flushed_connection() -> Connection:
    """Return the connection of the session's transaction, which knows all that was changed in the session.

    Asking the session itself for it costs as much as a small query, so it is asked once in each transaction;
    and each time within a savepoint, which is made on the database when it is asked for first.
    """
    session = db.session()
    session.flush()
    connection: Connection | None = session.info.get(_CONNECTION)
    return session.connection() if connection is None or session.in_nested_transaction() else connection


def lock(row: Base) -> None:
    """Keep others from changing a row until the unit of work ends, and read everything anew.

    All that was read before may have changed while this waited for its turn, so all of it is forgotten.
    Whoever locks more than one row locks the agenda before its topic, the panel before its run. Rows that
    only point to this one can still be added meanwhile (`FOR NO KEY UPDATE`): a reaction points to the thread
    of its post, and would otherwise wait for a reply that waits for the post.

    On SQLite a unit of work has kept all others from writing since its start, so nothing can have changed.
    """
    session = db.session()
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "sqlite" and connection.get_execution_options().get("forum_writes"):
        return
    session.expire_all()
    session.refresh(row, with_for_update={"of": type(row), "key_share": True})


def engine_options(url: str) -> dict[str, Any]:
    """Return the options of the engine for a database address."""
    if url.startswith("sqlite"):
        return {
            "pool_use_lifo": True,  # the connection that was used last has read most of what is asked next
            "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        }
    return {
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "connect_args": {
            "connect_timeout": 5,
            "options": "-c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000",
        },
    }


def connect_anew() -> Connection:
    """Return a connection that shows whether the database is still there.

    On SQLite one that was just opened: the others go on with a file that was taken away. On PostgreSQL the
    pool tries each before it is lent.
    """
    file = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or file is None:
        return db.engine.connect()
    address = f"{Path(file).absolute().as_uri()}?mode=rw"  # makes no file where there is none
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool
    )
    return engine.connect()


def prepare_engine(engine: Engine) -> None:
    """Give SQLite its pragmas and explicit transactions; other databases need nothing."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"cache_size=-{CACHE_KIB}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("forum_writes", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:  # takes no lock, so it cannot fail: no need to pass through all layers for every page
            connection.connection.cursor().execute("BEGIN")
