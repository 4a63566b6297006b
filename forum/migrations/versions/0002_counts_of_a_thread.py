"""Counts of a thread: where members stand, and whether there are panels"""

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

STANCES = ('for', 'against', 'neutral')


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('thread', schema=None) as batch_op:
        for stance in STANCES:
            batch_op.add_column(sa.Column(f'{stance}_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('has_panels', sa.Boolean(), nullable=False, server_default=sa.false()))
    for stance in STANCES:
        op.execute(
            f"UPDATE thread SET {stance}_count = (SELECT count(*) FROM stance_answer"
            f" WHERE stance_answer.thread_id = thread.topic_id AND stance_answer.current = '{stance}')"
        )
    op.execute('UPDATE thread SET has_panels = EXISTS (SELECT 1 FROM panel WHERE panel.topic_id = thread.topic_id)')
    with op.batch_alter_table('thread', schema=None) as batch_op:
        for name in (*(f'{stance}_count' for stance in STANCES), 'has_panels'):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_column('has_panels')
        for stance in STANCES:
            batch_op.drop_column(f'{stance}_count')
