"""The one way to the vector store. It adds the company to every question, and looks at the company of every row.

Collections are shared by companies: `faq-<model>-<mark>-<shard>`. The mark is of the model's whole id and the size of its
vectors, so that no two models meet in one; the shard is by the company's id, so that none grows beyond what Chroma filters
quickly (about 10,000 vectors each; VECTOR_SHARDS). It holds copies: what is missing is made again.
"""

import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import numpy as np

from saas_admin.adapters.embeddings.base import Vector
from saas_admin.core.config import get_settings

log = logging.getLogger(__name__)

PREFIX = "faq-"
SHARD_LETTERS = 5
BATCH = 500
SECONDS = 5.0


class StoreAway(Exception):
    """The vector store does not answer, or not as it should."""


@dataclass(frozen=True)
class Text:
    """What a vector is of: a phrasing or an answer of a FAQ, by a key that stays, and its words."""

    key: str
    faq_id: UUID
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:32]


class VectorStore:
    """Vectors of one company and one model."""

    def __init__(self, company_id: UUID, model_id: str, dimensions: int) -> None:
        self._company = str(company_id)
        shard = int(hashlib.sha256(self._company.encode()).hexdigest(), 16) % get_settings().vector_shards
        mark = hashlib.sha256(f"{model_id} {dimensions}".encode()).hexdigest()[:12]
        slug = re.sub(r"[^a-z0-9]+", "-", model_id.lower())[:24].strip("-")
        self._name = f"{PREFIX}{slug}-{mark}-{shard:04d}"

    def load(self, texts: Sequence[Text]) -> dict[str, Vector]:
        """What is stored of these, by key; a text that was changed since counts as missing."""
        wanted = {text.key: text.digest for text in texts}
        found: dict[str, Vector] = {}
        rows = self._ask("get", where={"company_id": self._company}, include=["embeddings", "metadatas"])
        try:
            for key, vector, facts in zip(self._keys(rows), rows["embeddings"], rows["metadatas"], strict=True):
                # Whoever asks for one company is never given a row of another, whatever the filter did.
                if facts["company_id"] == self._company and wanted.get(key) == facts["digest"]:
                    found[key] = np.asarray(vector, dtype=np.float32)
        except (KeyError, TypeError, ValueError) as error:
            # A store whose files vanish under it answers half a row.
            raise StoreAway(f"a broken answer: {type(error).__name__}") from error
        return found

    def put(self, texts: Sequence[Text], vectors: Mapping[str, Vector]) -> None:
        kept = [text for text in texts if text.key in vectors]
        for start in range(0, len(kept), BATCH):
            part = kept[start : start + BATCH]
            self._ask(
                "upsert",
                ids=[f"{self._company}:{text.key}" for text in part],
                embeddings=[np.asarray(vectors[text.key], dtype=np.float32) for text in part],
                metadatas=[
                    {"company_id": self._company, "faq_id": str(text.faq_id), "digest": text.digest} for text in part
                ],
            )

    def keep_only(self, texts: Sequence[Text]) -> int:
        """Forget what is not among these; answers how many vectors went."""
        wanted = {text.key for text in texts}
        rows = self._ask("get", where={"company_id": self._company}, include=["metadatas"])
        gone = [f"{self._company}:{key}" for key in self._keys(rows) if key not in wanted]
        for start in range(0, len(gone), BATCH):
            self._ask("delete", ids=gone[start : start + BATCH], where={"company_id": self._company})
        return len(gone)

    def forget_elsewhere(self, others: Sequence["VectorStore"] = (), *, in_all_shards: bool = False) -> None:
        """Forget what the company still has of other models than this and `others`; in all shards, when their number
        has changed: that takes milliseconds for each of them."""
        kept = {self._name, *(other._name for other in others)}
        suffix = "" if in_all_shards else self._name[-SHARD_LETTERS:]
        try:
            for collection in _client().list_collections():
                name = collection.name
                if name.startswith(PREFIX) and name.endswith(suffix) and name not in kept:
                    collection.delete(where={"company_id": self._company})
        except Exception as error:
            # Another process may have dropped a collection since they were listed.
            _client.cache_clear()
            raise StoreAway(type(error).__name__) from error

    def _keys(self, rows: Mapping[str, Any]) -> list[str]:
        return [str(row_id).partition(":")[2] for row_id in rows["ids"]]

    def _ask(self, verb: str, **arguments: Any) -> Any:
        for is_last in (False, True):
            try:
                return getattr(_collection(self._name), verb)(**arguments)
            except Exception as error:
                _collection.cache_clear()
                _client.cache_clear()
                # A store that was emptied knows our handle no more, and gets to know a new one.
                if is_last or type(error).__name__ != "NotFoundError":
                    raise StoreAway(type(error).__name__) from error
        return None


@lru_cache(maxsize=256)
def _collection(name: str) -> Any:
    return _client().get_or_create_collection(name, embedding_function=None, metadata={"hnsw:space": "cosine"})


@lru_cache(maxsize=1)
def _client() -> Any:
    # Imported late: half a second and 60 MB that only the process of the bots needs.
    import chromadb
    from chromadb.config import Settings

    url = urlsplit(get_settings().chroma_url or "")
    if not url.hostname:
        raise StoreAway("no CHROMA_URL")
    client: Any = chromadb.HttpClient(
        host=url.hostname,
        port=url.port or 8000,
        ssl=url.scheme == "https",
        settings=Settings(anonymized_telemetry=False),
    )
    # It waits for ever by default, and has no setting for it; a test fails when this stops working.
    client._server._session.timeout = httpx.Timeout(SECONDS, connect=1.0)
    return client
