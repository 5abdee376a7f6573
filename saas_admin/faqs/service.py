"""Write, publish, delete and bring back FAQs. Each change is a version that can come back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.core.errors import Conflict, Invalid, NotFound
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.text import fold
from saas_admin.core.work import Work
from saas_admin.faqs import files, rows
from saas_admin.faqs.content import MAX_PHRASINGS, Content, Phrase, checked
from saas_admin.models import Faq, FaqRevision
from saas_admin.models.faq import FaqChange, FaqStatus, PhrasingSource

__all__ = [
    "Content",
    "Saved",
    "add_phrasing",
    "bring_back",
    "change",
    "create",
    "delete",
    "publish",
    "restore_version",
    "unpublish",
]


@dataclass(frozen=True)
class Saved:
    id: str
    version: int
    status: str


@requires(Permission.FAQS_MANAGE)
def create(work: Work, content: Content, *, is_published: bool = False) -> Saved:
    clean = checked(content, is_published=is_published)
    rows.ensure_room(work)
    faq = Faq(created_at=work.now, status=FaqStatus.PUBLISHED if is_published else FaqStatus.DRAFT, version=0)
    work.add(faq)
    _put(work, faq, clean)
    rows.turn(work, faq, clean.phrasings, FaqChange.CREATED, was_published=False)
    rows.tell(work, "faq.created", faq.id, clean.phrasings[0].text, after=rows.snapshot(faq, clean.phrasings))
    return _saved(faq)


@requires(Permission.FAQS_MANAGE)
def change(work: Work, faq_id: UUID, content: Content, version: int, *, is_published: bool | None = None) -> Saved:
    """Replace what it says. `version`: what the writer saw, else Conflict. `is_published` None: as it was."""
    faq = _seen(work, faq_id, version)
    was_published = faq.status is FaqStatus.PUBLISHED
    will_be = was_published if is_published is None else is_published
    clean = checked(content, is_published=will_be)
    before = _snapshot(work, faq)
    faq.status = FaqStatus.PUBLISHED if will_be else FaqStatus.DRAFT
    _put(work, faq, clean)
    after = rows.snapshot(faq, clean.phrasings)
    if _same(before, after):
        return _saved(faq)
    rows.turn(work, faq, clean.phrasings, FaqChange.CHANGED, was_published=was_published)
    rows.tell(work, "faq.changed", faq.id, clean.phrasings[0].text, before, after)
    return _saved(faq)


@requires(Permission.FAQS_MANAGE)
def publish(work: Work, faq_id: UUID) -> bool:
    """False when it was already."""
    return _turn_to(work, rows.find(work, faq_id), FaqStatus.PUBLISHED)


@requires(Permission.FAQS_MANAGE)
def unpublish(work: Work, faq_id: UUID) -> bool:
    return _turn_to(work, rows.find(work, faq_id), FaqStatus.DRAFT)


@requires(Permission.FAQS_MANAGE)
def delete(work: Work, faq_id: UUID) -> None:
    """Answers no more and is listed no more; it can be brought back as it was."""
    faq = rows.find(work, faq_id)
    phrases = rows.as_phrases(rows.phrasings_of(work, faq.id))
    faq.deleted_at = work.now
    rows.turn(work, faq, phrases, FaqChange.DELETED, was_published=faq.status is FaqStatus.PUBLISHED)
    rows.tell(work, "faq.deleted", faq.id, phrases[0].text)


@requires(Permission.FAQS_MANAGE)
def bring_back(work: Work, faq_id: UUID) -> None:
    """Undo of a deletion."""
    faq = work.get(Faq, faq_id, lock=True)
    if faq.deleted_at is None:
        return
    rows.ensure_room(work)
    phrases = rows.as_phrases(rows.phrasings_of(work, faq.id))
    faq.deleted_at = None
    rows.turn(work, faq, phrases, FaqChange.RESTORED, was_published=False)
    rows.tell(work, "faq.brought_back", faq.id, phrases[0].text)


@requires(Permission.FAQS_MANAGE)
def restore_version(work: Work, faq_id: UUID, version: int, expected: int) -> Saved:
    """Make it say again what it said at `version`. Whether it is published stays; without an answer it is a draft.

    `expected`: the version the caller saw, else Conflict.
    """
    faq = _seen(work, faq_id, expected)
    revision = _revision(work, faq.id, version)
    before = _snapshot(work, faq)
    was_published = faq.status is FaqStatus.PUBLISHED
    data = revision.data
    phrases = rows.phrases_in(data)
    faq.category_id = rows.known_category(work, UUID(data["category_id"]) if data["category_id"] else None)
    faq.answer, faq.language, faq.is_sensitive = data["answer"], data["language"], data["is_sensitive"]
    faq.channel_kinds, faq.media = list(data["channel_kinds"]), list(data["media"])
    if not faq.answer:
        faq.status = FaqStatus.DRAFT
    rows.put_phrasings(work, faq.id, phrases)
    rows.turn(work, faq, phrases, FaqChange.RESTORED, was_published=was_published)
    rows.tell(work, "faq.restored", faq.id, phrases[0].text, before, rows.snapshot(faq, phrases))
    return _saved(faq)


@requires(Permission.FAQS_MANAGE)
def add_phrasing(work: Work, faq_id: UUID, text: str) -> bool:
    """One more way to ask it, as a customer did. False when it knew that one already."""
    faq = rows.find(work, faq_id)
    known = rows.as_phrases(rows.phrasings_of(work, faq.id))
    (phrase,) = checked(
        Content((Phrase(text, PhrasingSource.QUESTION),), language=faq.language), is_published=False
    ).phrasings
    if fold(phrase.text) in {fold(each.text) for each in known}:
        return False
    if len(known) >= MAX_PHRASINGS:
        raise Invalid("faq_phrasings_many", most=MAX_PHRASINGS)
    phrases = (*known, phrase)
    rows.put_phrasings(work, faq.id, phrases)
    rows.turn(work, faq, phrases, FaqChange.CHANGED, was_published=faq.status is FaqStatus.PUBLISHED)
    rows.tell(work, "faq.phrasing_added", faq.id, known[0].text)
    return True


def _seen(work: Work, faq_id: UUID, version: int) -> Faq:
    """The FAQ, locked, as the caller saw it, else Conflict. That its category was deleted since is nothing they have to look at."""
    faq = rows.find(work, faq_id)
    if faq.version == version:
        return faq
    query = select(FaqRevision).where(col(FaqRevision.faq_id) == faq_id, col(FaqRevision.version) == version)
    seen = work.first(query)
    now = _snapshot(work, faq)
    if seen is None or not _same({**seen.data, "category_id": None}, now):
        raise Conflict("faq_conflict")
    if rows.known_category(work, UUID(seen.data["category_id"]) if seen.data["category_id"] else None):
        raise Conflict("faq_conflict")
    return faq


def _put(work: Work, faq: Faq, content: Content) -> None:
    faq.answer, faq.language, faq.is_sensitive = content.answer, content.language, content.is_sensitive
    faq.category_id, faq.channel_kinds = rows.known_category(work, content.category_id), list(content.channel_kinds)
    media = files.take(work, faq.media, content.files)
    files.ensure_carried(media, content.channel_kinds)
    if media != faq.media:
        faq.media = media
    work.flush()
    rows.put_phrasings(work, faq.id, content.phrasings)


def _turn_to(work: Work, faq: Faq, status: FaqStatus) -> bool:
    if faq.status is status:
        return False
    if status is FaqStatus.PUBLISHED and not faq.answer:
        raise Invalid("faq_answer_missing", fields={"answer": "faq_answer_missing"})
    was_published = faq.status is FaqStatus.PUBLISHED
    phrases = rows.as_phrases(rows.phrasings_of(work, faq.id))
    faq.status = status
    rows.turn(work, faq, phrases, FaqChange.CHANGED, was_published=was_published)
    action = "faq.published" if status is FaqStatus.PUBLISHED else "faq.unpublished"
    rows.tell(work, action, faq.id, phrases[0].text)
    return True


def _snapshot(work: Work, faq: Faq) -> dict[str, Any]:
    return rows.snapshot(faq, rows.as_phrases(rows.phrasings_of(work, faq.id)))


def _same(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Where a phrasing came from is no difference: a form may not know."""
    texts = [[each["text"] for each in data["phrasings"]] for data in (before, after)]
    return texts[0] == texts[1] and {**before, "phrasings": 0} == {**after, "phrasings": 0}


def _revision(work: Work, faq_id: UUID, version: int) -> FaqRevision:
    query = select(FaqRevision).where(col(FaqRevision.faq_id) == faq_id, col(FaqRevision.version) == version)
    found = work.first(query)
    if found is None:
        raise NotFound(what="faqrevision")
    return found


def _saved(faq: Faq) -> Saved:
    return Saved(str(faq.id), faq.version, faq.status.value)
