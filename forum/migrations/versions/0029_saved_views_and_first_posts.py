"""Lists that moderators keep, and the rule of both parties about first posts"""

import sqlalchemy as sa
from alembic import op


revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

SIGN = sa.table('post_sign', sa.column('sign', sa.String()), sa.column('seen_at', sa.DateTime()))
REASONS = ('person', 'abuse', 'off-topic', 'advertising', 'privacy', 'sensitive', 'elsewhere', 'aggression', 'other')


def upgrade() -> None:
    """Apply; first posts that wait on the list came there without a rule of both parties."""
    op.create_table('saved_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Enum(*REASONS, name='flagreason', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_saved_view_member_id_member')),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_saved_view_topic_id_topic')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('member_id', 'name', name=op.f('uq_saved_view_member_id_name'))
    )
    op.create_table('first_posts_wish',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('party', sa.Enum('tenants', 'landlord', name='party', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('days', sa.Integer(), nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('days > 0', name=op.f('ck_first_posts_wish_days')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_first_posts_wish_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_first_posts_wish'))
    )
    op.execute(SIGN.delete().where(SIGN.c.sign == 'first-post', SIGN.c.seen_at.is_(None)))


def downgrade() -> None:
    """Undo."""
    op.drop_table('first_posts_wish')
    op.drop_table('saved_view')
