"""The company's own model: its endpoint, its key (sealed, never read back), its prices and cap, and whether it answers."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from saas_admin.accounts import audit
from saas_admin.adapters.embeddings.base import EmbeddingError
from saas_admin.adapters.embeddings.openai import OpenAiEmbedder
from saas_admin.adapters.llm import registry
from saas_admin.adapters.llm.base import ChatAnswer, ChatMessage, ChatRequest, Endpoint, LlmError, LlmTrouble
from saas_admin.bots import breaker, spend
from saas_admin.bots.metered import MeteredChat, MeteredEmbedder, keep_embedding_trouble
from saas_admin.bots.prompt import Said
from saas_admin.bots.terms import (
    MICRO,
    Offer,
    embedding_endpoint_of,
    endpoint_of,
    key_of,
    offer,
    offer_to,
    own_key,
    terms_of,
)
from saas_admin.bots.tools import STANDARD
from saas_admin.core import secrets
from saas_admin.core.actor import Actor
from saas_admin.core.clock import iso
from saas_admin.core.config import get_settings
from saas_admin.core.errors import Invalid, NotFound
from saas_admin.core.permissions import Permission, requires, system_only
from saas_admin.core.secrets import REDACTED
from saas_admin.core.work import Work
from saas_admin.models import AiProvider

_LONGEST_KEY = 300
_MOST_CAP = 1_000_000
_MOST_PRICE = 2_000
"""Whole units for a million tokens: beyond it a price is a slip of the keyboard."""
_CHECK_SECONDS = 10.0


class Silence(StrEnum):
    """Why the model is not asked at the moment."""

    NONE_SET = "none_set"
    """No key, or no model."""
    OFF = "off"
    TROUBLE = "trouble"
    CAPPED = "capped"
    PAUSED = "paused"


@dataclass(frozen=True)
class ProviderView:
    """The settings as they are shown: amounts as decimal texts, of the key its last letters."""

    is_on: bool
    has_key: bool
    """One of its own."""
    key_hint: str
    offered: list[dict[str, str]]
    """`{model, price_in, price_out, price_embedding}` of what the operator lends its key for, where it is this company that
    has none; prices that do not belong to a model are empty."""
    most_cap: str
    """What the operator lends at most in a month; empty with a key of its own."""
    can_ask: bool
    """There is a key for this model."""
    base_url: str
    default_base_url: str
    model: str
    embedding_model: str
    price_in: str
    price_out: str
    price_embedding: str
    monthly_cap: str
    checked_at: str
    trouble: str
    trouble_detail: str
    embedding_trouble: str
    """Why the model for vectors does not answer, from the same list."""
    embedding_trouble_detail: str
    silence: str
    """A `Silence`, empty when the model answers."""
    month: str
    calls: int
    tokens_in: int
    tokens_out: int
    cost: str
    share: float
    """Of the cap, 0 to 1 and beyond."""


@requires(Permission.BOTS_MANAGE)
def find(work: Work) -> ProviderView:
    stored = spend.provider_of(work)
    provider = stored or AiProvider()
    used = spend.used(work)
    key = own_key(provider)
    silence = _silence(work, stored)
    terms = terms_of(provider)
    lent = offer_to(provider)
    return ProviderView(
        is_on=provider.is_on,
        has_key=bool(key),
        key_hint=f"…{key[-4:]}" if len(key) >= 12 else "",
        offered=_offered(lent) if lent else [],
        most_cap=_amount_text(lent.monthly_cap) if lent else "",
        can_ask=bool(key_of(provider) and provider.model),
        base_url=provider.base_url,
        default_base_url=get_settings().openai_base_url,
        model=provider.model,
        embedding_model=provider.embedding_model,
        price_in=_amount_text(terms.price_in),
        price_out=_amount_text(terms.price_out),
        price_embedding=_amount_text(terms.price_embedding),
        monthly_cap=_amount_text(terms.monthly_cap),
        checked_at=iso(provider.checked_at) or "",
        trouble=provider.trouble,
        trouble_detail=provider.trouble_detail,
        embedding_trouble=provider.embedding_trouble,
        embedding_trouble_detail=provider.embedding_trouble_detail,
        silence=silence.value if silence else "",
        month=used.month,
        calls=used.calls,
        tokens_in=used.tokens_in,
        tokens_out=used.tokens_out,
        cost=_amount_text(used.cost),
        share=round(used.cost / terms.monthly_cap, 4) if terms.monthly_cap else 1.0,
    )


@requires(Permission.BOTS_MANAGE)
def save(work: Work, form: Mapping[str, Any]) -> None:
    """Store the settings. An empty `key` keeps the stored one, unless the address is another one: keys are not sent to
    an address they were not typed for. What the form does not name stays. Raises Invalid per field."""
    provider = spend.provider_of(work, lock=True) or work.add(AiProvider())
    values = _checked({**_said(provider), **form})
    key = str(form.get("key", "")).strip()
    stored = secrets.decrypt(provider.secrets)
    moved = provider.base_url != values["base_url"]
    if len(key) > _LONGEST_KEY or not key.isascii() or any(c.isspace() for c in key):
        raise Invalid(fields={"key": "ai_key"})
    if stored and moved and not key:
        raise Invalid(fields={"key": "ai_key_again"})
    if not key and not stored and not values["base_url"]:
        _ensure_lent(values)
    before = _said(provider)
    had_cap = terms_of(provider).monthly_cap
    for name, value in values.items():
        setattr(provider, name, value)
    if key:
        provider.secrets = secrets.encrypt({"key": key})
    if had_cap != (cap := terms_of(provider).monthly_cap):
        spend.forget_warnings(work, cap)
    _is_untried(work, provider)
    after = _said(provider)
    if before != after or (key and key != stored.get("key")):
        replaced = {"replaced": REDACTED} if key and stored else {}
        audit.record(work, "bot.ai_changed", before=before, after={**after, **replaced})


@requires(Permission.BOTS_MANAGE)
def switch(work: Work, on: bool) -> None:
    provider = _stored(work)
    if provider.is_on != on:
        provider.is_on = on
        audit.record(work, "bot.ai_on" if on else "bot.ai_off")


@requires(Permission.BOTS_MANAGE)
def remove_key(work: Work) -> None:
    provider = _stored(work)
    if provider.secrets is not None:
        provider.secrets = None
        _is_untried(work, provider)
        audit.record(work, "bot.ai_key_removed")


def check(actor: Actor) -> LlmTrouble | None:
    """Ask both models as they are asked at work, outside any transaction. What came of it is stored; None when the one that
    writes has answered."""
    with Work(actor) as work:
        prepared = _prepared(work)
    if prepared is None:
        raise Invalid("ai_nothing_to_check")
    endpoint, vectors_at, is_capped = prepared
    if is_capped:
        return LlmTrouble.CAPPED
    said, trouble = _try_chat(endpoint)
    is_away = trouble is not None and trouble.code.is_of_the_provider and trouble.code is not LlmTrouble.MODEL_UNKNOWN
    tokens, embedding_trouble = _try_embedder(vectors_at) if vectors_at.model and not is_away else (0, None)
    with Work(actor) as work:
        _record_check(work, endpoint, trouble)
        if not is_away:
            _record_embedding_check(work, vectors_at, embedding_trouble)
    _record_spend(work.company_id, said, tokens)
    return trouble.code if trouble else None


def trial(actor: Actor, form: Mapping[str, Any]) -> LlmTrouble | None:
    """Whether the model would answer with these settings; nothing of them is stored. Raises Invalid per field, as `save`."""
    prepared = None
    with contextlib.suppress(_TakenBack), Work(actor) as work:
        save(work, form)
        work.flush()
        prepared = _prepared(work)
        raise _TakenBack
    if prepared is None or prepared[2]:
        return None
    said, trouble = _try_chat(prepared[0])
    _record_spend(work.company_id, said)
    return trouble.code if trouble else None


def _record_spend(company_id: UUID, said: ChatAnswer | None, embedded: int = 0) -> None:
    """What a test cost counts like any answer."""
    with Work(Actor.system(company_id)) as work:
        if provider := spend.provider_of(work):
            if said:
                spend.record(work, provider, said.tokens_in, said.tokens_out)
            if embedded:
                spend.record_embedding(work, provider, embedded)


class _TakenBack(Exception):
    """Rolls back what was only to be looked at."""


def _try_chat(endpoint: Endpoint) -> tuple[ChatAnswer | None, LlmError | None]:
    """With all that an answer to a customer asks for: many a server knows no tools, or no schema."""
    words = "This is a test. Decide «unknown», cite nothing and leave the text empty."
    tools = tuple(tool.spec for tool in STANDARD)
    request = ChatRequest((ChatMessage("user", words),), Said, tools, timeout=_CHECK_SECONDS)
    try:
        *_, answer = registry.connect(endpoint).stream(request)
    except LlmError as error:
        return error.answer, error
    return cast(ChatAnswer, answer), None


def _try_embedder(endpoint: Endpoint) -> tuple[int, EmbeddingError | None]:
    """Not by the one of this process, which may be leaving the server alone."""
    try:
        _, tokens = _new_embedder(endpoint).measured(["hola"], _CHECK_SECONDS)
    except EmbeddingError as error:
        return error.tokens, error
    return tokens, None


@system_only
def find_silence(work: Work) -> Silence | None:
    """Why the model would not be asked now; None when it would."""
    return _silence(work, spend.provider_of(work))


@system_only
def chat_for(work: Work) -> MeteredChat | None:
    """The company's model for one answer, None where it is not to be asked. To be used after this transaction."""
    provider = spend.provider_of(work)
    if provider is None or _silence(work, provider) is not None:
        return None
    endpoint = endpoint_of(provider)
    return MeteredChat(registry.connect(endpoint), work.company_id, endpoint)


