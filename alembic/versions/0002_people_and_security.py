"""people and security

Revision: 0002
Revises: 0001
"""

from pathlib import Path

import sqlalchemy as sa
import sqlmodel
from sqlalchemy.dialects import postgresql

from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_kind', sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor_name', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('action', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('target_kind', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('target_id', sa.Uuid(), nullable=True),
    sa.Column('target_name', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('after', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('ip', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], ),
    sa.PrimaryKeyConstraint('company_id', 'id')
    )
    op.create_index('ix_audit_entry_actor', 'audit_entry', ['company_id', 'actor_id', 'at'], unique=False)
    op.create_index('ix_audit_entry_at', 'audit_entry', ['company_id', 'at', 'id'], unique=False)
    op.create_index('ix_audit_entry_target', 'audit_entry', ['company_id', 'target_kind', 'target_id', 'at'], unique=False)
    op.create_table('invitation',
    sa.Column('company_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sqlmodel.sql.sqltypes.AutoString(length=254), nullable=False),
    sa.Column('role', sa.Enum('admin', 'support', 'marketing', name='role', native_enum=False, length=32), nullable=False),
    sa.Column('sight', sa.Enum('all', 'unassigned', 'own', name='sight', native_enum=False, length=32), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('invited_by', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_by', sa.Uuid(), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], ),
    sa.ForeignKeyConstraint(['invited_by'], ['user_account.id'], ),
    sa.PrimaryKeyConstraint('company_id', 'id'),
    sa.UniqueConstraint('token_hash')
    )
    op.create_index('ux_invitation_open', 'invitation', ['company_id', sa.literal_column('lower(email)')], unique=True, postgresql_where=sa.text('accepted_at IS NULL AND cancelled_at IS NULL'))
    op.create_table('known_device',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('device_hash', sa.LargeBinary(), nullable=False),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], ),
    sa.PrimaryKeyConstraint('user_id', 'device_hash')
    )
    op.create_table('recovery_code',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_recovery_code_user_id'), 'recovery_code', ['user_id'], unique=False)
    op.add_column('company', sa.Column('logo_id', sa.Uuid(), nullable=True))
    op.add_column('company', sa.Column('hours', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'{}'")))
    op.add_column('company', sa.Column('holidays', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'[]'")))
    op.add_column('company', sa.Column('bot', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'{}'")))
    op.add_column('company', sa.Column('two_factor', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'{}'")))
    op.add_column('company', sa.Column('two_factor_days', sa.Integer(), nullable=False, server_default=sa.text("'7'")))
    op.add_column('company', sa.Column('delete_after', sa.DateTime(timezone=True), nullable=True))
    op.add_column('company', sa.Column('delete_asked_by', sa.Uuid(), nullable=True))
    op.add_column('login_session', sa.Column('device_hash', sa.LargeBinary(), nullable=True))
    op.add_column('membership', sa.Column('sight', sa.Enum('all', 'unassigned', 'own', name='sight', native_enum=False, length=32), nullable=False, server_default=sa.text("'all'")))
    op.add_column('membership', sa.Column('invited_by', sa.Uuid(), nullable=True))
    op.add_column('user_account', sa.Column('has_sounds', sa.Boolean(), nullable=False, server_default=sa.text("'true'")))
    op.add_column('user_account', sa.Column('photo_id', sa.Uuid(), nullable=True))
    op.add_column('user_account', sa.Column('pending_email', sqlmodel.sql.sqltypes.AutoString(length=254), nullable=True))
    op.add_column('user_account', sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('user_account', sa.Column('totp_secret', sa.LargeBinary(), nullable=True))
    op.add_column('user_account', sa.Column('totp_confirmed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('user_account', sa.Column('totp_last_step', sa.BigInteger(), nullable=True))
    # The rows of today get a value; the defaults of tomorrow are the models'.
    for table, names in (
        ('company', ('hours', 'holidays', 'bot', 'two_factor', 'two_factor_days')), ('membership', ('sight',)), ('user_account', ('has_sounds',))
    ):
        for name in names:
            op.alter_column(table, name, server_default=None)
    op.execute((Path(__file__).parents[1] / "sql" / "0002_people.sql").read_text())


def downgrade() -> None:
    raise NotImplementedError("restore a backup: what this migration added cannot be taken out without losing it")
