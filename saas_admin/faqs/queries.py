"""Reads of FAQs: a page of the list, one with everything, what stands beside the list."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from saas_admin.core.clock import iso
from saas_admin.core.errors import Invalid, NotFound
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.text import fold
from saas_admin.core.work import Work
from saas_admin.faqs import twins
from saas_admin.faqs.variables import LANGUAGES, values_for
from saas_admin.faqs.views import (
    CategoryView,
    FaqFilter,
    FaqPage,
    FaqRow,
    FaqView,
    FileView,
    Overview,
    PhrasingView,
)
from saas_admin.models import Company, Faq, FaqCategory, FaqPhrasing, UserAccount
from saas_admin.models.faq import FaqStatus

PAGE = 50
FEW = 3
ENOUGH = 5
EXCERPT = 220
TODO = 3
DELETED = "deleted"
BIN_DAYS = 30
"""So long a deleted FAQ is offered to be brought back."""
SAMPLE_NAME = "Marta"
"""Who a preview is written to."""


@requires(Permission.BOTS_READ)
def list_faqs(work: Work, chosen: FaqFilter, cursor: str = "", limit: int = PAGE) -> FaqPage:
    """The last changed first. Words are looked for in phrasings and answers, without regard to accents."""
    where = _where(work, chosen)
    total = int(work.session.scalar(select(func.count()).select_from(Faq).where(*where)) or 0)
    query = select(Faq).where(*where, *_after(cursor)).order_by(col(Faq.updated_at).desc(), col(Faq.id).desc())
    found = work.all(query.limit(limit + 1))
    rows = _rows(work, found[:limit], chosen.query)
    last = found[limit - 1] if len(found) > limit else None
    return FaqPage(rows, total, f"{iso(last.updated_at)}|{last.id}" if last else "")


@requires(Permission.BOTS_READ)
def find_faq(work: Work, faq_id: UUID) -> FaqView:
    faq = work.get(Faq, faq_id)
    if faq.deleted_at is not None:
        raise NotFound(what="faq")
    phrasings = work.all(_phrasings([faq.id]))
    by = work.find(UserAccount, faq.updated_by) if faq.updated_by else None
    return FaqView(
        id=str(faq.id),
        version=faq.version,
        phrasings=[PhrasingView(each.text, each.source.value) for each in phrasings],
        answer=faq.answer,
        category_id=str(faq.category_id or ""),
        language=faq.language,
        status=faq.status.value,
        is_sensitive=faq.is_sensitive,
        channel_kinds=list(faq.channel_kinds),
        files=[file_view(each) for each in faq.media],
        created_at=iso(faq.created_at) or "",
        updated_at=iso(faq.updated_at) or "",
        updated_by=by.name if by else "",
    )


@requires(Permission.BOTS_READ)
def list_categories(work: Work) -> list[CategoryView]:
    """In their order, with how many FAQs each holds."""
    counts = _count_by_category(work)
    categories = work.all(select(FaqCategory).order_by(col(FaqCategory.position), col(FaqCategory.name)))
    return [CategoryView(str(each.id), each.name, counts.get(each.id, 0)) for each in categories]


@requires(Permission.BOTS_READ)
def find_overview(work: Work) -> Overview:
    """What stands beside the list, and which FAQs deserve phrasings next: published ones with the fewest."""
    n = func.count(col(FaqPhrasing.id))
    query = (
        select(col(Faq.id), col(Faq.status), col(Faq.language), col(Faq.is_sensitive), n)
        .outerjoin(
            FaqPhrasing,
            and_(col(FaqPhrasing.company_id) == col(Faq.company_id), col(FaqPhrasing.faq_id) == col(Faq.id)),
        )
        .where(col(Faq.deleted_at).is_(None))
        .group_by(col(Faq.company_id), col(Faq.id))
        .order_by(n, col(Faq.created_at))
    )
    found = work.session.execute(query).all()
    published = [row for row in found if row[1] is FaqStatus.PUBLISHED]
    todo = [row[0] for row in published if row[4] < ENOUGH][:TODO]
    by_id = {row.id: row for row in work.all(select(Faq).where(col(Faq.id).in_(todo)))}
    categories = list_categories(work)
    return Overview(
        categories=categories,
        total=len(found),
        without_category=len(found) - sum(each.faqs for each in categories),
        published=len(published),
        drafts=len(found) - len(published),
        sensitive=sum(row[3] for row in found),
        few=sum(row[4] < FEW for row in found),
        below_five=sum(row[4] < ENOUGH for row in published),
        doubled=len(twins.doubled(work)),
        deleted=int(work.session.scalar(select(func.count()).select_from(Faq).where(_is_in_bin(work))) or 0),
        languages=[each for each in LANGUAGES if any(row[2] == each for row in found)],
        todo=_rows(work, [by_id[key] for key in todo], ""),
    )


@requires(Permission.BOTS_READ)
def find_sample(work: Work, language: str) -> dict[str, str]:
    """What each variable would be right now, for a preview."""
    return values_for(work, SAMPLE_NAME, language if language in LANGUAGES else "es")


@requires(Permission.BOTS_READ)
def find_language(work: Work) -> str:
    """The language a new FAQ starts in: the company's."""
    own = work.get(Company, work.company_id).locale[:2]
    return own if own in LANGUAGES else LANGUAGES[0]


