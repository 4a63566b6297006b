"""Who rests after a panel"""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

COLUMNS = {'rest_months': 6, 'invitations_most': 4, 'hours_most': 24}


def upgrade() -> None:
    """Apply; panels that were fixed before had no such rules."""
    with op.batch_alter_table('panel', schema=None) as batch_op:
        for column in COLUMNS:
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
    panel = sa.table('panel', sa.column('state', sa.String()), *(sa.column(name, sa.Integer()) for name in COLUMNS))
    op.execute(panel.update().where(panel.c.state == 'draft').values(**COLUMNS))


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('panel', schema=None) as batch_op:
        for column in COLUMNS:
            batch_op.drop_column(column)
