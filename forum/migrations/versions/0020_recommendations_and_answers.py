"""Recommendations and answers"""

import sqlalchemy as sa
from alembic import op

import forum.kernel.database

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'recommendation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('thread_id', sa.Integer(), nullable=False),
        sa.Column('panel_id', sa.Integer(), nullable=True),
        sa.Column('number', sa.Integer(), nullable=True),
        sa.Column('title', sa.String(length=120), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('why_no_source', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('made_by_id', sa.Integer(), nullable=False),
        sa.Column('made_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('published_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('answer_by', sa.Date(), nullable=True),
        sa.Column('answer_version', sa.Integer(), nullable=False),
        sa.Column('told_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('done_on', sa.Date(), nullable=True),
        sa.CheckConstraint('(published_at IS NULL) = (answer_by IS NULL)', name=op.f('ck_recommendation_answer_by')),
        sa.CheckConstraint('(published_at IS NULL) = (number IS NULL)', name=op.f('ck_recommendation_number')),
        sa.ForeignKeyConstraint(['made_by_id'], ['member.id'], name=op.f('fk_recommendation_made_by_id_member')),
        sa.ForeignKeyConstraint(['panel_id'], ['panel.id'], name=op.f('fk_recommendation_panel_id_panel')),
        sa.ForeignKeyConstraint(['thread_id'], ['thread.topic_id'], name=op.f('fk_recommendation_thread_id_thread')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation')),
        sa.UniqueConstraint('thread_id', 'number', name=op.f('uq_recommendation_thread_id_number')),
    )
    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recommendation_answer_by'), ['answer_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_recommendation_made_by_id'), ['made_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recommendation_panel_id'), ['panel_id'], unique=False)

    op.create_table(
        'answer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('recommendation_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Enum('adopted', 'partly', 'not', name='answerkind', native_enum=False, create_constraint=True, length=30), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('owner', sa.String(length=120), nullable=False),
        sa.Column('work_by', sa.Date(), nullable=True),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind = 'not' OR (owner <> '' AND work_by IS NOT NULL)", name=op.f('ck_answer_promise')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_answer_member_id_member')),
        sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_answer_recommendation_id_recommendation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_answer')),
        sa.UniqueConstraint('recommendation_id', 'version', name=op.f('uq_answer_recommendation_id_version')),
    )
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_member_id'), ['member_id'], unique=False)

    op.create_table(
        'heard',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('recommendation_id', sa.Integer(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('by_letter', sa.Boolean(), nullable=False),
        sa.Column('posted_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_heard_member_id_member')),
        sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_heard_recommendation_id_recommendation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_heard')),
        sa.UniqueConstraint('recommendation_id', 'member_id', name=op.f('uq_heard_recommendation_id_member_id')),
    )
    with op.batch_alter_table('heard', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_heard_member_id'), ['member_id'], unique=False)

    op.create_table(
        'work_note',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('recommendation_id', sa.Integer(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_work_note_member_id_member')),
        sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_work_note_recommendation_id_recommendation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_work_note')),
    )
    with op.batch_alter_table('work_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_note_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_note_recommendation_id'), ['recommendation_id'], unique=False)

    op.create_table(
        'citation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('recommendation_id', sa.Integer(), nullable=False),
        sa.Column('post_id', sa.Integer(), nullable=True),
        sa.Column('point_id', sa.Integer(), nullable=True),
        sa.Column('quote', sa.String(length=500), nullable=False),
        sa.CheckConstraint('(post_id IS NULL) <> (point_id IS NULL)', name=op.f('ck_citation_source')),
        sa.ForeignKeyConstraint(['point_id'], ['minutes_point.id'], name=op.f('fk_citation_point_id_minutes_point')),
        sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_citation_post_id_post')),
        sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_citation_recommendation_id_recommendation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_citation')),
        sa.UniqueConstraint('recommendation_id', 'point_id', name=op.f('uq_citation_recommendation_id_point_id')),
        sa.UniqueConstraint('recommendation_id', 'post_id', name=op.f('uq_citation_recommendation_id_post_id')),
    )
    with op.batch_alter_table('citation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_citation_point_id'), ['point_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_citation_post_id'), ['post_id'], unique=False)

    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.add_column(sa.Column('has_recommendations', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.alter_column('has_recommendations', server_default=None)



def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_column('has_recommendations')
    op.drop_table('citation')
    op.drop_table('work_note')
    op.drop_table('heard')
    op.drop_table('answer')
    op.drop_table('recommendation')