@requires(Permission.BOTS_READ)
def find_file(work: Work, file_id: UUID) -> FileView:
    """A file of some FAQ of the company."""
    holds = col(Faq.media).op("@>")(literal([{"id": str(file_id)}], JSONB))
    faq = work.first(select(Faq).where(holds))
    if faq is None:
        raise NotFound(what="faqfile")
    return next(file_view(each) for each in faq.media if each["id"] == str(file_id))


def file_view(stored: dict[str, Any]) -> FileView:
    url = f"/faq-files/{stored['id']}"
    return FileView(
        id=stored["id"],
        kind=stored["kind"],
        mime=stored["mime"],
        filename=stored["filename"] or stored["kind"],
        size=stored["size"],
        url=url,
        thumb_url=f"{url}/thumb" if stored.get("has_thumb") else "",
    )


def _where(work: Work, chosen: FaqFilter) -> list[ColumnElement[bool]]:
    where = [_is_in_bin(work) if chosen.status == DELETED else col(Faq.deleted_at).is_(None)]
    if chosen.category:
        key = parse_id(chosen.category)
        where.append(col(Faq.category_id) == key if key else col(Faq.category_id).is_(None))
    if chosen.status in (FaqStatus.DRAFT.value, FaqStatus.PUBLISHED.value):
        where.append(col(Faq.status) == FaqStatus(chosen.status))
    if chosen.language:
        where.append(col(Faq.language) == chosen.language)
    if chosen.channel:
        everywhere = func.jsonb_array_length(col(Faq.channel_kinds)) == 0
        where.append(or_(everywhere, col(Faq.channel_kinds).op("@>")(literal([chosen.channel], JSONB))))
    if chosen.is_sensitive:
        where.append(col(Faq.is_sensitive).is_(True))
    if chosen.has_few:
        where.append(_phrasing_count() < FEW)
    if chosen.is_doubled:
        where.append(col(Faq.id).in_(twins.doubled(work)))
    where.extend(_says(word) for word in fold(chosen.query).split())
    return where


def _is_in_bin(work: Work) -> ColumnElement[bool]:
    return col(Faq.deleted_at) > work.now - timedelta(days=BIN_DAYS)


def _says(word: str) -> ColumnElement[bool]:
    """Folded words hold no sign that LIKE would read."""
    like = f"%{word}%"
    in_phrasing = exists().where(
        col(FaqPhrasing.company_id) == col(Faq.company_id),
        col(FaqPhrasing.faq_id) == col(Faq.id),
        func.plain(col(FaqPhrasing.text)).like(like),
    )
    return or_(func.plain(col(Faq.answer)).like(like), in_phrasing)


def _phrasing_count() -> Any:
    return (
        select(func.count())
        .select_from(FaqPhrasing)
        .where(col(FaqPhrasing.company_id) == col(Faq.company_id), col(FaqPhrasing.faq_id) == col(Faq.id))
        .correlate(Faq)
        .scalar_subquery()
    )


def _after(cursor: str) -> list[ColumnElement[bool]]:
    if not cursor:
        return []
    at, _, key = cursor.partition("|")
    faq_id = parse_id(key)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise Invalid("cursor") from error
    if faq_id is None:
        raise Invalid("cursor")
    earlier = col(Faq.updated_at) < moment
    return [or_(earlier, and_(col(Faq.updated_at) == moment, col(Faq.id) < faq_id))]


def _phrasings(faq_ids: Sequence[UUID]) -> Select[FaqPhrasing]:
    query: Any = select(FaqPhrasing).where(col(FaqPhrasing.faq_id).in_(faq_ids))
    return query.order_by(col(FaqPhrasing.faq_id), col(FaqPhrasing.position), col(FaqPhrasing.id))


def _rows(work: Work, faqs: Sequence[Faq], query: str) -> list[FaqRow]:
    texts: dict[UUID, list[str]] = {}
    for phrasing in work.all(_phrasings([faq.id for faq in faqs])) if faqs else []:
        texts.setdefault(phrasing.faq_id, []).append(phrasing.text)
    names = {each.id: each.name for each in work.all(select(FaqCategory))}
    words = fold(query).split()
    doubled = twins.doubled(work)
    return [_row(faq, texts.get(faq.id, [""]), names, words, doubled.get(faq.id, {})) for faq in faqs]


def _row(faq: Faq, texts: list[str], names: dict[UUID, str], words: list[str], twin: dict[UUID, bool]) -> FaqRow:
    return FaqRow(
        id=str(faq.id),
        version=faq.version,
        title=texts[0],
        answer=faq.answer[:EXCERPT],
        category_id=str(faq.category_id or ""),
        category=names.get(faq.category_id, "") if faq.category_id else "",
        language=faq.language,
        status=faq.status.value,
        is_sensitive=faq.is_sensitive,
        channel_kinds=list(faq.channel_kinds),
        phrasings=len(texts),
        files=len(faq.media),
        updated_at=iso(faq.updated_at) or "",
        twin="certain" if any(twin.values()) else "likely" if twin else "",
        found=_found(texts, words),
    )


def _found(texts: list[str], words: list[str]) -> str:
    if not words or any(word in fold(texts[0]) for word in words):
        return ""
    return next((text for text in texts[1:] if any(word in fold(text) for word in words)), "")


def _count_by_category(work: Work) -> dict[UUID, int]:
    query = (
        select(col(Faq.category_id), func.count())
        .where(col(Faq.deleted_at).is_(None), col(Faq.category_id).is_not(None))
        .group_by(col(Faq.category_id))
    )
    return {key: int(n) for key, n in work.session.execute(query) if key is not None}
