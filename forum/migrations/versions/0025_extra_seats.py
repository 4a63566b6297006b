"""How many of the seats of a panel are for who is asked because not everybody comes"""

import sqlalchemy as sa
from alembic import op


revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.add_column(sa.Column('extra_seats', sa.Integer(), nullable=False, server_default='0'))
        batch_op.create_check_constraint(
            batch_op.f('ck_panel_extra_seats'), 'extra_seats >= 0 AND extra_seats < seats'
        )
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.alter_column('extra_seats', server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_panel_extra_seats'), type_='check')
        batch_op.drop_column('extra_seats')
