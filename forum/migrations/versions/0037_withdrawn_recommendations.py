"""Recommendations that were taken back, and why"""

import sqlalchemy as sa
from alembic import op


revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_because', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_recommendation_merged_into_id_recommendation'), 'recommendation', ['merged_into_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_recommendation_withdrawn'), "(withdrawn_at IS NULL) = (withdrawn_because = '')")
        batch_op.create_check_constraint(batch_op.f('ck_recommendation_withdrawn_unanswered'), 'withdrawn_at IS NULL OR answer_version = 0')
    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.alter_column('withdrawn_because', server_default=None)


def downgrade() -> None:
    """Undo; what was taken back waits for an answer again."""
    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_recommendation_withdrawn_unanswered'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_recommendation_withdrawn'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_recommendation_merged_into_id_recommendation'), type_='foreignkey')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('withdrawn_because')
        batch_op.drop_column('withdrawn_at')
