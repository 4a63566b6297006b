"""Why no minutes come of a meeting"""

import sqlalchemy as sa
from alembic import op


revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('no_minutes_because', sa.Text(), server_default='', nullable=False))
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.alter_column('no_minutes_because', server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_column('no_minutes_because')
