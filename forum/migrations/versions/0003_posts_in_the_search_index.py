"""Posts that the search index knows"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_indexed', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.alter_column('is_indexed', server_default=None)
        batch_op.create_index(
            'ix_post_not_indexed',
            ['id'],
            unique=False,
            sqlite_where=sa.text('is_indexed = 0'),
            postgresql_where=sa.text('NOT is_indexed'),
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_index('ix_post_not_indexed')
        batch_op.drop_column('is_indexed')
