"""Documents with cases of statutory advice"""

import sqlalchemy as sa
from alembic import op

import forum.kernel.database

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def states(name: str, *values: str) -> sa.Enum:
    """Return a column type for one of these states."""
    return sa.Enum(*values, name=name, native_enum=False, length=30, create_constraint=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'advice_document',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=40), nullable=False),
        sa.Column('title', sa.String(length=200), nullable=False),
        sa.Column('kind', states('documentkind', 'pdf', 'png', 'jpg', 'odt', 'docx'), nullable=False),
        sa.Column('size_bytes', sa.Integer(), nullable=False),
        sa.Column('party', states('party', 'tenants', 'landlord'), nullable=False),
        sa.Column('member_id', sa.Integer(), nullable=False),
        sa.Column('at', forum.kernel.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['advice_case.id'], name=op.f('fk_advice_document_case_id_advice_case')),
        sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_advice_document_member_id_member')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_advice_document')),
        sa.UniqueConstraint('key', name=op.f('uq_advice_document_key')),
    )
    with op.batch_alter_table('advice_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_advice_document_case_id'), ['case_id'], unique=False)


def downgrade() -> None:
    """Undo."""
    op.drop_table('advice_document')
