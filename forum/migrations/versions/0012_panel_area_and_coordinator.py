"""Where the tenants of a panel live, and who coordinates it"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

COLUMNS = {'complex_id': 'complex', 'district_id': 'district', 'coordinator_id': 'member'}


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('panel', schema=None) as batch_op:
        for column, table in COLUMNS.items():
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f'fk_panel_{column}_{table}'), table, [column], ['id'])
        batch_op.create_check_constraint(op.f('ck_panel_area'), 'complex_id IS NULL OR district_id IS NULL')
        batch_op.create_index(op.f('ix_panel_coordinator_id'), ['coordinator_id'], unique=False)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.drop_index(op.f('ix_panel_coordinator_id'))
        batch_op.drop_constraint(op.f('ck_panel_area'), type_='check')
        for column, table in COLUMNS.items():
            batch_op.drop_constraint(op.f(f'fk_panel_{column}_{table}'), type_='foreignkey')
            batch_op.drop_column(column)
