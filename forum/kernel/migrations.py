"""Whether the tables of the database are those that this version of the forum works with."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from forum.kernel.database import db


class NotMigrated(ValueError):
    """The database has no tables, or those of another version."""


def check_migrated(app: Flask) -> None:
    """Pass when every migration was applied, and no later one.

    Raises:
        NotMigrated: says what to run.
    """
    with app.app_context(), db.engine.connect() as connection:
        config = app.extensions["migrate"].migrate.get_config()
        wanted = ScriptDirectory.from_config(config).get_current_head()
        found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        message = "the database has no tables yet; `forum init` makes them"
        raise NotMigrated(message)
    if found != wanted:
        message = (
            f"the database has the tables of version {found}, this forum needs {wanted};"
            " `flask --app forum.app db upgrade` brings them up to date"
        )
        raise NotMigrated(message)
