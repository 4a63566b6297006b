"""Polls on a topic"""

import sqlalchemy as sa
from alembic import op

import forum.kernel.database

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

MOMENT = forum.kernel.database.UtcDateTime(timezone=True)


def states(name: str, *values: str) -> sa.Enum:
    """Return a column type that refuses any other value."""
    return sa.Enum(*values, name=name, native_enum=False, length=30, create_constraint=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'poll',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('thread_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('question', sa.String(length=300), nullable=False),
        sa.Column('kind', states('pollkind', 'single', 'multiple', 'ranking'), nullable=False),
        sa.Column('most_choices', sa.Integer(), nullable=False),
        sa.Column('is_result_after_closing', sa.Boolean(), nullable=False),
        sa.Column('party', states('party', 'tenants', 'landlord'), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('closes_at', MOMENT, nullable=False),
        sa.Column('closed_at', MOMENT, nullable=True),
        sa.Column('closed_why', sa.String(length=300), nullable=False),
        sa.Column('ballot_count', sa.Integer(), nullable=False),
        sa.Column('tenant_count', sa.Integer(), nullable=True),
        sa.Column('is_told', sa.Boolean(), nullable=False),
        sa.Column('is_result_told', sa.Boolean(), nullable=False),
        sa.CheckConstraint('most_choices >= 1', name=op.f('ck_poll_most_choices')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_poll_member_id_member')),
        sa.ForeignKeyConstraint(['thread_id'], ['thread.topic_id'], name=op.f('fk_poll_thread_id_thread')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_poll')),
    )
    op.create_index(op.f('ix_poll_thread_id'), 'poll', ['thread_id'], unique=False)
    op.create_table(
        'poll_option',
        sa.Column('poll_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_poll_option_poll_id_poll')),
        sa.PrimaryKeyConstraint('poll_id', 'position', name=op.f('pk_poll_option')),
    )
    op.create_table(
        'ballot',
        sa.Column('poll_id', sa.Integer(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('choices', sa.String(length=40), nullable=False),
        sa.Column('source', states('postsource', 'web', 'phone', 'letter', 'meeting', 'import'), nullable=False),
        sa.Column('entered_by_id', sa.Integer(), nullable=True),
        sa.Column('at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['entered_by_id'], ['member.id'], name=op.f('fk_ballot_entered_by_id_member')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_ballot_member_id_member')),
        sa.ForeignKeyConstraint(['poll_id'], ['poll.id'], name=op.f('fk_ballot_poll_id_poll')),
        sa.PrimaryKeyConstraint('poll_id', 'member_id', name=op.f('pk_ballot')),
    )
    op.create_index(op.f('ix_ballot_member_id'), 'ballot', ['member_id'], unique=False)
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.add_column(sa.Column('has_polls', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.alter_column('has_polls', server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_column('has_polls')
    op.drop_table('ballot')
    op.drop_table('poll_option')
    op.drop_table('poll')
