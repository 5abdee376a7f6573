"""Who answers for a company."""

from sqlalchemy import select
from sqlmodel import col

from saas_admin.core.permissions import Role
from saas_admin.core.work import Work
from saas_admin.models import Membership, UserAccount


def list_admins(work: Work) -> list[UserAccount]:
    """Those whose access has not been taken, by name."""
    query = (
        select(UserAccount)
        .join(Membership, col(Membership.user_id) == col(UserAccount.id))
        .where(
            col(Membership.company_id) == work.company_id,
            col(Membership.role) == Role.ADMIN,
            col(Membership.deactivated_at).is_(None),
        )
        .order_by(col(UserAccount.name), col(UserAccount.id))
    )
    return work.all(query)
