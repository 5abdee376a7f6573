"""The encoders this install has. A package that is missing or broken is said once; the bot goes on with what is left."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from saas_admin.adapters.embeddings import local
from saas_admin.adapters.embeddings.base import Embedder, EmbeddingError, Matrix

log = logging.getLogger(__name__)

LEXICAL = "lexical"


@dataclass(frozen=True)
class Encoders:
    """Models that look at every text together; none of them leaves the lexical views alone."""

    each: tuple[Embedder, ...] = ()

    @property
    def key(self) -> str:
        """`use3+e5s`, one model's id, or `lexical`."""
        return key_of([embedder.model_id for embedder in self.each])

    def embed(self, texts: Sequence[str]) -> dict[str, Matrix]:
        """Vectors by model id. What an encoder refuses is left to the caller: an index needs all of its models."""
        return {embedder.model_id: embedder.embed(texts) for embedder in self.each}


def key_of(model_ids: Sequence[str]) -> str:
    return "+".join(model_ids) or LEXICAL


@lru_cache(maxsize=1)
def installed() -> Encoders:
    """The packaged encoders that work here; found once in a process, by asking each for a vector."""
    return Encoders(tuple(embedder for embedder in (local.use3(), local.e5s()) if _works(embedder)))


def warm() -> str:
    """Loads them before the first customer asks; answers what there is."""
    return installed().key


def _works(embedder: Embedder) -> bool:
    try:
        embedder.embed(["hola"])
    except EmbeddingError as failure:
        log.warning("the bot answers without an encoder: %s", failure)
        return False
    return True