def embedder_of(company_id: UUID, seconds: float | None = None) -> MeteredEmbedder | None:
    """The company's own model for vectors, which is given so many seconds each time; None where it has chosen none, or none
    can be asked. In a transaction of its own."""
    with Work(Actor.system(company_id)) as work:
        provider = spend.provider_of(work)
        if provider is None or _silence(work, provider) is not None:
            return None
        if provider.embedding_trouble and LlmTrouble(provider.embedding_trouble).is_lasting:
            return None
        endpoint = embedding_endpoint_of(provider)
    return MeteredEmbedder(_embedder(endpoint), company_id, endpoint, seconds) if endpoint.model else None


@lru_cache(maxsize=256)
def _embedder(endpoint: Endpoint) -> OpenAiEmbedder:
    return _new_embedder(endpoint)


def _new_embedder(endpoint: Endpoint) -> OpenAiEmbedder:
    return OpenAiEmbedder(
        endpoint.model, endpoint.key, base_url=endpoint.base_url, is_company_url=endpoint.is_company_url
    )


def _silence(work: Work, provider: AiProvider | None) -> Silence | None:
    if provider is None or not key_of(provider) or not provider.model:
        return Silence.NONE_SET
    if not provider.is_on:
        return Silence.OFF
    if provider.trouble:
        return Silence.TROUBLE
    if _is_capped(work, provider):
        return Silence.CAPPED
    return Silence.PAUSED if breaker.seconds_left(work.company_id) > 0 else None


