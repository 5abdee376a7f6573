"""one place for the bot

Revision: 0006
Revises: 0005
"""

from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What a company had said about its assistant before there was one is how its bot starts, switched off.
    op.execute(
        """
        INSERT INTO bot (company_id, id, kind, is_on, name, persona, address_form, language, greeting, schedule,
            direct_at, person_at, most_answers, forbidden_topics, give_back, give_back_hours, answer_within,
            created_at, updated_at)
        SELECT c.id, gen_random_uuid(), 'faq', false, '', '', coalesce(c.bot ->> 'register', 'tu'),
            coalesce(c.bot ->> 'language', 'customer'), '',
            CASE WHEN c.bot ->> 'answers' = 'closed' THEN 'closed' ELSE 'always' END,
            0.9, 0.15, 12, '[]', 'on_close', 12, 30, now(), now()
        FROM company c
        WHERE c.bot <> '{}' AND NOT EXISTS (SELECT FROM bot b WHERE b.company_id = c.id AND b.kind = 'faq')
        """
    )
    op.drop_column('company', 'bot')


def downgrade() -> None:
    raise NotImplementedError("restore a backup")
