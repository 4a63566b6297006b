"""Ways to invite: mail, letters, telephone"""

import sqlalchemy as sa
from alembic import op

import forum.kernel.database

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

CHANNEL = sa.Enum(
    'email', 'letter', 'hand', 'phone', name='channel', native_enum=False, create_constraint=True, length=30
)
REASON = sa.Enum(
    'asked', 'conflict_of_interest', 'mistake', 'deceased', 'gone', 'moved', 'objected',
    name='withdrawreason', native_enum=False, create_constraint=True, length=30,
)


def upgrade() -> None:
    """Apply."""
    op.create_table('channel_wish',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('channel', CHANNEL, nullable=False),
    sa.Column('at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_channel_wish_member_id_member')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_channel_wish'))
    )
    op.create_table('undeliverable_home',
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_undeliverable_home_household_id_household')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_undeliverable_home_member_id_member')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_undeliverable_home'))
    )
    op.create_table('letter_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('panel_id', sa.Integer(), nullable=False),
    sa.Column('made_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('posted_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['member.id'], name=op.f('fk_letter_batch_made_by_id_member')),
    sa.ForeignKeyConstraint(['panel_id'], ['panel.id'], name=op.f('fk_letter_batch_panel_id_panel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_batch'))
    )
    with op.batch_alter_table('letter_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_batch_panel_id'), ['panel_id'], unique=False)

    op.create_table('invitation_letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('invited', 'withdrawn', name='letterkind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'batched', 'posted', 'returned', 'dropped', name='letterstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('household_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['letter_batch.id'], name=op.f('fk_invitation_letter_batch_id_letter_batch')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_invitation_letter_household_id_household')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_invitation_letter_invitation_id_invitation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_letter'))
    )
    with op.batch_alter_table('invitation_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_letter_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_letter_invitation_id'), ['invitation_id'], unique=False)
        batch_op.create_index('ix_invitation_letter_underway', ['invitation_id', 'kind'], unique=True, sqlite_where=sa.text("state IN ('waiting', 'batched')"), postgresql_where=sa.text("state IN ('waiting', 'batched')"))

    op.create_table('invitation_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('letter_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('queued', 'printed', 'posted', 'handed', 'returned', 'dropped', 'no_answer', 'call_back', 'wrong_number', 'resent', 'to_phone', 'accepted', 'declined', 'withdrawn', name='stepkind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('note', sa.String(length=60), nullable=False),
    sa.Column('at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['member.id'], name=op.f('fk_invitation_step_by_id_member')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_invitation_step_invitation_id_invitation')),
    sa.ForeignKeyConstraint(['letter_id'], ['invitation_letter.id'], name=op.f('fk_invitation_step_letter_id_invitation_letter')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_step'))
    )
    with op.batch_alter_table('invitation_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_step_invitation_id'), ['invitation_id'], unique=False)

    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('channel', CHANNEL, nullable=False, server_default='email'))
        batch_op.add_column(sa.Column('withdrawn_because', REASON, nullable=True))
    op.execute("UPDATE invitation SET withdrawn_because = 'asked' WHERE state = 'withdrawn'")
    op.execute(
        "UPDATE invitation SET channel = 'phone' WHERE member_id IN (SELECT id FROM member WHERE email IS NULL)"
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.alter_column('channel', existing_type=CHANNEL, existing_nullable=False, server_default=None)
        batch_op.create_check_constraint(
            op.f('ck_invitation_withdrawn'), "(state = 'withdrawn') = (withdrawn_because IS NOT NULL)"
        )

    with op.batch_alter_table('invitation_link', schema=None) as batch_op:
        batch_op.add_column(sa.Column('letter_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('code_hash', sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_invitation_link_code_hash'), ['code_hash'])
        batch_op.create_foreign_key(batch_op.f('fk_invitation_link_letter_id_invitation_letter'), 'invitation_letter', ['letter_id'], ['id'])



def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('invitation_link', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_invitation_link_letter_id_invitation_letter'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_invitation_link_code_hash'), type_='unique')
        batch_op.drop_column('code_hash')
        batch_op.drop_column('letter_id')

    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_invitation_withdrawn'), type_='check')
        batch_op.drop_constraint(op.f('ck_invitation_withdrawreason'), type_='check')
        batch_op.drop_constraint(op.f('ck_invitation_channel'), type_='check')
        batch_op.drop_column('withdrawn_because')
        batch_op.drop_column('channel')

    op.drop_table('invitation_step')
    op.drop_table('invitation_letter')
    op.drop_table('letter_batch')
    op.drop_table('undeliverable_home')
    op.drop_table('channel_wish')
