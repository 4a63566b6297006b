"""Moderation: flags, decisions, appeals, and what of a hidden post everybody reads"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

RULES = ('person', 'abuse', 'off-topic', 'advertising', 'privacy', 'sensitive', 'elsewhere')


def upgrade() -> None:
    """Apply."""
    op.create_table('moderation_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('post_version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('keep', 'hide', 'explain', 'warn', 'pause', 'refer', 'restore', name='decisionkind', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('rule', sa.Enum('person', 'abuse', 'off-topic', 'advertising', 'privacy', 'sensitive', 'elsewhere', name='houserule', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('referral', sa.Enum('repairs', 'landlord', 'tenants', 'neighbours', name='referral', native_enum=False, create_constraint=True, length=30), nullable=True),
    sa.Column('paused_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('moderator_id', sa.Integer(), nullable=False),
    sa.Column('party', sa.Enum('tenants', 'landlord', name='party', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('appeal_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reverted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reverts_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(kind = 'pause') = (paused_until IS NOT NULL)", name=op.f('ck_moderation_decision_pause')),
    sa.CheckConstraint("(kind = 'refer') = (referral IS NOT NULL)", name=op.f('ck_moderation_decision_referred')),
    sa.CheckConstraint("(kind = 'restore') = (reverts_id IS NOT NULL)", name=op.f('ck_moderation_decision_reverts')),
    sa.CheckConstraint("(kind IN ('keep', 'restore')) = (rule IS NULL)", name=op.f('ck_moderation_decision_rule')),
    sa.CheckConstraint('(rule IS NULL) = (appeal_until IS NULL)', name=op.f('ck_moderation_decision_appealable')),
    sa.ForeignKeyConstraint(['author_id'], ['member.id'], name=op.f('fk_moderation_decision_author_id_member')),
    sa.ForeignKeyConstraint(['moderator_id'], ['member.id'], name=op.f('fk_moderation_decision_moderator_id_member')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_moderation_decision_post_id_post')),
    sa.ForeignKeyConstraint(['reverts_id'], ['moderation_decision.id'], name=op.f('fk_moderation_decision_reverts_id_moderation_decision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_decision')),
    sa.UniqueConstraint('reverts_id', name=op.f('uq_moderation_decision_reverts_id'))
    )
    with op.batch_alter_table('moderation_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moderation_decision_at'), ['at'], unique=False)
        batch_op.create_index('ix_moderation_decision_author', ['author_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_moderation_decision_post_id'), ['post_id'], unique=False)

    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('open', 'upheld', 'overturned', 'settled', name='appealstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('judged_by_id', sa.Integer(), nullable=True),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("(state IN ('upheld', 'overturned')) = (judged_by_id IS NOT NULL)", name=op.f('ck_appeal_judged')),
    sa.ForeignKeyConstraint(['decision_id'], ['moderation_decision.id'], name=op.f('fk_appeal_decision_id_moderation_decision')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['member.id'], name=op.f('fk_appeal_entered_by_id_member')),
    sa.ForeignKeyConstraint(['judged_by_id'], ['member.id'], name=op.f('fk_appeal_judged_by_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('decision_id', name=op.f('uq_appeal_decision_id'))
    )
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_judged_at'), ['judged_at'], unique=False)
        batch_op.create_index('ix_appeal_open', ['state', 'id'], unique=False)

    op.create_table('flag',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('post_version', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Enum('person', 'abuse', 'off-topic', 'advertising', 'privacy', 'sensitive', 'elsewhere', 'aggression', 'other', name='flagreason', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('open', 'upheld', 'settled', name='flagstate', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'open') = (decision_id IS NULL)", name=op.f('ck_flag_decided')),
    sa.ForeignKeyConstraint(['decision_id'], ['moderation_decision.id'], name=op.f('fk_flag_decision_id_moderation_decision')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_flag_member_id_member')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_flag_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flag'))
    )
    with op.batch_alter_table('flag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_flag_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_flag_decision_id'), ['decision_id'], unique=False)
        batch_op.create_index('ix_flag_member', ['member_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_flag_post_id'), ['post_id'], unique=False)
        batch_op.create_index('uq_flag_open', ['post_id', 'member_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    # by hand: making the table of posts anew takes long, and Alembic would leave the check out
    rules = ', '.join(f"'{rule}'" for rule in RULES)
    op.execute(
        'ALTER TABLE post ADD COLUMN hidden_rule VARCHAR(30)'
        f' CONSTRAINT ck_post_houserule CHECK (hidden_rule IN ({rules}))'
    )
    op.add_column('post', sa.Column('hidden_words', sa.Text(), nullable=True))
    op.add_column('post', sa.Column('looked_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        'ix_post_not_looked_at',
        'post',
        ['id'],
        unique=False,
        sqlite_where=sa.text('looked_at IS NULL'),
        postgresql_where=sa.text('looked_at IS NULL'),
    )
    op.create_table('post_sign',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('sign', sa.Enum('links', 'capitals', 'words', 'duplicate', 'first-post', 'quick', name='sign', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seen_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(seen_at IS NULL) = (seen_by_id IS NULL)', name=op.f('ck_post_sign_seen')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_sign_post_id_post')),
    sa.ForeignKeyConstraint(['seen_by_id'], ['member.id'], name=op.f('fk_post_sign_seen_by_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_sign')),
    sa.UniqueConstraint('post_id', 'sign', name=op.f('uq_post_sign_post_id_sign'))
    )
    op.create_index(
        'ix_post_sign_unseen',
        'post_sign',
        ['post_id'],
        unique=False,
        sqlite_where=sa.text('seen_at IS NULL'),
        postgresql_where=sa.text('seen_at IS NULL'),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index('ix_post_sign_unseen', 'post_sign')
    op.drop_table('post_sign')
    op.drop_index('ix_post_not_looked_at', 'post')
    # the check stands apart from its column where a later migration made the table of posts anew
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_post_houserule'), type_='check')
        batch_op.drop_column('looked_at')
        batch_op.drop_column('hidden_words')
        batch_op.drop_column('hidden_rule')

    with op.batch_alter_table('flag', schema=None) as batch_op:
        batch_op.drop_index('uq_flag_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_flag_post_id'))
        batch_op.drop_index('ix_flag_member')
        batch_op.drop_index(batch_op.f('ix_flag_decision_id'))
        batch_op.drop_index(batch_op.f('ix_flag_at'))

    op.drop_table('flag')
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.drop_index('ix_appeal_open')
        batch_op.drop_index(batch_op.f('ix_appeal_judged_at'))
        batch_op.drop_index(batch_op.f('ix_appeal_at'))

    op.drop_table('appeal')
    with op.batch_alter_table('moderation_decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_moderation_decision_post_id'))
        batch_op.drop_index('ix_moderation_decision_author')
        batch_op.drop_index(batch_op.f('ix_moderation_decision_at'))

    op.drop_table('moderation_decision')
