"""The language in which a member wants to read the forum"""

import sqlalchemy as sa
from alembic import op


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('member', sa.Column('interface_language', sa.String(length=10), nullable=True))


def downgrade() -> None:
    """Undo."""
    op.drop_column('member', 'interface_language')
