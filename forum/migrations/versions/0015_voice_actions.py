"""What was done for groups that are missing in a debate"""

import sqlalchemy as sa
from alembic import op

import forum.kernel.database

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def states(name: str, *values: str) -> sa.Enum:
    """Return a column type for one of these states."""
    return sa.Enum(*values, name=name, native_enum=False, length=30, create_constraint=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'voice_action',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('thread_id', sa.Integer(), nullable=False),
        sa.Column(
            'kind',
            states('actionkind', 'letter', 'pop-up', 'other-time', 'paper', 'translation'),
            nullable=False,
        ),
        sa.Column('grouping', states('grouping', 'district', 'complex', 'age', 'language'), nullable=False),
        sa.Column('group_name', sa.String(length=100), nullable=False),
        sa.Column('done_on', sa.Date(), nullable=False),
        sa.Column('readers', sa.Integer(), nullable=True),
        sa.Column('all_readers', sa.Integer(), nullable=True),
        sa.Column('writers', sa.Integer(), nullable=True),
        sa.Column('all_writers', sa.Integer(), nullable=True),
        sa.Column('party', states('party', 'tenants', 'landlord'), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_voice_action_member_id_member')),
        sa.ForeignKeyConstraint(['thread_id'], ['thread.topic_id'], name=op.f('fk_voice_action_thread_id_thread')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_voice_action')),
        sa.UniqueConstraint(
            'thread_id',
            'kind',
            'grouping',
            'group_name',
            'done_on',
            name=op.f('uq_voice_action_thread_id_kind_grouping_group_name_done_on'),
        ),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table('voice_action')
