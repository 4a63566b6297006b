"""Panels filled by lot, and what a candidate may ask of a selection"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

BEFORE = ('top', 'quota_top', 'everyone')
AFTER = ('top', 'quota_top', 'weighted_lottery', 'uniform_lottery', 'everyone')


def _allow_modes(modes: tuple[str, ...]) -> None:
    quoted = ', '.join(f"'{mode}'" for mode in modes)
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_panel_fillingmode'), type_='check')
        batch_op.create_check_constraint(op.f('ck_panel_fillingmode'), f'mode IN ({quoted})')


def upgrade() -> None:
    """Apply."""
    _allow_modes(AFTER)
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.add_column(sa.Column('renewed_from_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('changed_because', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('explained_sha256', sa.String(length=64), nullable=True))
        batch_op.create_foreign_key(
            op.f('fk_panel_renewed_from_id_panel'), 'panel', ['renewed_from_id'], ['id']
        )
        batch_op.create_unique_constraint(op.f('uq_panel_renewed_from_id'), ['renewed_from_id'])
    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('required_cp', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('one_in', sa.Integer(), nullable=True))


def downgrade() -> None:
    """Undo; a panel filled by lot becomes one on score with quotas, for older software knows no lots."""
    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.drop_column('one_in')
        batch_op.drop_column('required_cp')
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('uq_panel_renewed_from_id'), type_='unique')
        batch_op.drop_constraint(op.f('fk_panel_renewed_from_id_panel'), type_='foreignkey')
        batch_op.drop_column('explained_sha256')
        batch_op.drop_column('changed_because')
        batch_op.drop_column('renewed_from_id')
    op.execute("UPDATE panel SET mode = 'quota_top' WHERE mode IN ('weighted_lottery', 'uniform_lottery')")
    _allow_modes(BEFORE)
