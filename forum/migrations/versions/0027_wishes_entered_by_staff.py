"""Who wrote down for a member how they want to be invited"""

import sqlalchemy as sa
from alembic import op


revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; so far only members themselves said so."""
    with op.batch_alter_table('channel_wish', schema=None) as batch_op:
        batch_op.add_column(sa.Column('entered_by_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_channel_wish_entered_by_id_member'), 'member', ['entered_by_id'], ['id']
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('channel_wish', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_channel_wish_entered_by_id_member'), type_='foreignkey')
        batch_op.drop_column('entered_by_id')
