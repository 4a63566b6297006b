"""Cases of statutory advice and their steps"""

import sqlalchemy as sa
from alembic import op

import forum.kernel.database

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def states(name: str, *values: str) -> sa.Enum:
    """Return a column type for one of these states."""
    return sa.Enum(*values, name=name, native_enum=False, length=30, create_constraint=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'advice_case',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', states('casekind', 'requested', 'unsolicited'), nullable=False),
        sa.Column(
            'subject',
            states(
                'statutorysubject',
                'rent_policy',
                'service_costs',
                'demolition',
                'performance_agreements',
                'allocation',
                'merger',
                'other',
            ),
            nullable=False,
        ),
        sa.Column('title', sa.String(length=120), nullable=False),
        sa.Column('topic_id', sa.Integer(), nullable=True),
        sa.Column('advice_days', sa.Integer(), nullable=False),
        sa.Column('reasons_days', sa.Integer(), nullable=False),
        sa.Column('wait_days', sa.Integer(), nullable=False),
        sa.Column(
            'state', states('casestate', 'advice', 'decision', 'decided', 'carried-out', 'withdrawn'), nullable=False
        ),
        sa.Column('form_key', sa.String(length=64), nullable=False),
        sa.Column('created_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            'advice_days > 0 AND reasons_days > 0 AND wait_days > 0', name=op.f('ck_advice_case_terms')
        ),
        sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_advice_case_topic_id_topic')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_advice_case')),
        sa.UniqueConstraint('form_key', name=op.f('uq_advice_case_form_key')),
    )
    with op.batch_alter_table('advice_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_advice_case_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_advice_case_topic_id'), ['topic_id'], unique=False)
    op.create_table(
        'advice_step',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column(
            'kind',
            states(
                'stepkind',
                'sent',
                'received',
                'advised',
                'decided',
                'extension-asked',
                'extension-agreed',
                'extension-refused',
                'noted',
                'withdrawn',
                'carried-out',
            ),
            nullable=False,
        ),
        sa.Column('party', states('party', 'tenants', 'landlord'), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('days', sa.Integer(), nullable=True),
        sa.Column('verdict', states('verdict', 'positive', 'conditions', 'negative', 'none'), nullable=True),
        sa.Column('outcome', states('outcome', 'followed', 'partly', 'not', 'without'), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['advice_case.id'], name=op.f('fk_advice_step_case_id_advice_case')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_advice_step_member_id_member')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_advice_step')),
        sa.UniqueConstraint('case_id', 'number', name=op.f('uq_advice_step_case_id_number')),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table('advice_step')
    op.drop_table('advice_case')
