"""The rows behind a FAQ: its phrasings in order, and its state after every change. Parts of the verbs, no doors."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from saas_admin.accounts import audit
from saas_admin.core.errors import Invalid, NotFound
from saas_admin.core.work import Work
from saas_admin.faqs import knowledge
from saas_admin.faqs.content import MAX_FAQS, Phrase
from saas_admin.models import Faq, FaqCategory, FaqPhrasing, FaqRevision
from saas_admin.models.faq import FaqChange, FaqStatus, PhrasingSource


def find(work: Work, faq_id: UUID) -> Faq:
    """The FAQ, locked. A deleted one is missing."""
    faq = work.get(Faq, faq_id, lock=True)
    if faq.deleted_at is not None:
        raise NotFound(what="faq")
    return faq


def ensure_room(work: Work, more: int = 1) -> None:
    there = work.session.scalar(select(func.count()).select_from(Faq).where(col(Faq.deleted_at).is_(None))) or 0
    if there + more > MAX_FAQS:
        raise Invalid("faqs_many", most=MAX_FAQS)


def ensure_category(work: Work, category_id: UUID | None) -> None:
    if category_id is not None:
        work.get(FaqCategory, category_id)


def known_category(work: Work, category_id: UUID | None) -> UUID | None:
    """None for one that is gone: whoever wrote meanwhile keeps their words, without a drawer."""
    return category_id if category_id and work.find(FaqCategory, category_id) else None


def put_in(work: Work, faq: Faq, category_id: UUID | None) -> list[FaqPhrasing]:
    """A version of its own, of which the index hears nothing: the bot does not look at categories. The phrasings it has."""
    texts = phrasings_of(work, faq.id)
    faq.category_id = category_id
    faq.version += 1
    faq.updated_at, faq.updated_by = work.now, work.actor.user_id
    note(work, faq, as_phrases(texts), FaqChange.CHANGED)
    return texts


def phrasings_of(work: Work, faq_id: UUID) -> list[FaqPhrasing]:
    query = select(FaqPhrasing).where(col(FaqPhrasing.faq_id) == faq_id)
    return work.all(query.order_by(col(FaqPhrasing.position), col(FaqPhrasing.id)))


def put_phrasings(work: Work, faq_id: UUID, phrases: Sequence[Phrase]) -> None:
    """These, in this order. One that was there keeps where it came from and since when."""
    there = {row.text: row for row in phrasings_of(work, faq_id)}
    for position, phrase in enumerate(phrases):
        row = there.pop(phrase.text, None)
        if row is None:
            work.add(
                FaqPhrasing(
                    faq_id=faq_id, text=phrase.text, position=position, source=phrase.source, created_at=work.now
                )
            )
        else:
            row.position = position
    for row in there.values():
        work.delete(row)


def note(work: Work, faq: Faq, phrases: Sequence[Phrase], change: FaqChange) -> None:
    """Append how it is now."""
    data = snapshot(faq, phrases)
    work.add(
        FaqRevision(
            faq_id=faq.id, version=faq.version, change=change, data=data, actor_id=work.actor.user_id, at=work.now
        )
    )


def snapshot(faq: Faq, phrases: Iterable[Phrase]) -> dict[str, Any]:
    return {
        "phrasings": [{"text": phrase.text, "source": phrase.source.value} for phrase in phrases],
        "answer": faq.answer,
        "language": faq.language,
        "category_id": str(faq.category_id) if faq.category_id else None,
        "channel_kinds": list(faq.channel_kinds),
        "status": faq.status.value,
        "is_sensitive": faq.is_sensitive,
        "media": list(faq.media),
    }


def phrases_in(data: dict[str, Any]) -> tuple[Phrase, ...]:
    return tuple(Phrase(each["text"], PhrasingSource(each["source"])) for each in data["phrasings"])


def as_phrases(rows: Iterable[FaqPhrasing]) -> tuple[Phrase, ...]:
    return tuple(Phrase(row.text, row.source) for row in rows)


def turn(work: Work, faq: Faq, phrases: Sequence[Phrase], change: FaqChange, *, was_published: bool) -> None:
    """The end of every change: a new version, its revision, and the index told when customers notice it."""
    faq.version += 1
    faq.updated_at, faq.updated_by = work.now, work.actor.user_id
    note(work, faq, phrases, change)
    if was_published or (faq.status is FaqStatus.PUBLISHED and faq.deleted_at is None):
        knowledge.touch(work)


def tell(
    work: Work,
    action: str,
    faq_id: UUID,
    title: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """A line of the activity log. Of phrasings it keeps how many there are: their words are in the history."""
    audit.record(work, action, target=("faq", faq_id, title), before=_said(before), after=_said(after))


def _said(data: dict[str, Any] | None) -> dict[str, Any]:
    if data is None:
        return {}
    said = {name: data[name] for name in ("answer", "language", "status", "is_sensitive")}
    counts = {"phrasings": len(data["phrasings"]), "files": len(data["media"])}
    return {**said, **counts, "channels": data["channel_kinds"]}
