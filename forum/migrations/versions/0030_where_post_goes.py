"""Where people send what they write on paper"""

import sqlalchemy as sa
from alembic import op


revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; the administrator fills it in."""
    with op.batch_alter_table('site', schema=None) as batch_op:
        batch_op.add_column(sa.Column('post_address', sa.String(length=200), server_default='', nullable=False))
    with op.batch_alter_table('site', schema=None) as batch_op:
        batch_op.alter_column('post_address', server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('site', schema=None) as batch_op:
        batch_op.drop_column('post_address')
