"""What is left to do for a company whose grace is over: every row and every file of it goes."""

import logging
import shutil
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.core import doors, pictures
from saas_admin.core.actor import Actor
from saas_admin.core.config import get_settings
from saas_admin.core.work import Work
from saas_admin.models import Company, Membership, UserAccount

log = logging.getLogger(__name__)

AT_ONCE = 5
PIECE = 5000
PIECES = 200
"""A sweep's share; the next one goes on where this one stopped."""


@dataclass(frozen=True)
class _Pictures:
    logo: UUID | None
    photos: dict[str, UUID]
    """By the address of whose they are."""


def sweep() -> int:
    """Remove companies that are due, a bounded piece at a time. Answers how many are gone altogether."""
    return sum(_remove(company_id) for company_id in doors.list_companies_to_remove(AT_ONCE))


def _remove(company_id: UUID) -> bool:
    found = _pictures_of(company_id)
    for _ in range(PIECES):
        # The company counts as deleted from the first piece on, so nobody adds to it; its files go before its last
        # row does, or a crash in between would leave files that nothing names any more.
        is_gone = doors.remove_company(company_id, PIECE)
        shutil.rmtree(get_settings().data_dir / "media" / company_id.hex, ignore_errors=True)
        pictures.delete(found.logo)
        if is_gone:
            _remove_photos(found)
            log.info("a company was removed", extra={"company_id": str(company_id)})
            return True
    return False


def _pictures_of(company_id: UUID) -> _Pictures:
    with Work(Actor.system(company_id)) as work:
        company = work.find(Company, company_id)
        people = work.session.execute(
            select(col(UserAccount.email), col(UserAccount.photo_id))
            .join(Membership, col(Membership.user_id) == col(UserAccount.id))
            .where(col(Membership.company_id) == company_id, col(UserAccount.photo_id).is_not(None))
        )
        return _Pictures(company.logo_id if company else None, {email: photo for email, photo in people if photo})


def _remove_photos(found: _Pictures) -> None:
    """Of those whose login went with the company."""
    with Work(Actor.system()) as work:
        gone = [photo for email, photo in found.photos.items() if doors.find_login(work.session, email) is None]
    for photo in gone:
        pictures.delete(photo)
