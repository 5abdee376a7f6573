"""what vectors cost, and whether they come

Revision: 0008
Revises: 0007
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('ai_provider', sa.Column('price_embedding', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('ai_provider', sa.Column('embedding_trouble', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False, server_default=''))
    op.add_column('ai_provider', sa.Column('embedding_trouble_detail', sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False, server_default=''))
    # The rows of today get a value; the defaults of tomorrow are the model's.
    for name in ('price_embedding', 'embedding_trouble', 'embedding_trouble_detail'):
        op.alter_column('ai_provider', name, server_default=None)


def downgrade() -> None:
    raise NotImplementedError("restore a backup")
