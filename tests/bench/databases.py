"""Empty databases to measure on: SQLite in a folder, or one of our own on PostgreSQL."""

import os
from pathlib import Path

import psycopg

from forum.settings.config import Settings, load_settings

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql://127.0.0.1:5432/postgres")


def settings_of_empty(kind: str, name: str, instance: Path) -> Settings:
    """Return the settings of an installation in a folder, on SQLite or on a new PostgreSQL database."""
    environ = {"INSTANCE_PATH": str(instance), "SECRET_KEY": "b" * 40}
    if kind == "postgresql":
        drop_postgresql(name)
        with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        environ["DATABASE_URL"] = POSTGRESQL.rsplit("/", 1)[0] + "/" + name
    return load_settings(environ)


def drop_postgresql(name: str) -> None:
    """Throw a database away, when it is there."""
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