def _is_capped(work: Work, provider: AiProvider) -> bool:
    return spend.used(work).cost >= terms_of(provider).monthly_cap


@requires(Permission.BOTS_MANAGE)
def _prepared(work: Work) -> tuple[Endpoint, Endpoint, bool] | None:
    """Whom to ask, whom for vectors, and whether the month's cap forbids it."""
    provider = spend.provider_of(work)
    if provider is None or not key_of(provider) or not provider.model:
        return None
    return endpoint_of(provider), embedding_endpoint_of(provider), _is_capped(work, provider)


@requires(Permission.BOTS_MANAGE)
def _record_check(work: Work, endpoint: Endpoint, trouble: LlmError | None) -> None:
    provider = spend.provider_of(work, lock=True)
    if provider is None or not key_of(provider) or endpoint_of(provider) != endpoint:
        # Somebody changed it meanwhile: what was asked is no longer what is stored.
        return
    provider.checked_at = work.now
    if trouble is None:
        _is_well(work, provider)
    elif trouble.code.is_lasting:
        provider.trouble, provider.trouble_detail = trouble.code.value, trouble.detail[:300]


@requires(Permission.BOTS_MANAGE)
def _record_embedding_check(work: Work, endpoint: Endpoint, error: EmbeddingError | None) -> None:
    provider = spend.provider_of(work, lock=True)
    if provider is not None and embedding_endpoint_of(provider) == endpoint:
        keep_embedding_trouble(provider, error)


