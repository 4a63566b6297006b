"""The pictures that a post had before it was changed"""

import sqlalchemy as sa
from alembic import op


revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; what the pictures of earlier versions were is not known, and they could not change."""
    with op.batch_alter_table('post_revision') as batch_op:
        batch_op.add_column(sa.Column('pictures', sa.Text(), nullable=False, server_default=''))
    op.execute(
        'UPDATE post_revision SET pictures = (SELECT pictures FROM post WHERE post.id = post_revision.post_id)'
    )
    with op.batch_alter_table('post_revision') as batch_op:
        batch_op.alter_column('pictures', server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('post_revision') as batch_op:
        batch_op.drop_column('pictures')
