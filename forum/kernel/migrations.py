"""The tables of the database follow the version of the forum.

Only commands that need this load it: the web server has no use for Alembic, which takes eleven megabytes.
"""

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate, upgrade

from forum.kernel.database import db

MIGRATIONS = Path(__file__).parents[1] / "migrations"


class NotMigrated(ValueError):
    """The database has no tables, or those of another version."""


def init_migrations(app: Flask) -> None:
    """Tell Flask-Migrate where the migrations of the application are."""
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)


def read_scripts(app: Flask) -> ScriptDirectory:
    """Return the migrations there are."""
    init_migrations(app)
    return ScriptDirectory.from_config(app.extensions["migrate"].migrate.get_config())


def upgrade_tables(app: Flask, revision: str = "head") -> None:
    """Bring the tables of an application to a version, the newest when none is given."""
    init_migrations(app)
    with app.app_context():
        upgrade(revision=revision)


def check_migrated(app: Flask) -> None:
    """Pass when every migration was applied, and no later one.

    Raises:
        NotMigrated: says what to run.
    """
    with app.app_context(), db.engine.connect() as connection:
        wanted = read_scripts(app).get_current_head()
        found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        message = "the database has no tables yet; `forum init` makes them"
        raise NotMigrated(message)
    if found != wanted:
        message = (
            f"the database has the tables of version {found}, this forum needs {wanted};"
            " `forum database upgrade` brings them up to date"
        )
        raise NotMigrated(message)
