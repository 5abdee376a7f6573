"""The company's own model: its endpoint, its key (sealed, never read back), its prices and cap, and whether it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from saas_admin.accounts import audit
from saas_admin.adapters.embeddings.openai import OpenAiEmbedder
from saas_admin.adapters.llm import registry
from saas_admin.adapters.llm.base import ChatMessage, ChatRequest, Endpoint, LlmError, LlmTrouble
from saas_admin.bots import breaker, spend
from saas_admin.bots.metered import MeteredChat, MeteredEmbedder
from saas_admin.bots.terms import endpoint_of, key_of, own_key
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
    key_hint: str
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
    return ProviderView(
        is_on=provider.is_on,
        has_key=bool(key),
        key_hint=f"…{key[-4:]}" if len(key) >= 12 else "",
        base_url=provider.base_url,
        default_base_url=get_settings().openai_base_url,
        model=provider.model,
        embedding_model=provider.embedding_model,
        price_in=_amount_text(provider.price_in),
        price_out=_amount_text(provider.price_out),
        price_embedding=_amount_text(provider.price_embedding),
        monthly_cap=_amount_text(provider.monthly_cap),
        checked_at=iso(provider.checked_at) or "",
        trouble=provider.trouble,
        trouble_detail=provider.trouble_detail,
        silence=silence.value if silence else "",
        month=used.month,
        calls=used.calls,
        tokens_in=used.tokens_in,
        tokens_out=used.tokens_out,
        cost=_amount_text(used.cost),
        share=round(used.cost / provider.monthly_cap, 4) if provider.monthly_cap else 1.0,
    )


@requires(Permission.BOTS_MANAGE)
def save(work: Work, form: Mapping[str, Any]) -> None:
    """Store the settings. An empty `key` keeps the stored one, unless the address is another one: keys are not sent to
    an address they were not typed for. Raises Invalid per field."""
    provider = spend.provider_of(work, lock=True) or work.add(AiProvider())
    values = _checked(form)
    key = str(form.get("key", "")).strip()
    stored = secrets.decrypt(provider.secrets)
    moved = provider.base_url != values["base_url"]
    if len(key) > _LONGEST_KEY or not key.isascii() or any(c.isspace() for c in key):
        raise Invalid(fields={"key": "ai_key"})
    if stored and moved and not key:
        raise Invalid(fields={"key": "ai_key_again"})
    before = _said(provider)
    had_cap = provider.monthly_cap
    for name, value in values.items():
        setattr(provider, name, value)
    if key:
        provider.secrets = secrets.encrypt({"key": key})
    if had_cap != provider.monthly_cap:
        spend.forget_warnings(work, provider.monthly_cap)
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
    """Ask the model for a word, outside any transaction. What came of it is stored; None when it answered."""
    with Work(actor) as work:
        endpoint, is_capped = _prepared(work)
    if endpoint is None:
        raise Invalid("ai_nothing_to_check")
    if is_capped:
        return LlmTrouble.CAPPED
    trouble: LlmError | None = None
    tokens = (0, 0)
    try:
        messages = (ChatMessage("user", "Answer with the one word OK."),)
        request = ChatRequest(messages, max_tokens=5, timeout=_CHECK_SECONDS)
        answer = registry.connect(endpoint).complete(request)
        tokens = (answer.tokens_in, answer.tokens_out)
    except LlmError as error:
        trouble = error
    with Work(actor) as work:
        _record_check(work, endpoint, trouble)
    if tokens != (0, 0) and actor.company_id:
        with Work(Actor.system(actor.company_id)) as work:
            provider = spend.provider_of(work)
            if provider is not None:
                spend.record(work, provider, *tokens)
    return trouble.code if trouble else None


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
        if provider is None or not provider.embedding_model or _silence(work, provider) is not None:
            return None
        endpoint = endpoint_of(provider)
    return MeteredEmbedder(_embedder(endpoint.base_url, endpoint.key, provider.embedding_model), company_id, seconds)


@lru_cache(maxsize=256)
def _embedder(base_url: str, key: str, model: str) -> OpenAiEmbedder:
    return OpenAiEmbedder(model, key, base_url=base_url)


def _silence(work: Work, provider: AiProvider | None) -> Silence | None:
    if provider is None or not key_of(provider) or not provider.model:
        return Silence.NONE_SET
    if not provider.is_on:
        return Silence.OFF
    if provider.trouble:
        return Silence.TROUBLE
    if spend.used(work).cost >= provider.monthly_cap:
        return Silence.CAPPED
    return Silence.PAUSED if breaker.seconds_left(work.company_id) > 0 else None


@requires(Permission.BOTS_MANAGE)
def _prepared(work: Work) -> tuple[Endpoint | None, bool]:
    """Whom to ask, and whether the month's cap forbids it."""
    provider = spend.provider_of(work)
    if provider is None or not key_of(provider) or not provider.model:
        return None, False
    return endpoint_of(provider), spend.used(work).cost >= provider.monthly_cap


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


def _is_untried(work: Work, provider: AiProvider) -> None:
    """Other settings: what was known of the old ones does not count."""
    provider.checked_at = None
    provider.updated_at = work.now
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
    return int(value * spend.MICRO)


def _amount_text(micro: int) -> str:
    return f"{(Decimal(micro) / spend.MICRO).normalize():f}"


def _said(provider: AiProvider) -> dict[str, Any]:
    """What the audit log keeps."""
    amounts = ("price_in", "price_out", "price_embedding", "monthly_cap")
    names = ("base_url", "model", "embedding_model")
    return {
        **{name: getattr(provider, name) for name in names},
        **{name: _amount_text(getattr(provider, name)) for name in amounts},
    }
