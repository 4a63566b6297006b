"""Slips of paper"""

import sqlalchemy as sa
from alembic import op

import forum.kernel.database

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'slip',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(length=12), nullable=False),
        sa.Column('form_key', sa.String(length=64), nullable=False),
        sa.Column('thread_id', sa.Integer(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('post_id', sa.Integer(), nullable=True),
        sa.Column(
            'stance',
            sa.Enum('for', 'against', 'neutral', name='slip_stance', native_enum=False, length=30, create_constraint=True),
            nullable=True,
        ),
        sa.Column('entered_by_id', sa.Integer(), nullable=False),
        sa.Column('at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint('post_id IS NOT NULL OR stance IS NOT NULL', name=op.f('ck_slip_not_empty')),
        sa.ForeignKeyConstraint(['entered_by_id'], ['member.id'], name=op.f('fk_slip_entered_by_id_member')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_slip_member_id_member')),
        sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_slip_post_id_post')),
        sa.ForeignKeyConstraint(['thread_id'], ['thread.topic_id'], name=op.f('fk_slip_thread_id_thread')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_slip')),
        sa.UniqueConstraint('code', name=op.f('uq_slip_code')),
        sa.UniqueConstraint('form_key', name=op.f('uq_slip_form_key')),
        sa.UniqueConstraint('post_id', name=op.f('uq_slip_post_id')),
    )
    with op.batch_alter_table('slip', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_slip_entered_by_id'), ['entered_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_slip_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_slip_thread_id'), ['thread_id'], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_table('slip')
