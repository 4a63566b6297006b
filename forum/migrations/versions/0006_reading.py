"""Reading long threads: posts by sub-question, how far members have read, summaries, stances of authors, kept posts"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

WITH_A_STANCE = sa.text('author_stance IS NOT NULL')
ON_A_QUESTION = sa.text('question_number IS NOT NULL')


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.add_column(sa.Column('question_number', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('author_stance', sa.String(length=30), nullable=True))
        batch_op.create_check_constraint('author_stance', "author_stance IN ('for', 'against', 'neutral')")
    op.execute(
        'UPDATE post SET question_number = numbered.place FROM ('
        'SELECT id, row_number() OVER (PARTITION BY question_id ORDER BY number) AS place'
        ' FROM post WHERE root_id IS NULL AND question_id IS NOT NULL'
        ') AS numbered WHERE numbered.id = post.id'
    )
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.create_index(
            'ix_post_stance_valued',
            ['thread_id', 'author_stance', 'state', 'valuable_count', 'id'],
            unique=False,
            sqlite_where=WITH_A_STANCE,
            postgresql_where=WITH_A_STANCE,
        )
        batch_op.create_index('ix_post_as_written', ['thread_id', 'id'], unique=False)
        batch_op.create_index(
            'uq_post_question_number',
            ['question_id', 'question_number'],
            unique=True,
            sqlite_where=ON_A_QUESTION,
            postgresql_where=ON_A_QUESTION,
        )
        batch_op.create_index(
            'ix_post_question_valued',
            ['question_id', 'valuable_count', 'number'],
            unique=False,
            sqlite_where=ON_A_QUESTION,
            postgresql_where=ON_A_QUESTION,
        )
    with op.batch_alter_table('question', schema=None) as batch_op:
        for name in ('root_count', 'post_count'):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default='0'))
    op.execute(
        'UPDATE question SET root_count = counted.roots, post_count = counted.roots + counted.replies FROM ('
        'SELECT question_id, count(*) AS roots, sum(reply_count) AS replies FROM post'
        ' WHERE question_number IS NOT NULL GROUP BY question_id'
        ') AS counted WHERE counted.question_id = question.id'
    )
    with op.batch_alter_table('question', schema=None) as batch_op:
        for name in ('root_count', 'post_count'):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.add_column(sa.Column('summary_version', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.alter_column('summary_version', server_default=None)
    op.create_table(
        'thread_summary',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('thread_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('html', sa.Text(), nullable=False),
        sa.Column(
            'party',
            sa.Enum(
                'tenants', 'landlord', name='party', native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_thread_summary_member_id_member')),
        sa.ForeignKeyConstraint(['thread_id'], ['thread.topic_id'], name=op.f('fk_thread_summary_thread_id_thread')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_thread_summary')),
        sa.UniqueConstraint('thread_id', 'version', name=op.f('uq_thread_summary_thread_id_version')),
    )
    op.create_table(
        'kept_post',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('post_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_kept_post_member_id_member')),
        sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_kept_post_post_id_post')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_post')),
        sa.UniqueConstraint('member_id', 'post_id', name=op.f('uq_kept_post_member_id_post_id')),
    )
    op.create_index('ix_kept_post_list', 'kept_post', ['member_id', 'id'], unique=False)
    op.create_table(
        'thread_visit',
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('thread_id', sa.Integer(), nullable=False),
        sa.Column('read_to', sa.Integer(), nullable=False),
        sa.Column('read_beyond', sa.Text(), nullable=False),
        sa.Column('read_count', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_thread_visit_member_id_member')),
        sa.ForeignKeyConstraint(['thread_id'], ['thread.topic_id'], name=op.f('fk_thread_visit_thread_id_thread')),
        sa.PrimaryKeyConstraint('member_id', 'thread_id', name=op.f('pk_thread_visit')),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table('thread_visit')
    op.drop_index('ix_kept_post_list', table_name='kept_post')
    op.drop_table('kept_post')
    op.drop_table('thread_summary')
    with op.batch_alter_table('thread', schema=None) as batch_op:
        batch_op.drop_column('summary_version')
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_column('post_count')
        batch_op.drop_column('root_count')
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_index('ix_post_question_valued')
        batch_op.drop_index('uq_post_question_number')
        batch_op.drop_index('ix_post_as_written')
        batch_op.drop_index('ix_post_stance_valued')
        batch_op.drop_constraint('author_stance', type_='check')
        batch_op.drop_column('author_stance')
        batch_op.drop_column('question_number')
