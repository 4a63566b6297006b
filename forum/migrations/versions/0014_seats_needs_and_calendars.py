"""Free seats that are claimed, other numbers of seats, what people need, who has which calendar file"""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

KINDS = ('frozen', 'committed', 'revealed', 'trial', 'round', 'changed', 'signed')
NEW_KINDS = ('resized', 'returned')
SOURCES = ('link', 'account', 'phone', 'letter', 'meeting')
NEW_COLUMNS = {
    'is_promoted': (sa.Boolean(), sa.false()),
    'is_named': (sa.Boolean(), sa.false()),
    'calendar_shift': (sa.Integer(), '0'),
}


def _allow(table: str, column: str, states: str, values: tuple[str, ...]) -> None:
    quoted = ', '.join(f"'{value}'" for value in values)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(f'ck_{table}_{states}'), type_='check')
        batch_op.create_check_constraint(op.f(f'ck_{table}_{states}'), f'{column} IN ({quoted})')


def upgrade() -> None:
    """Apply; who sits has the meetings as they stand in their calendar."""
    _allow('dossier_entry', 'kind', 'entrykind', KINDS + NEW_KINDS)
    _allow('invitation', 'answer_source', 'answersource', (*SOURCES, 'calendar'))
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        for name, (kind, default) in NEW_COLUMNS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        for name in NEW_COLUMNS:
            batch_op.alter_column(name, server_default=None)
    op.create_table('meeting_needs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('wheelchair', sa.Boolean(), nullable=False),
    sa.Column('hearing_loop', sa.Boolean(), nullable=False),
    sa.Column('interpreter', sa.String(length=60), nullable=False),
    sa.Column('other', sa.Text(), nullable=False),
    sa.Column('companion', sa.Boolean(), nullable=False),
    sa.Column('travel', sa.Enum('own', 'lift', name='travel', native_enum=False, length=30, create_constraint=True), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_meeting_needs_invitation_id_invitation')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_needs_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_needs')),
    sa.UniqueConstraint('invitation_id', 'meeting_id', name=op.f('uq_meeting_needs_invitation_id_meeting_id'))
    )
    op.create_table('calendar_copy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_calendar_copy_invitation_id_invitation')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_calendar_copy_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_copy')),
    sa.UniqueConstraint('invitation_id', 'meeting_id', name=op.f('uq_calendar_copy_invitation_id_meeting_id'))
    )
    for table in ('meeting_needs', 'calendar_copy'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(op.f(f'ix_{table}_meeting_id'), ['meeting_id'], unique=False)
    op.execute(
        "INSERT INTO calendar_copy (invitation_id, meeting_id, sequence)"
        " SELECT invitation.id, meeting.id, meeting.sequence"
        " FROM invitation JOIN meeting ON meeting.panel_id = invitation.panel_id"
        " WHERE invitation.state IN ('open', 'accepted')"
    )


def downgrade() -> None:
    """Undo; an answer from a calendar becomes one by link. Dossiers with newer entries stay as they are."""
    op.drop_table('calendar_copy')
    op.drop_table('meeting_needs')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        for name in NEW_COLUMNS:
            batch_op.drop_column(name)
    op.execute("UPDATE invitation SET answer_source = 'link' WHERE answer_source = 'calendar'")
    _allow('invitation', 'answer_source', 'answersource', SOURCES)
