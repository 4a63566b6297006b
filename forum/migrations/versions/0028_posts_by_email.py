"""A post that came as an answer by e-mail says so"""

import sqlalchemy as sa
from alembic import op


revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

SOURCES = ('web', 'phone', 'letter', 'meeting', 'import')
POST = sa.table('post', sa.column('source', sa.String()), sa.column('form_key', sa.String()))


def _allow(sources: tuple[str, ...]) -> None:
    quoted = ', '.join(f"'{source}'" for source in sources)
    for table in ('post', 'ballot'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_postsource'), type_='check')
            batch_op.create_check_constraint(op.f(f'ck_{table}_postsource'), f'source IN ({quoted})')


def upgrade() -> None:
    """Apply; posts that came by e-mail before have a key that tells."""
    _allow((*SOURCES, 'email'))
    by_email = POST.c.form_key.like('mail:%'), POST.c.source == 'web'
    op.execute(POST.update().where(*by_email).values(source='email'))


def downgrade() -> None:
    """Undo: they are posts like those of the web again."""
    op.execute(POST.update().where(POST.c.source == 'email').values(source='web'))
    _allow(SOURCES)
