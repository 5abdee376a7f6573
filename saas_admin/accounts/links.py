"""Links and challenges that work once and for a while: a random token in the mail or the cookie, its hash in the table."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.core import doors, secrets
from saas_admin.core.errors import Invalid
from saas_admin.core.work import Work
from saas_admin.models import OneTimeToken
from saas_admin.models.account import TokenPurpose

LASTS = {
    TokenPurpose.CONFIRM_EMAIL: timedelta(hours=24),
    TokenPurpose.RESET_PASSWORD: timedelta(hours=1),
    TokenPurpose.CHANGE_EMAIL: timedelta(hours=24),
    TokenPurpose.SECOND_FACTOR: timedelta(minutes=10),
}


def issue(work: Work, purpose: TokenPurpose, user_id: UUID) -> str:
    """A fresh token. The Work acts as the person already."""
    token = secrets.random_token()
    work.add(
        OneTimeToken(
            token_hash=secrets.token_hash(token),
            purpose=purpose,
            user_id=user_id,
            created_at=work.now,
            expires_at=work.now + LASTS[purpose],
        )
    )
    return token


def enter(work: Work, purpose: TokenPurpose, token: str) -> OneTimeToken:
    """Become the person of the token and hold its row: of several tries at once one gets through. It is not used up yet."""
    found = doors.find_token(work.session, purpose.value, secrets.token_hash(token)) if 0 < len(token) <= 200 else None
    if found is None:
        raise Invalid("link_unknown")
    if found.used_at is not None:
        raise Invalid("link_used")
    if found.expires_at < work.now:
        raise Invalid("link_expired")
    work.act_in_person(found.user_id)
    link = work.session.get(OneTimeToken, found.token_id, with_for_update=True, populate_existing=True)
    if link is None or link.used_at is not None:
        raise Invalid("link_used")
    return link


def retire(work: Work, user_id: UUID, *purposes: TokenPurpose) -> None:
    """What was sent and not used yet stops working."""
    open_links = select(OneTimeToken).where(
        col(OneTimeToken.user_id) == user_id,
        col(OneTimeToken.purpose).in_(purposes),
        col(OneTimeToken.used_at).is_(None),
    )
    for link in work.all(open_links):
        link.used_at = work.now
