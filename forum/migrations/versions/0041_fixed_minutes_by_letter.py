"""Fixed minutes by letter to who reads on paper, after the concept"""

import sqlalchemy as sa
from alembic import op


revision = '0041'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('minutes_letter', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_locked', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.drop_constraint(batch_op.f('uq_minutes_letter_minutes_id_member_id'), type_='unique')
        batch_op.create_unique_constraint(
            batch_op.f('uq_minutes_letter_minutes_id_member_id_is_locked'), ['minutes_id', 'member_id', 'is_locked']
        )
    with op.batch_alter_table('minutes_letter', schema=None) as batch_op:
        batch_op.alter_column('is_locked', server_default=None)


def downgrade() -> None:
    """Undo; letters with fixed minutes are forgotten."""
    op.execute('DELETE FROM minutes_letter WHERE is_locked')
    with op.batch_alter_table('minutes_letter', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_minutes_letter_minutes_id_member_id_is_locked'), type_='unique')
        batch_op.create_unique_constraint(
            batch_op.f('uq_minutes_letter_minutes_id_member_id'), ['minutes_id', 'member_id']
        )
        batch_op.drop_column('is_locked')
