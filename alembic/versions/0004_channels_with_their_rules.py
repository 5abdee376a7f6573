"""channels with their rules

Revision: 0004
Revises: 0003
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from sqlalchemy.dialects import postgresql

from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('consent_event',
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('channel_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('is_allowed', sa.Boolean(), nullable=False),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('words', sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['company_id', 'channel_id'], ['channel.company_id', 'channel.id'], ),
    sa.ForeignKeyConstraint(['company_id', 'customer_id'], ['customer.company_id', 'customer.id'], ),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], ),
    sa.PrimaryKeyConstraint('company_id', 'id')
    )
    op.create_index('ix_consent_event_customer', 'consent_event', ['company_id', 'customer_id', 'channel_id', 'purpose', 'at'], unique=False)
    op.create_table('exchange',
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('channel_id', sa.Uuid(), nullable=False),
    sa.Column('direction', sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
    sa.Column('action', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('is_ok', sa.Boolean(), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('words', sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
    sa.Column('milliseconds', sa.Integer(), nullable=True),
    sa.Column('message_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['company_id', 'channel_id'], ['channel.company_id', 'channel.id'], ),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], ),
    sa.PrimaryKeyConstraint('company_id', 'id')
    )
    op.create_index('ix_exchange_age', 'exchange', ['at'], unique=False)
    op.create_index('ix_exchange_channel', 'exchange', ['company_id', 'channel_id', 'at'], unique=False)
    op.create_table('message_template',
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('channel_id', sa.Uuid(), nullable=False),
    sa.Column('provider_id', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=512), nullable=False),
    sa.Column('language', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('category', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('status', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('quality', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('former_category', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('synced_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['company_id', 'channel_id'], ['channel.company_id', 'channel.id'], ),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], ),
    sa.PrimaryKeyConstraint('company_id', 'id'),
    sa.UniqueConstraint('company_id', 'channel_id', 'name', 'language')
    )
    op.add_column('channel', sa.Column('former_secrets', sa.LargeBinary(), nullable=True))
    op.add_column('channel', sa.Column('former_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('channel', sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('channel', sa.Column('registered_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('channel', sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('channel', sa.Column('refusals', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('customer_identity', sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('customer_identity', sa.Column('blocked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('message', sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('message', sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True))
    op.alter_column('channel', 'refusals', server_default=None)
    for name, columns in (
        ("ix_message_due", ["company_id", "channel_id", "next_attempt_at"]),
        ("ix_message_leaving", ["company_id", "conversation_id", "at"]),
    ):
        op.create_index(
            name, "message", columns, unique=False, postgresql_where=sa.text("status IN ('queued', 'sending')")
        )
    op.execute((Path(__file__).parents[1] / "sql" / "0004_channels.sql").read_text())


def downgrade() -> None:
    raise NotImplementedError("restore a backup")
