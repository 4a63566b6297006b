"""Run the migrations on the database of the application, on the connection it hands over."""

from alembic import context
from flask import current_app

from forum.kernel.database import Base, UtcDateTime


def render_type(kind: str, value: object, _context: object) -> str | bool:
    """Write our own column type as the plain one it is in the database: migrations outlive our modules."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, UtcDateTime) else False


def run() -> None:
    """Apply the migrations in one transaction each."""
    connectable = current_app.extensions["migrate"].db.engine
    with connectable.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_type,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
