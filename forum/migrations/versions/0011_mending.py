"""A topic that was taken along from an earlier agenda"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('topic', schema=None) as batch_op:
        batch_op.add_column(sa.Column('carried_from_id', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_topic_carried_from_id'), ['carried_from_id'])
        batch_op.create_foreign_key(
            batch_op.f('fk_topic_carried_from_id_topic'), 'topic', ['carried_from_id'], ['id']
        )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('topic', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_topic_carried_from_id_topic'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_topic_carried_from_id'), type_='unique')
        batch_op.drop_column('carried_from_id')