def _is_untried(work: Work, provider: AiProvider) -> None:
    """Other settings: what was known of the old ones does not count."""
    provider.checked_at = None
    provider.updated_at = work.now
    keep_embedding_trouble(provider, None)
    _is_well(work, provider)


def _is_well(work: Work, provider: AiProvider) -> None:
    provider.trouble = provider.trouble_detail = ""
    company_id = work.company_id
    work.once_committed(lambda: breaker.close(company_id))


def _stored(work: Work) -> AiProvider:
    provider = spend.provider_of(work, lock=True)
    if provider is None:
        raise NotFound
    return provider


def _ensure_lent(values: Mapping[str, Any]) -> None:
    """What is asked of the operator's key is what it is lent for. Raises Invalid per field."""
    lent = offer()
    if lent is None:
        return
    problems: dict[str, str] = {}
    if values["model"] not in lent.models:
        problems["model"] = "ai_model_lent"
    if values["embedding_model"] and values["embedding_model"] not in lent.embedding_models:
        problems["embedding_model"] = "ai_model_lent"
    if values["monthly_cap"] > lent.monthly_cap:
        problems["monthly_cap"] = "ai_cap_lent"
    if problems:
        raise Invalid(fields=problems, most=_amount_text(lent.monthly_cap))


def _offered(lent: Offer) -> list[dict[str, str]]:
    models = [
        {"model": name, "price_in": _amount_text(read), "price_out": _amount_text(written), "price_embedding": ""}
        for name, (read, written) in lent.models.items()
    ]
    return models + [
        {"model": name, "price_in": "", "price_out": "", "price_embedding": _amount_text(price)}
        for name, price in lent.embedding_models.items()
    ]


def _checked(form: Mapping[str, Any]) -> dict[str, Any]:
    problems: dict[str, str] = {}
    values: dict[str, Any] = {}

    def read(name: str, reader: Any, *arguments: Any) -> None:
        try:
            values[name] = reader(str(form.get(name, "")).strip(), *arguments)
        except ValueError as error:
            problems[name] = str(error)

    read("base_url", _url)
    read("model", _name)
    read("embedding_model", _name)
    read("price_in", _amount, _MOST_PRICE)
    read("price_out", _amount, _MOST_PRICE)
    read("price_embedding", _amount, _MOST_PRICE)
    read("monthly_cap", _amount, _MOST_CAP)
    if "model" not in problems and not values["model"]:
        problems["model"] = "ai_model"
    if problems:
        raise Invalid(fields=problems)
    return values


def _url(text: str) -> str:
    """An address without anything that does not belong there, or empty for the usual one."""
    if not text:
        return ""
    parts = urlsplit(text)
    schemes = ("https", "http") if get_settings().allow_private_hosts else ("https",)
    is_bare = not (parts.username or parts.password or parts.query or parts.fragment)
    if parts.scheme not in schemes or not parts.hostname or not is_bare or len(text) > 300 or not text.isascii():
        raise ValueError("ai_url")
    return text.rstrip("/")


def _name(text: str) -> str:
    if len(text) > 80 or any(c.isspace() or not c.isprintable() for c in text):
        raise ValueError("ai_model")
    return text


def _amount(text: str, most: int) -> int:
    """Whole units with either decimal mark, as micro-units."""
    try:
        value = Decimal(text.replace(",", ".") or "0")
    except InvalidOperation:
        raise ValueError("ai_amount") from None
    if not value.is_finite() or not 0 <= value <= most:
        raise ValueError("ai_amount")
    return int(value * MICRO)


def _amount_text(micro: int) -> str:
    return f"{(Decimal(micro) / MICRO).normalize():f}"


def _said(provider: AiProvider) -> dict[str, Any]:
    """What the audit log keeps."""
    amounts = ("price_in", "price_out", "price_embedding", "monthly_cap")
    names = ("base_url", "model", "embedding_model")
    return {
        **{name: getattr(provider, name) for name in names},
        **{name: _amount_text(getattr(provider, name)) for name in amounts},
    }
