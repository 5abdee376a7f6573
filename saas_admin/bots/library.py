"""What a company's bot knows, ready to be asked: kept in the memory of this process, by version.

PostgreSQL says what is published; vectors come from the store, and what is missing there is made here. Without the store
the vectors are made anew, a few at a time, and meanwhile words and letters alone are compared: an answer never waits.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.embeddings import registry
from saas_admin.adapters.embeddings.base import Embedder, EmbeddingError, Matrix, Vector
from saas_admin.adapters.embeddings.registry import Encoders
from saas_admin.bots import intents, patience, provider
from saas_admin.bots.answering.index import FaqEntry, FaqIndex, Ranking
from saas_admin.bots.answering.warm import warm
from saas_admin.bots.metered import MeteredEmbedder
from saas_admin.bots.vectors import StoreAway, Text, VectorStore
from saas_admin.core import jobs, realtime
from saas_admin.core.actor import Actor
from saas_admin.core.jobs import Job
from saas_admin.core.text import fold
from saas_admin.core.work import Work
from saas_admin.models import Company, Faq, FaqPhrasing, Knowledge
from saas_admin.models.faq import FaqStatus

log = logging.getLogger(__name__)

KEEP = 256
"""Companies whose knowledge stays in memory."""
MADE_AT_ONCE = 200
"""Vectors an answer may wait for; more of them are made in the background (`reindex`)."""
ASKED_AT_ONCE = 32
"""The same where a provider makes them."""
QUESTION_SECONDS = 3.0
"""An answer waits no longer for vectors of a provider; of several questions, none is begun later."""
AWAY = 5.0
"""Seconds the store is left alone after it did not answer."""


@dataclass(frozen=True)
class Known:
    """One published FAQ as the bot needs it."""

    id: UUID
    version: int
    language: str
    answer: str
    media: tuple[dict[str, object], ...]
    channel_kinds: frozenset[str]
    is_sensitive: bool
    phrasings: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.phrasings[0]

    @property
    def text(self) -> str:
        """Every word of it."""
        return "\n".join([*self.phrasings, self.answer])


@dataclass(frozen=True)
class Shelf:
    """All published FAQs of a company at one version, with their vectors."""

    version: int
    coder: Encoders
    faqs: dict[UUID, Known]
    language: str
    vectors: dict[str, dict[str, Vector]]
    """By model, then by key of the text."""
    is_whole: bool
    """False while vectors are missing: ask again soon."""
    is_stored: bool
    """False when the store lacked some of them: it is filled up in the background."""
    _indexes: dict[tuple[str, str], FaqIndex] = field(default_factory=dict[tuple[str, str], FaqIndex])

    @property
    def encoders(self) -> str:
        return self.coder.key

    @cached_property
    def folded(self) -> frozenset[str]:
        """Every published phrasing as questions are compared."""
        return frozenset(fold(text) for faq in self.faqs.values() for text in faq.phrasings)

    @property
    def is_by_provider(self) -> bool:
        """Whether a question's vectors come over the line."""
        return any(isinstance(each, MeteredEmbedder) for each in self.coder.each)

    def ask(self, question: str, channel_kind: str, language: str, until: float | None = None) -> Ranking:
        """With the encoders; by words and letters alone while they do not answer, and a provider's is not begun to be asked
        after `until` (by the monotonic clock)."""
        index = self.index(channel_kind, language)
        if until is not None and self.is_by_provider and time.monotonic() >= until:
            return index.by_words.rank(question)
        try:
            return index.ask(question, self.coder)
        except EmbeddingError as error:
            log.warning("a question is compared by its words alone: %s", error)
            return index.by_words.rank(question)

    def is_fitted(self, channel_kind: str, language: str) -> bool:
        """Whether what is called a probability here was measured with these encoders."""
        return self.index(channel_kind, language).calibrator.is_fitted

    def index(self, channel_kind: str, language: str) -> FaqIndex:
        """Of what may be said on this kind of channel; in this language, where the company has written in it."""
        chosen = [faq for faq in self.faqs.values() if not faq.channel_kinds or channel_kind in faq.channel_kinds]
        own = [faq for faq in chosen if faq.language == language]
        is_own = len(own) >= max(3, len(chosen) // 4)
        place = channel_kind if any(faq.channel_kinds for faq in self.faqs.values()) else ""
        key = (place, language if is_own else "")
        found = self._indexes.get(key)
        if found is None:
            found = self._build(own if is_own else chosen, language if is_own else self.language)
            self._indexes[key] = found
        return found

    def _build(self, faqs: Sequence[Known], language: str) -> FaqIndex:
        entries = [FaqEntry(str(faq.id), faq.phrasings, faq.answer) for faq in faqs]
        if not self.is_whole:
            return FaqIndex.build(entries, language=language)
        phrasings: dict[str, Matrix] = {}
        answers: dict[str, Matrix] = {}
        for model, known in self.vectors.items():
            rows = [known[_phrasing_key(faq.id, text)] for faq in faqs for text in faq.phrasings]
            if not rows:
                continue
            phrasings[model] = np.stack(rows)
            nothing = np.zeros(len(rows[0]), dtype=np.float32)
            answers[model] = np.stack([known.get(_answer_key(faq.id, faq.answer), nothing) for faq in faqs])
        return FaqIndex.build(entries, phrasings, language=language, answers=answers)


class Library:
    """The shelves of this process. `get` asks PostgreSQL for the version each time: nothing stale is ever said."""

    def __init__(self, encoders: Encoders | None = None) -> None:
        self._given = encoders
        self._shelves: OrderedDict[UUID, Shelf] = OrderedDict()
        self._locks: dict[UUID, threading.Lock] = {}
        self._guard = threading.Lock()
        self._away_until = 0.0

    @property
    def encoders(self) -> Encoders:
        """Those of this process: of companies that use no other, and of what the bot says by itself."""
        return self._given or registry.installed()

    def encoders_of(self, company_id: UUID, seconds: float | None = None) -> Encoders:
        """The company's own, where it has chosen a model of its provider; that one is waited for so many seconds."""
        if self._given:
            return self._given
        chosen = provider.embedder_of(company_id, seconds)
        return Encoders((chosen,)) if chosen else self.encoders

    def get(self, company_id: UUID) -> Shelf:
        with Work(Actor.system(company_id)) as work:
            row = work.find(Knowledge, company_id)
            version = row.version if row else 0
        coder = self.encoders_of(company_id, QUESTION_SECONDS)
        if kept := self._kept(company_id, version, coder):
            return kept
        with self._lock_of(company_id):
            if kept := self._kept(company_id, version, coder):
                return kept
            shelf = self._read(company_id, coder, MADE_AT_ONCE if coder == self.encoders else ASKED_AT_ONCE)
            if not shelf.is_stored and patience.is_over(company_id) and realtime.is_first(f"reindex:{company_id}", 60):
                jobs.send(Job.REINDEX, company_id=str(company_id))
            with self._guard:
                self._shelves[company_id] = shelf
                self._shelves.move_to_end(company_id)
                while len(self._shelves) > KEEP:
                    self._shelves.popitem(last=False)
            return shelf

    def reindex(self, company_id: UUID, *, in_all_shards: bool = False) -> int:
        """Make the store hold exactly what is published; answers how many texts. Raises StoreAway or EmbeddingError: then
        the sweep tries again, later and later. What is left in shards of a former number is only looked for on request."""
        try:
            count = self._fill(company_id, in_all_shards=in_all_shards)
        except (StoreAway, EmbeddingError):
            patience.note_failure(company_id)
            with Work(Actor.system(company_id)) as work:
                if row := work.find(Knowledge, company_id, lock=True):
                    row.indexed_version = 0
            raise
        patience.end(company_id)
        return count

    def _fill(self, company_id: UUID, *, in_all_shards: bool) -> int:
        version, _, faqs = _published(company_id)
        texts = _texts(faqs)
        coder = self.encoders_of(company_id)
        stores = [VectorStore(company_id, embedder.model_id, embedder.dimensions) for embedder in coder.each]
        for embedder, store in zip(coder.each, stores, strict=True):
            known = store.load(texts)
            missing = [text for text in texts if text.key not in known]
            for start in range(0, len(missing), MADE_AT_ONCE):
                part = missing[start : start + MADE_AT_ONCE]
                rows = embedder.embed([text.text for text in part])
                store.put(part, {text.key: row for text, row in zip(part, rows, strict=True)})
            store.keep_only(texts)
        if stores:
            stores[0].forget_elsewhere(stores, in_all_shards=in_all_shards)
        with Work(Actor.system(company_id)) as work:
            row = work.find(Knowledge, company_id, lock=True)
            if row:
                row.indexed_version = max(row.indexed_version, version)
                row.model_id = coder.key
                row.indexed_at = work.now
        return len(texts)

    def warm(self) -> str:
        """Load the encoders and the lists of words; answers which encoders there are."""
        warm()
        intents.warm(self.encoders)
        return self.encoders.key

    def forget(self, company_id: UUID | None = None) -> None:
        with self._guard:
            if company_id is None:
                self._shelves.clear()
            else:
                self._shelves.pop(company_id, None)

    def _kept(self, company_id: UUID, version: int, coder: Encoders) -> Shelf | None:
        kept = self._shelves.get(company_id)
        # By the encoders themselves: a model with another key or address is asked there from now on.
        return kept if kept and kept.version == version and kept.coder == coder and kept.is_whole else None

    def _read(self, company_id: UUID, coder: Encoders, most: int) -> Shelf:
        version, language, faqs = _published(company_id)
        texts = _texts(faqs)
        former = self._shelves.get(company_id)
        vectors: dict[str, dict[str, Vector]] = {}
        is_whole = is_stored = True
        for embedder in coder.each:
            known = self._stored(company_id, embedder, texts)
            is_stored = is_stored and len(known) == len(texts)
            # What this process knew already serves as well as the store, which may be gone.
            before = former.vectors.get(embedder.model_id, {}) if former and former.coder == coder else {}
            known |= {text.key: before[text.key] for text in texts if text.key not in known and text.key in before}
            missing = [text for text in texts if text.key not in known]
            if len(missing) > most:
                is_whole = False
                # Where nobody else makes them, each question makes some, until all are there.
                missing = missing[: most // 4] if self._is_store_away() else []
            try:
                rows = embedder.embed([text.text for text in missing]) if missing else []
            except EmbeddingError as error:
                log.warning("no vectors for what a bot knows: %s", error)
                is_whole, missing, rows = False, [], []
            vectors[embedder.model_id] = known | {text.key: row for text, row in zip(missing, rows, strict=True)}
        return Shelf(version, coder, {faq.id: faq for faq in faqs}, language, vectors, is_whole, is_stored)

    def _stored(self, company_id: UUID, embedder: Embedder, texts: Sequence[Text]) -> dict[str, Vector]:
        if self._is_store_away():
            return {}
        try:
            return VectorStore(company_id, embedder.model_id, embedder.dimensions).load(texts)
        except EmbeddingError as error:
            log.warning("the size of a model's vectors is not known: %s", error)
            return {}
        except StoreAway as error:
            self._away_until = time.monotonic() + AWAY
            log.warning("the vector store is away (%s): bots go on without it", error)
            return {}

    def _is_store_away(self) -> bool:
        return time.monotonic() < self._away_until

    def _lock_of(self, company_id: UUID) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(company_id, threading.Lock())


library = Library()
"""That of this process."""


def _published(company_id: UUID) -> tuple[int, str, list[Known]]:
    with Work(Actor.system(company_id)) as work:
        row = work.find(Knowledge, company_id)
        language = work.get(Company, company_id).locale[:2]
        faqs = work.all(
            select(Faq)
            .where(col(Faq.status) == FaqStatus.PUBLISHED, col(Faq.deleted_at).is_(None))
            .order_by(col(Faq.created_at), col(Faq.id))
        )
        phrasings: dict[UUID, list[str]] = {}
        ordered = select(FaqPhrasing).order_by(col(FaqPhrasing.position), col(FaqPhrasing.id))
        for phrasing in work.all(ordered):
            phrasings.setdefault(phrasing.faq_id, []).append(phrasing.text)
        known = [
            Known(
                faq.id,
                faq.version,
                faq.language,
                faq.answer,
                tuple(faq.media),
                frozenset(faq.channel_kinds),
                faq.is_sensitive,
                tuple(phrasings[faq.id]),
            )
            for faq in faqs
            if phrasings.get(faq.id)
        ]
        return row.version if row else 0, language, known


def _texts(faqs: Sequence[Known]) -> list[Text]:
    found: dict[str, Text] = {}
    for faq in faqs:
        for phrasing in faq.phrasings:
            key = _phrasing_key(faq.id, phrasing)
            found[key] = Text(key, faq.id, phrasing)
        if faq.answer.strip():
            key = _answer_key(faq.id, faq.answer)
            found[key] = Text(key, faq.id, faq.answer)
    return list(found.values())


# By its words: a phrasing that is moved or typed again is the same one, and no vector is ever of other words.
def _phrasing_key(faq_id: UUID, text: str) -> str:
    return f"{faq_id}/{Text('', faq_id, text).digest}"


def _answer_key(faq_id: UUID, text: str) -> str:
    return f"{faq_id}/answer/{Text('', faq_id, text).digest}"
