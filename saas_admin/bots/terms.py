"""Whose key a company's model is asked with, at what price and up to what cap.

With a key of its own a company says both itself. The operator's key (OPENAI_API_KEY) is lent to companies that typed neither
key nor address, for the models of OPENAI_MODELS at the prices there, each company up to OPENAI_MONTHLY_CAP; without both it is
lent to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from saas_admin.adapters.llm.base import Endpoint
from saas_admin.core import secrets
from saas_admin.core.config import get_settings
from saas_admin.models import AiProvider

MICRO = 1_000_000


@dataclass(frozen=True)
class Terms:
    """Micro-units of the account's currency: for a million tokens, and for a month."""

    price_in: int
    price_out: int
    price_embedding: int
    monthly_cap: int


@dataclass(frozen=True)
class Offer:
    """What the operator's key is lent for; micro-units too."""

    key: str
    models: Mapping[str, tuple[int, int]]
    """Prices of reading and writing, by model."""
    embedding_models: Mapping[str, int]
    monthly_cap: int
    """Of each company."""


def offer() -> Offer | None:
    """The operator's, or None where its key is lent to nobody."""
    settings = get_settings()
    prices = {name: [int(price * MICRO) for price in each] for name, each in settings.lent_models.items()}
    cap = int(settings.openai_monthly_cap * MICRO)
    if not settings.openai_api_key or not prices or not cap:
        return None
    models = {name: (each[0], each[1]) for name, each in prices.items() if len(each) == 2}
    return Offer(settings.openai_api_key, models, {name: e[0] for name, e in prices.items() if len(e) == 1}, cap)


def offer_to(provider: AiProvider) -> Offer | None:
    """The same for a company without key and address of its own."""
    return None if provider.base_url or own_key(provider) else offer()


def own_key(provider: AiProvider) -> str:
    """The one the company typed, or empty."""
    return secrets.decrypt(provider.secrets).get("key", "")


def key_of(provider: AiProvider) -> str:
    """The company's own; else the operator's, for a model that it is lent for; else empty."""
    lent = offer_to(provider)
    return own_key(provider) or (lent.key if lent and provider.model in lent.models else "")


def terms_of(provider: AiProvider) -> Terms:
    lent = offer_to(provider)
    if lent is None:
        return Terms(provider.price_in, provider.price_out, provider.price_embedding, provider.monthly_cap)
    read, written = lent.models.get(provider.model, (0, 0))
    vectors = lent.embedding_models.get(provider.embedding_model, 0)
    return Terms(read, written, vectors, min(provider.monthly_cap, lent.monthly_cap))


def endpoint_of(provider: AiProvider) -> Endpoint:
    # The operator's own address is trusted; one that a company typed goes through the guard.
    url = provider.base_url or get_settings().openai_base_url
    return Endpoint(url, key_of(provider), provider.model, is_company_url=bool(provider.base_url))


def embedding_endpoint_of(provider: AiProvider) -> Endpoint:
    """Without a model where the packaged encoders compare."""
    return replace(endpoint_of(provider), model=_embedding_model(provider))


def _embedding_model(provider: AiProvider) -> str:
    lent = offer_to(provider)
    return provider.embedding_model if lent is None or provider.embedding_model in lent.embedding_models else ""
