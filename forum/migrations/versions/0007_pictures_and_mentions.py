"""Pictures of a post, and the members it mentions"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'mention',
        sa.Column('post_id', sa.Integer(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_mention_member_id_member')),
        sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_mention_post_id_post')),
        sa.PrimaryKeyConstraint('post_id', 'member_id', name=op.f('pk_mention')),
    )
    with op.batch_alter_table('mention', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mention_member_id'), ['member_id'], unique=False)


    op.create_table(
        'picture',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=32), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('post_id', sa.Integer(), nullable=True),
        sa.Column('alt', sa.String(length=300), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_picture_member_id_member')),
        sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_picture_post_id_post')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_picture')),
        sa.UniqueConstraint('key', name=op.f('uq_picture_key')),
    )
    with op.batch_alter_table('picture', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_picture_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_picture_post_id'), ['post_id'], unique=False)
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.add_column(sa.Column('pictures', sa.Text(), nullable=False, server_default=''))
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.alter_column('pictures', server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_column('pictures')
    op.drop_table('picture')
    op.drop_table('mention')
