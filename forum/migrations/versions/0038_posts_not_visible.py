"""The few posts that are not visible, so that they do not count as new"""

import sqlalchemy as sa
from alembic import op


revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index(
        'ix_post_not_visible', 'post', ['thread_id', 'id', 'author_id'], unique=False,
        sqlite_where=sa.text("state <> 'visible'"), postgresql_where=sa.text("state <> 'visible'"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index('ix_post_not_visible', table_name='post')
