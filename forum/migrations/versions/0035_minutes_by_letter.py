"""Concepts of minutes that attendees get by letter"""

import sqlalchemy as sa
from alembic import op


revision = '0035'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('minutes_letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('minutes_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('printed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_minutes_letter_member_id_member')),
    sa.ForeignKeyConstraint(['minutes_id'], ['minutes.id'], name=op.f('fk_minutes_letter_minutes_id_minutes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_letter')),
    sa.UniqueConstraint('minutes_id', 'member_id', name=op.f('uq_minutes_letter_minutes_id_member_id'))
    )
    with op.batch_alter_table('minutes_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_minutes_letter_member_id'), ['member_id'], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_table('minutes_letter')
