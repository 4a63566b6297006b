"""Who could be chosen for a panel, counted in the background"""

import sqlalchemy as sa
from alembic import op

import forum.kernel.database


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'panel_supply',
        sa.Column('panel_id', sa.Integer(), nullable=False),
        sa.Column('made_for', sa.String(length=200), nullable=False),
        sa.Column('counted_at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('body', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['panel_id'], ['panel.id'], name=op.f('fk_panel_supply_panel_id_panel')),
        sa.PrimaryKeyConstraint('panel_id', name=op.f('pk_panel_supply')),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table('panel_supply')
