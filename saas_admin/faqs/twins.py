"""FAQs that seem to answer the same question: in the list, while one types, before an import."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlmodel import col

from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.faqs import alike
from saas_admin.faqs.views import Twin
from saas_admin.models import Faq, FaqPhrasing

LONGEST = 300
MOST_ASKED = 60
MOST_SHOWN = 3
_MOST_KEPT = 64
Doubled = dict[UUID, dict[UUID, bool]]
"""FAQ → those that seem to repeat it; True: for certain."""
_kept: dict[UUID, tuple[tuple[Any, ...], Doubled]] = {}


@dataclass(frozen=True)
class Known:
    """A phrasing and the FAQ it belongs to."""

    faq_id: UUID
    text: str
    position: int
    language: str
    kinds: frozenset[str]

    def meets(self, other: "Known") -> bool:
        """Whether one customer may ever get both: the same language, and a channel in common."""
        return self.language == other.language and (not self.kinds or not other.kinds or bool(self.kinds & other.kinds))


@requires(Permission.BOTS_READ)
def list_twins(work: Work, texts: Sequence[str], language: str, except_id: UUID | None = None) -> list[list[Twin]]:
    """For each of these phrasings the other FAQs that have it, or nearly have it, the most alike first."""
    known = [each for each in read(work) if each.language == language and each.faq_id != except_id]
    titles = {each.faq_id: each.text for each in known if each.position == 0}
    found: list[list[Twin]] = []
    for text in list(texts)[:MOST_ASKED]:
        near = alike.nearest(text[:LONGEST], ((each.faq_id, each.text) for each in known))
        best = sorted(near.items(), key=lambda item: -item[1][1])[:MOST_SHOWN]
        found.append(
            [Twin(str(key), titles.get(key, other), other, is_certain=score == 1.0) for key, (other, score) in best]
        )
    return found


def doubled(work: Work) -> Doubled:
    """Every pair is compared, so what was found lasts until something changes."""
    query = select(func.count(), func.sum(col(Faq.version)), func.max(col(Faq.updated_at)))
    stamp = tuple(work.session.execute(query.where(col(Faq.deleted_at).is_(None))).one())
    kept = _kept.get(work.company_id)
    if kept is None or kept[0] != stamp:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        kept = _kept[work.company_id] = (stamp, _compare(read(work)))
    return kept[1]


def _compare(known: Sequence[Known]) -> Doubled:
    found: Doubled = {}
    for pair in alike.pairs([each.text for each in known]):
        first, second = known[pair.first], known[pair.second]
        if first.faq_id != second.faq_id and first.meets(second):
            for one, other in ((first.faq_id, second.faq_id), (second.faq_id, first.faq_id)):
                # The most alike pair comes first.
                found.setdefault(one, {}).setdefault(other, pair.is_certain)
    return found


def read(work: Work) -> list[Known]:
    """Every phrasing of the company, those of a FAQ together and in order."""
    query = (
        select(col(Faq.id), col(FaqPhrasing.text), col(FaqPhrasing.position), col(Faq.language), col(Faq.channel_kinds))
        .join(
            FaqPhrasing,
            and_(col(FaqPhrasing.company_id) == col(Faq.company_id), col(FaqPhrasing.faq_id) == col(Faq.id)),
        )
        .where(col(Faq.deleted_at).is_(None))
        .order_by(col(Faq.created_at), col(Faq.id), col(FaqPhrasing.position))
    )
    return [
        Known(key, text, position, language, frozenset(kinds))
        for key, text, position, language, kinds in work.session.execute(query)
    ]
