"""uploads nobody sent

Revision: 0003
Revises: 0002
"""

from pathlib import Path

import sqlalchemy as sa

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_attachment_unsent', 'attachment', ['created_at'], unique=False, postgresql_where=sa.text('message_id IS NULL'))
    op.execute((Path(__file__).parents[1] / "sql" / "0003_uploads.sql").read_text())


def downgrade() -> None:
    raise NotImplementedError("restore a backup")
