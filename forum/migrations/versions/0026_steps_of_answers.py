"""Every answer to an invitation has a step in its log"""

import sqlalchemy as sa
from alembic import op


revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

KINDS = (
    'queued',
    'printed',
    'posted',
    'handed',
    'returned',
    'dropped',
    'no_answer',
    'call_back',
    'wrong_number',
    'resent',
    'to_phone',
    'accepted',
    'declined',
    'withdrawn',
)
NEW_KINDS = ('tentative', 'not_that_day', 'too_late', 'expired')


def _allow(kinds: tuple[str, ...]) -> None:
    quoted = ', '.join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table('invitation_step', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_invitation_step_stepkind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_invitation_step_stepkind'), f'kind IN ({quoted})')


def upgrade() -> None:
    """Apply."""
    _allow(KINDS + NEW_KINDS)


def downgrade() -> None:
    """Undo; what the version before cannot show goes."""
    step = sa.table('invitation_step', sa.column('kind', sa.String()))
    op.execute(step.delete().where(step.c.kind.in_(NEW_KINDS)))
    _allow(KINDS)
