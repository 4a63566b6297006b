"""Meetings that can be cancelled, with agenda, documents, attendance and minutes"""

import sqlalchemy as sa
from alembic import op

import forum.kernel.database

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'agenda_point',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('meeting_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(length=200), nullable=False),
        sa.Column('minutes', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_agenda_point_meeting_id_meeting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_point')),
    )
    with op.batch_alter_table('agenda_point', schema=None) as batch_op:
        batch_op.create_index('ix_agenda_point_order', ['meeting_id', 'position'], unique=False)

    op.create_table(
        'attendance',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('meeting_id', sa.Integer(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('is_present', sa.Boolean(), nullable=False),
        sa.Column('is_walk_in', sa.Boolean(), nullable=False),
        sa.Column('source', sa.Enum('list', 'door', name='attendancesource', native_enum=False, create_constraint=True, length=30), nullable=False),
        sa.Column('marked_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('marked_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['marked_by_id'], ['member.id'], name=op.f('fk_attendance_marked_by_id_member')),
        sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attendance_meeting_id_meeting')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_attendance_member_id_member')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
        sa.UniqueConstraint('meeting_id', 'member_id', name=op.f('uq_attendance_meeting_id_member_id')),
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_member_id'), ['member_id'], unique=False)

    op.create_table(
        'meeting_document',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('meeting_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=40), nullable=False),
        sa.Column('title', sa.String(length=200), nullable=False),
        sa.Column('kind', sa.Enum('pdf', 'png', 'jpg', 'odt', 'docx', name='documentkind', native_enum=False, create_constraint=True, length=30), nullable=False),
        sa.Column('size_bytes', sa.Integer(), nullable=False),
        sa.Column('added_by_id', sa.Integer(), nullable=False),
        sa.Column('added_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['added_by_id'], ['member.id'], name=op.f('fk_meeting_document_added_by_id_member')),
        sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_document_meeting_id_meeting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_document')),
        sa.UniqueConstraint('key', name=op.f('uq_meeting_document_key')),
    )
    with op.batch_alter_table('meeting_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_document_meeting_id'), ['meeting_id'], unique=False)

    op.create_table(
        'minutes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('meeting_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.Enum('draft', 'concept', 'locked', name='minutesstate', native_enum=False, create_constraint=True, length=30), nullable=False),
        sa.Column('sent_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('sent_by_id', sa.Integer(), nullable=True),
        sa.Column('closes_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('locked_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'draft') = (closes_at IS NULL)", name=op.f('ck_minutes_window')),
        sa.CheckConstraint("(state = 'locked') = (locked_at IS NOT NULL)", name=op.f('ck_minutes_lock')),
        sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_meeting_id_meeting')),
        sa.ForeignKeyConstraint(['sent_by_id'], ['member.id'], name=op.f('fk_minutes_sent_by_id_member')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes')),
        sa.UniqueConstraint('meeting_id', name=op.f('uq_minutes_meeting_id')),
    )
    with op.batch_alter_table('minutes', schema=None) as batch_op:
        batch_op.create_index('ix_minutes_due', ['state', 'closes_at'], unique=False)

    op.create_table(
        'minutes_point',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('minutes_id', sa.Integer(), nullable=False),
        sa.Column('agenda_point_id', sa.Integer(), nullable=True),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(length=200), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('post_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['agenda_point_id'], ['agenda_point.id'], name=op.f('fk_minutes_point_agenda_point_id_agenda_point'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['minutes_id'], ['minutes.id'], name=op.f('fk_minutes_point_minutes_id_minutes')),
        sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_minutes_point_post_id_post')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_point')),
        sa.UniqueConstraint('post_id', name=op.f('uq_minutes_point_post_id')),
    )
    with op.batch_alter_table('minutes_point', schema=None) as batch_op:
        batch_op.create_index('ix_minutes_point_order', ['minutes_id', 'position'], unique=False)

    op.create_table(
        'minutes_remark',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('point_id', sa.Integer(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('state', sa.Enum('agreed', 'open', 'accepted', 'differs', name='remarkstate', native_enum=False, create_constraint=True, length=30), nullable=False),
        sa.Column('text', sa.Text(), nullable=True),
        sa.Column('text_before', sa.Text(), nullable=True),
        sa.Column('text_after', sa.Text(), nullable=True),
        sa.Column('source', sa.Enum('web', 'phone', 'letter', 'meeting', name='remarksource', native_enum=False, create_constraint=True, length=30), nullable=False),
        sa.Column('entered_by_id', sa.Integer(), nullable=True),
        sa.Column('at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('decided_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'accepted') = (text_after IS NOT NULL)", name=op.f('ck_minutes_remark_taken_over')),
        sa.CheckConstraint("(state = 'agreed') = (text IS NULL)", name=op.f('ck_minutes_remark_proposal')),
        sa.ForeignKeyConstraint(['decided_by_id'], ['member.id'], name=op.f('fk_minutes_remark_decided_by_id_member')),
        sa.ForeignKeyConstraint(['entered_by_id'], ['member.id'], name=op.f('fk_minutes_remark_entered_by_id_member')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_minutes_remark_member_id_member')),
        sa.ForeignKeyConstraint(['point_id'], ['minutes_point.id'], name=op.f('fk_minutes_remark_point_id_minutes_point')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_remark')),
        sa.UniqueConstraint('point_id', 'member_id', 'version', name=op.f('uq_minutes_remark_point_id_member_id_version')),
    )
    with op.batch_alter_table('minutes_remark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_minutes_remark_member_id'), ['member_id'], unique=False)

    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cancelled_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('cancelled_because', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('door_code', sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column('late_told_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_meeting_door_code'), ['door_code'])
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.alter_column('cancelled_because', server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_meeting_door_code'), type_='unique')
        batch_op.drop_column('late_told_at')
        batch_op.drop_column('door_code')
        batch_op.drop_column('cancelled_because')
        batch_op.drop_column('cancelled_at')

    op.drop_table('minutes_remark')
    op.drop_table('minutes_point')
    op.drop_table('minutes')
    op.drop_table('meeting_document')
    op.drop_table('attendance')
    op.drop_table('agenda_point')
