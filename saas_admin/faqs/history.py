"""How a FAQ came to be what it is: every version, and what it changed in words a person reads."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.core.clock import iso
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.faqs import wording
from saas_admin.faqs.views import Difference, RevisionView
from saas_admin.models import Faq, FaqCategory, FaqRevision, UserAccount

MOST = 100


@requires(Permission.BOTS_READ)
def list_history(work: Work, faq_id: UUID, before: int | None = None) -> list[RevisionView]:
    """The latest first, at most `MOST`. `before`: only versions below this one. The first version of a FAQ is 1."""
    work.get(Faq, faq_id)
    query = select(FaqRevision).where(col(FaqRevision.faq_id) == faq_id)
    if before is not None:
        query = query.where(col(FaqRevision.version) < before)
    found = work.all(query.order_by(col(FaqRevision.version).desc()).limit(MOST + 1))
    people = {each.actor_id for each in found if each.actor_id}
    names = {user.id: user.name for user in work.all(select(UserAccount).where(col(UserAccount.id).in_(people)))}
    categories = {str(each.id): each.name for each in work.all(select(FaqCategory))}
    views: list[RevisionView] = []
    for at, revision in enumerate(found[:MOST]):
        earlier = found[at + 1].data if at + 1 < len(found) else None
        views.append(
            RevisionView(
                version=revision.version,
                change=revision.change.value,
                at=iso(revision.at) or "",
                by=names.get(revision.actor_id, "") if revision.actor_id else "",
                differences=differences(earlier, revision.data, categories) if earlier else [],
                answer=revision.data["answer"],
                phrasings=[each["text"] for each in revision.data["phrasings"]],
            )
        )
    return views


def differences(before: dict[str, Any], after: dict[str, Any], categories: dict[str, str]) -> list[Difference]:
    """Field by field. A category that is gone has no name any more; codes of languages and channels are kept."""
    found: list[Difference] = []
    old, new = ([each["text"] for each in data["phrasings"]] for data in (before, after))
    if old != new:
        added, removed = [text for text in new if text not in old], [text for text in old if text not in new]
        found.append(Difference("phrasings", added=added, removed=removed, words=wording.pairs(removed, added)))
    if before["answer"] != after["answer"]:
        found.append(answer_difference(before["answer"], after["answer"]))
    for field in ("language", "status"):
        if before[field] != after[field]:
            found.append(Difference(field, before[field], after[field]))
    if before["is_sensitive"] is not after["is_sensitive"]:
        found.append(Difference("is_sensitive", after="yes" if after["is_sensitive"] else "no"))
    if before["category_id"] != after["category_id"]:
        names = [categories.get(data["category_id"] or "", "") for data in (before, after)]
        found.append(Difference("category", names[0], names[1]))
    for field, name in (("channel_kinds", "channels"), ("media", "files")):
        old, new = (_items(data[field]) for data in (before, after))
        if old != new:
            # No channel is named where all of them are meant.
            was, is_now = ("" if values or name != "channels" else "all" for values in (old, new))
            more, less = [e for e in new if e not in old], [e for e in old if e not in new]
            found.append(Difference(name, was, is_now, more, less))
    return found


def answer_difference(before: str, after: str) -> Difference:
    parts = wording.compare(before, after)
    return Difference("answer", before, after, words=[parts] if parts else [])


def _items(values: list[Any]) -> list[str]:
    return [str(each["filename"]) if isinstance(each, dict) else str(each) for each in values]
