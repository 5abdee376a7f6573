"""The same verb for several FAQs at once: those it changed, so that it can be undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.core.errors import Invalid
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.faqs import rows, service
from saas_admin.models import FaqCategory

MOST = 200


@dataclass(frozen=True)
class Published:
    done: list[UUID]
    """Those that were not published before."""
    unanswered: int
    """Those that stay drafts for want of an answer."""


@requires(Permission.FAQS_MANAGE)
def publish_all(work: Work, faq_ids: Sequence[UUID]) -> Published:
    _check(faq_ids)
    wanted = list(dict.fromkeys(faq_ids))
    with_answer = [key for key in wanted if rows.find(work, key).answer]
    done = [key for key in with_answer if service.publish(work, key)]
    return Published(done, len(wanted) - len(with_answer))


@requires(Permission.FAQS_MANAGE)
def unpublish_all(work: Work, faq_ids: Sequence[UUID]) -> list[UUID]:
    return _each(work, faq_ids, service.unpublish)


@requires(Permission.FAQS_MANAGE)
def delete_all(work: Work, faq_ids: Sequence[UUID]) -> list[UUID]:
    return _each(work, faq_ids, lambda work, key: service.delete(work, key) is None)


@requires(Permission.FAQS_MANAGE)
def bring_back_all(work: Work, faq_ids: Sequence[UUID]) -> list[UUID]:
    return _each(work, faq_ids, lambda work, key: service.bring_back(work, key) is None)


@requires(Permission.FAQS_MANAGE)
def move_all(work: Work, faq_ids: Sequence[UUID], category_id: UUID | None) -> list[tuple[UUID, UUID | None]]:
    """What was moved and where it was before."""
    _check(faq_ids)
    rows.ensure_category(work, category_id)
    return _put_in(work, dict.fromkeys(faq_ids, category_id))


@requires(Permission.FAQS_MANAGE)
def move_back(work: Work, former: Sequence[tuple[UUID, UUID | None]]) -> None:
    """Undo of a move. A category that is gone meanwhile is none."""
    known = set(work.session.scalars(select(col(FaqCategory.id))))
    _put_in(work, {key: before if before in known else None for key, before in former})


def _put_in(work: Work, wanted: dict[UUID, UUID | None]) -> list[tuple[UUID, UUID | None]]:
    moved: list[tuple[UUID, UUID | None]] = []
    for key, category_id in wanted.items():
        faq = rows.find(work, key)
        if faq.category_id == category_id:
            continue
        phrases = rows.as_phrases(rows.phrasings_of(work, key))
        before = rows.snapshot(faq, phrases)
        moved.append((key, faq.category_id))
        rows.put_in(work, faq, category_id)
        rows.tell(work, "faq.moved", key, phrases[0].text, before, rows.snapshot(faq, phrases))
    return moved


def _each(work: Work, faq_ids: Sequence[UUID], verb: Callable[[Work, UUID], bool]) -> list[UUID]:
    _check(faq_ids)
    return [key for key in dict.fromkeys(faq_ids) if verb(work, key)]


def _check(faq_ids: Sequence[UUID]) -> None:
    if len(faq_ids) > MOST:
        raise Invalid("faqs_chosen", most=MOST)
