"""Members who let their posts be found by their stance"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('stance_answer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_findable', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('stance_answer', schema=None) as batch_op:
        batch_op.alter_column('is_findable', server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('stance_answer', schema=None) as batch_op:
        batch_op.drop_column('is_findable')
