"""what nobody has answered

Revision: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'conversation',
        sa.Column('unanswered', sa.ARRAY(sa.Uuid()), server_default='{}', nullable=False),
    )
    # Whatever a customer wrote since anybody answered, as far as clocks can tell.
    op.execute(
        """
        UPDATE conversation c SET unanswered = m.ids
        FROM (
            SELECT company_id, conversation_id, array_agg(id ORDER BY at, created_at, id) AS ids
            FROM message n
            WHERE direction = 'in' AND kind <> 'reaction' AND NOT EXISTS (
                SELECT FROM message o
                WHERE o.company_id = n.company_id AND o.conversation_id = n.conversation_id
                  AND o.direction = 'out' AND o.at >= n.at
            )
            GROUP BY company_id, conversation_id
        ) m
        WHERE m.company_id = c.company_id AND m.conversation_id = c.id AND c.waiting_since IS NOT NULL
        """
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup")
