"""Forms in versions, applications, and what happens in the life of a panel"""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

MODES = ('top', 'quota_top', 'weighted_lottery', 'uniform_lottery', 'everyone')
STATES = ('draft', 'committed', 'infeasible', 'proposed', 'confirmed', 'held', 'cancelled')
MOMENT = sa.DateTime(timezone=True)
COLUMNS = (
    ('ends_on', sa.Date()),
    ('ended_at', MOMENT),
    ('applications_from', MOMENT),
    ('applications_until', MOMENT),
)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f'{column} IN ({", ".join(repr(value) for value in values)})'


def _allow(modes: tuple[str, ...], states: tuple[str, ...]) -> None:
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_panel_fillingmode'), type_='check')
        batch_op.create_check_constraint(op.f('ck_panel_fillingmode'), _one_of('mode', modes))
        batch_op.drop_constraint(op.f('ck_panel_panelstate'), type_='check')
        batch_op.create_check_constraint(op.f('ck_panel_panelstate'), _one_of('state', states))


def _states(column: str, name: str, *values: str, nullable: bool = False) -> sa.Column:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)
    return sa.Column(column, kind, nullable=nullable)


def _id() -> sa.Column:
    return sa.Column('id', sa.Integer(), primary_key=True)


def _link(table: str, column: str, to: str, *, nullable: bool = False) -> list[sa.Column | sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint([column], [f'{to}.id'], name=op.f(f'fk_{table}_{column}_{to}'))
    return [sa.Column(column, sa.Integer(), nullable=nullable), key]


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('panel_form', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('retired_at', MOMENT, nullable=True))
        batch_op.drop_constraint(op.f('uq_panel_form_key'), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_panel_form_key_version'), ['key', 'version'])
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rules', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('ended_words', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('ended_because', sa.String(length=30), nullable=True))
        batch_op.create_check_constraint(
            op.f('ck_panel_endreason'), _one_of('ended_because', ('date', 'project', 'advice'))
        )
        for name, kind in COLUMNS:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        batch_op.create_index(op.f('ix_panel_applications_until'), ['applications_until'])
    op.execute('UPDATE panel SET rules = (SELECT defaults FROM panel_form WHERE id = panel.form_id)')
    _allow((*MODES, 'application'), (*STATES, 'ended'))
    _create_guests()
    _create_conclusions()
    _create_survey()
    _create_applications()


def _create_guests() -> None:
    op.create_table(
        'panel_guest',
        _id(),
        *_link('panel_guest', 'panel_id', 'panel'),
        _states('kind', 'guestkind', 'committee', 'observer'),
        sa.Column('name', sa.String(length=100), nullable=False),
        sa.Column('body', sa.String(length=100), nullable=False),
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        *_link('panel_guest', 'invited_by_id', 'member'),
        sa.Column('invited_at', MOMENT, nullable=False),
        sa.Column('ended_at', MOMENT, nullable=True),
        sa.UniqueConstraint('token_hash', name=op.f('uq_panel_guest_token_hash')),
    )
    op.create_index(op.f('ix_panel_guest_panel_id'), 'panel_guest', ['panel_id'])


def _create_conclusions() -> None:
    op.create_table(
        'conclusion',
        _id(),
        *_link('conclusion', 'panel_id', 'panel'),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=200), nullable=False),
        _states('agreement', 'agreement', 'agreed', 'apart'),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ('agreed_text', 'tenants_view', 'landlord_view')),
        sa.Column('closed_on', sa.Date(), nullable=False),
        *_link('conclusion', 'entered_by_id', 'member'),
        sa.Column('entered_at', MOMENT, nullable=False),
        sa.Column('form_key', sa.String(length=64), nullable=False),
        sa.UniqueConstraint('panel_id', 'number', name=op.f('uq_conclusion_panel_id_number')),
        sa.UniqueConstraint('form_key', name=op.f('uq_conclusion_form_key')),
    )


def _create_survey() -> None:
    op.create_table(
        'survey_answer',
        _id(),
        *_link('survey_answer', 'panel_id', 'panel'),
        *_link('survey_answer', 'member_id', 'member'),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ('heard', 'informed', 'result')),
        sa.Column('words', sa.Text(), nullable=False),
        _states('source', 'surveysource', 'account', 'phone', 'letter'),
        *_link('survey_answer', 'entered_by_id', 'member', nullable=True),
        sa.Column('at', MOMENT, nullable=False),
        sa.UniqueConstraint('panel_id', 'member_id', name=op.f('uq_survey_answer_panel_id_member_id')),
        sa.CheckConstraint(
            'heard BETWEEN 1 AND 5 AND informed BETWEEN 1 AND 5 AND result BETWEEN 1 AND 5',
            name=op.f('ck_survey_answer_marks'),
        ),
    )
    op.create_index(op.f('ix_survey_answer_member_id'), 'survey_answer', ['member_id'])


def _create_applications() -> None:
    op.create_table(
        'application',
        _id(),
        *_link('application', 'panel_id', 'panel'),
        *_link('application', 'member_id', 'member'),
        sa.Column('seat_group', sa.String(length=100), nullable=False),
        sa.Column('motivation', sa.Text(), nullable=False),
        sa.Column('competences', sa.Text(), nullable=False),
        _states('source', 'applicationsource', 'account', 'phone', 'letter'),
        *_link('application', 'entered_by_id', 'member', nullable=True),
        sa.Column('sent_at', MOMENT, nullable=False),
        sa.Column('told_at', MOMENT, nullable=True),
        sa.UniqueConstraint('panel_id', 'member_id', name=op.f('uq_application_panel_id_member_id')),
    )
    op.create_index(op.f('ix_application_member_id'), 'application', ['member_id'])
    op.create_index('ix_application_told_at', 'application', ['told_at'])
    op.create_table(
        'application_rating',
        _id(),
        *_link('application_rating', 'application_id', 'application'),
        *_link('application_rating', 'guest_id', 'panel_guest'),
        sa.Column('marks', sa.JSON(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.UniqueConstraint('application_id', 'guest_id', name=op.f('uq_application_rating_application_id_guest_id')),
    )
    op.create_index(op.f('ix_application_rating_guest_id'), 'application_rating', ['guest_id'])


def downgrade() -> None:
    """Undo; of a form only its last version stays, and older software knows panels by points or for everybody."""
    for table in ('application_rating', 'application', 'survey_answer', 'conclusion', 'panel_guest'):
        op.drop_table(table)
    op.execute("UPDATE panel SET mode = 'top' WHERE mode = 'application'")
    op.execute("UPDATE panel SET state = 'held' WHERE state = 'ended'")
    _allow(MODES, STATES)
    op.execute(
        'UPDATE panel SET form_id = (SELECT MAX(newest.id) FROM panel_form newest JOIN panel_form own'
        ' ON own.key = newest.key WHERE own.id = panel.form_id)'
    )
    op.execute('DELETE FROM panel_form WHERE id NOT IN (SELECT MAX(id) FROM panel_form GROUP BY key)')
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.drop_index(op.f('ix_panel_applications_until'))
        for name, _kind in reversed(COLUMNS):
            batch_op.drop_column(name)
        batch_op.drop_constraint(op.f('ck_panel_endreason'), type_='check')
        for name in ('ended_because', 'ended_words', 'rules'):
            batch_op.drop_column(name)
    with op.batch_alter_table('panel_form', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('uq_panel_form_key_version'), type_='unique')
        batch_op.create_unique_constraint(op.f('uq_panel_form_key'), ['key'])
        batch_op.drop_column('retired_at')
        batch_op.drop_column('version')
