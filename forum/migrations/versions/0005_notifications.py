"""What members were told, how they want to hear, and addresses that take no mail"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('unreachable_address',
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('cause', sa.Enum('refused', 'bounced', 'complained', name='unreachablecause', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('address', name=op.f('pk_unreachable_address'))
    )
    op.create_table('notification',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('reply', 'mention', 'valued', 'followed', 'moderation', 'phase', 'panel', 'answer', name='notificationkind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('event', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('about', sa.String(length=20), nullable=False),
    sa.Column('about_id', sa.Integer(), nullable=True),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mail_as', sa.Enum('at-once', 'daily', 'weekly', 'never', name='mail_as', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_notification_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification')),
    sa.UniqueConstraint('member_id', 'key', name=op.f('uq_notification_member_id_key'))
    )
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.create_index('ix_notification_newest', ['member_id', 'at', 'id'], unique=False)
        batch_op.create_index('ix_notification_to_mail', ['mail_as', 'at'], unique=False, sqlite_where=sa.text('mail_as IS NOT NULL'), postgresql_where=sa.text('mail_as IS NOT NULL'))
        batch_op.create_index('ix_notification_unread', ['member_id'], unique=False, sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))

    op.create_table('notification_choice',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('reply', 'mention', 'valued', 'followed', 'moderation', 'phase', 'panel', 'answer', name='notificationkind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('how', sa.Enum('at-once', 'daily', 'weekly', 'never', name='how', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_notification_choice_member_id_member')),
    sa.PrimaryKeyConstraint('member_id', 'kind', name=op.f('pk_notification_choice'))
    )
    op.create_table('follow',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Enum('everything', 'replies', 'nothing', name='followlevel', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_follow_member_id_member')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.topic_id'], name=op.f('fk_follow_thread_id_thread')),
    sa.PrimaryKeyConstraint('member_id', 'thread_id', name=op.f('pk_follow'))
    )
    with op.batch_alter_table('follow', schema=None) as batch_op:
        batch_op.create_index('ix_follow_thread', ['thread_id', 'level', 'member_id'], unique=False)

    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_message_message_id', ['message_id'], unique=False)

    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_told', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.alter_column('is_told', server_default=None)
        batch_op.create_index('ix_post_not_told', ['id'], unique=False, sqlite_where=sa.text('is_told = 0'), postgresql_where=sa.text('NOT is_told'))

    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told_phase', sa.Enum('planned', 'open', 'panel', 'answer', 'closed', name='told_phase', native_enum=False, create_constraint=True, length=30), nullable=True))



def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_thread_told_phase'), type_='check')
        batch_op.drop_column('told_phase')

    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_index('ix_post_not_told', sqlite_where=sa.text('is_told = 0'), postgresql_where=sa.text('NOT is_told'))
        batch_op.drop_column('is_told')

    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_message_message_id')

    with op.batch_alter_table('follow', schema=None) as batch_op:
        batch_op.drop_index('ix_follow_thread')

    op.drop_table('follow')
    op.drop_table('notification_choice')
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_index('ix_notification_unread', sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
        batch_op.drop_index('ix_notification_to_mail', sqlite_where=sa.text('mail_as IS NOT NULL'), postgresql_where=sa.text('mail_as IS NOT NULL'))
        batch_op.drop_index('ix_notification_newest')

    op.drop_table('notification')
    op.drop_table('unreachable_address')
