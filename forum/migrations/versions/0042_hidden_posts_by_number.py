"""The few posts that are not visible by their number, so that a search need not look up all it found"""

import sqlalchemy as sa
from alembic import op


revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index(
        'ix_post_not_visible_id', 'post', ['id'], unique=False,
        sqlite_where=sa.text("state <> 'visible'"), postgresql_where=sa.text("state <> 'visible'"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index('ix_post_not_visible_id', table_name='post')
