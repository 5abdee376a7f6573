import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from saas_admin.accounts import audit_log, mails
from saas_admin.accounts.audit_log import AuditFilter
from saas_admin.adapters.embeddings.base import EmbeddingError
from saas_admin.adapters.llm.base import ChatAnswer, ChatMessage, ChatRequest, LlmError, LlmTrouble
from saas_admin.bots import breaker, provider
from saas_admin.bots.metered import MeteredChat
from saas_admin.bots.provider import Silence
from saas_admin.core.config import get_settings
from saas_admin.core.errors import Invalid, NotFound
from saas_admin.core.work import Work
from saas_admin.models import AiProvider, AiUsage, AuditEntry
from saas_admin.sandbox.openai_script import KEY
from tests.adapters.provider import Answer, running
from tests.conftest import Engines
from tests.llm import Llm
from tests.shop import Shop, open_shop

ASK = ChatRequest((ChatMessage("user", "hola"),), timeout=3)


@pytest.fixture
def shop(db: Engines, valkey: object) -> Shop:
    del db, valkey
    return open_shop()


def form(llm: Llm, **more: str) -> dict[str, str]:
    prices = {"price_in": "0,15", "price_out": "0.6", "monthly_cap": "20"}
    return {"key": KEY, "base_url": llm.url, "model": "sandbox-mini", "embedding_model": "", **prices, **more}


def save(shop: Shop, values: dict[str, str]) -> None:
    with Work(shop.admin) as work:
        provider.save(work, values)


def view(shop: Shop) -> provider.ProviderView:
    with Work(shop.admin) as work:
        return provider.find(work)


def chat(shop: Shop) -> MeteredChat | None:
    with Work(shop.system) as work:
        return provider.chat_for(work)


def silence(shop: Shop) -> Silence | None:
    with Work(shop.system) as work:
        return provider.find_silence(work)


def stored(shop: Shop) -> AiProvider:
    with Work(shop.system) as work:
        row = work.first(select(AiProvider))
        assert row is not None
        return row


def test_without_a_key_nobody_is_asked(shop: Shop):
    assert (chat(shop), silence(shop)) == (None, Silence.NONE_SET)
    seen = view(shop)
    assert (seen.has_key, seen.silence, seen.monthly_cap, seen.calls) == (False, "none_set", "20", 0)


def test_settings_are_kept_and_the_key_is_never_read_back(shop: Shop, llm: Llm):
    save(shop, form(llm))
    seen = view(shop)
    assert (seen.model, seen.base_url, seen.price_in, seen.price_out) == ("sandbox-mini", llm.url, "0.15", "0.6")
    assert (seen.has_key, seen.key_hint, seen.silence) == (True, "…rada", "")
    assert KEY not in repr(seen)
    row = stored(shop)
    assert row.secrets is not None
    assert KEY.encode() not in row.secrets
    assert (row.price_in, row.price_out, row.monthly_cap) == (150_000, 600_000, 20_000_000)


def test_an_empty_key_keeps_the_stored_one(shop: Shop, llm: Llm):
    save(shop, form(llm))
    save(shop, form(llm, key="", model="sandbox-maxi"))
    assert (view(shop).has_key, view(shop).model) == (True, "sandbox-maxi")
    assert provider.check(shop.admin) is None


def test_two_admins_who_change_different_fields_take_nothing_back(shop: Shop, llm: Llm):
    save(shop, form(llm))
    save(shop, {"model": "sandbox-maxi", "key": ""})
    save(shop, {"monthly_cap": "35,5", "key": ""})
    seen = view(shop)
    assert (seen.model, seen.monthly_cap, seen.base_url, seen.price_in) == ("sandbox-maxi", "35.5", llm.url, "0.15")


def test_a_stored_key_is_not_sent_to_another_address(shop: Shop, llm: Llm):
    save(shop, form(llm))
    with pytest.raises(Invalid) as caught:
        save(shop, form(llm, key="", base_url="https://otro.example/v1"))
    assert caught.value.fields == {"key": "ai_key_again"}
    assert view(shop).base_url == llm.url


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("base_url", "ftp://x.example", "ai_url"),
        ("base_url", "https://user:pass@x.example/v1", "ai_url"),
        ("base_url", "https://x.example/v1?key=1", "ai_url"),
        ("base_url", "sin-esquema", "ai_url"),
        ("model", "", "ai_model"),
        ("model", "dos palabras", "ai_model"),
        ("price_in", "-1", "ai_amount"),
        ("price_out", "mucho", "ai_amount"),
        ("monthly_cap", "NaN", "ai_amount"),
        ("monthly_cap", "9999999", "ai_amount"),
        ("key", "con espacio", "ai_key"),
        ("key", "x" * 400, "ai_key"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(shop: Shop, llm: Llm, name: str, value: str, code: str):
    with pytest.raises(Invalid) as caught:
        save(shop, form(llm, **{name: value}))
    assert caught.value.fields == {name: code}
    with Work(shop.system) as work:
        assert work.first(select(AiProvider)) is None


def test_a_plain_address_is_for_machines_of_ones_own(shop: Shop, llm: Llm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_PRIVATE_HOSTS", "false")
    get_settings.cache_clear()
    with pytest.raises(Invalid) as caught:
        save(shop, form(llm, base_url="http://modelo.example/v1"))
    monkeypatch.undo()
    get_settings.cache_clear()
    assert caught.value.fields == {"base_url": "ai_url"}


@pytest.mark.parametrize(
    ("behaviour", "trouble", "is_kept"),
    [
        ("refuse_key", LlmTrouble.REFUSED_KEY, True),
        ("quota", LlmTrouble.NO_QUOTA, True),
        ("no_model", LlmTrouble.MODEL_UNKNOWN, True),
        ({"kind": "error_500", "count": 3}, LlmTrouble.SERVER_ERROR, False),
        ({"kind": "rate", "seconds": 60}, LlmTrouble.THROTTLED, False),
    ],
)
def test_a_check_says_what_is_wrong_and_its_success_ends_it(
    shop: Shop, llm: Llm, behaviour: str | dict[str, Any], trouble: LlmTrouble, is_kept: bool
):
    save(shop, form(llm))
    llm.will(behaviour)
    assert provider.check(shop.admin) is trouble
    assert view(shop).trouble == (trouble.value if is_kept else "")
    assert (chat(shop) is None) is is_kept
    assert provider.check(shop.admin) is None
    assert (view(shop).trouble, view(shop).checked_at != "") == ("", True)
    assert chat(shop) is not None


def test_there_is_nothing_to_check_without_a_key(shop: Shop):
    with pytest.raises(Invalid) as caught:
        provider.check(shop.admin)
    assert caught.value.code == "ai_nothing_to_check"


def test_it_can_be_switched_off_and_on_and_lose_its_key(shop: Shop, llm: Llm):
    save(shop, form(llm))
    with Work(shop.admin) as work:
        provider.switch(work, False)
    assert (chat(shop), silence(shop)) == (None, Silence.OFF)
    with Work(shop.admin) as work:
        provider.switch(work, True)
    assert chat(shop) is not None
    with Work(shop.admin) as work:
        provider.remove_key(work)
    assert (chat(shop), silence(shop), stored(shop).secrets) == (None, Silence.NONE_SET, None)
    with Work(shop.admin) as work:
        log = audit_log.list_entries(work, AuditFilter())
    assert [row.action for row in log.rows][:4] == ["bot.ai_key_removed", "bot.ai_on", "bot.ai_off", "bot.ai_changed"]


def test_the_audit_log_has_no_key(shop: Shop, llm: Llm):
    save(shop, form(llm))
    save(shop, form(llm, key="sk-otra-clave-distinta"))
    with Work(shop.system) as work:
        entries = work.all(select(AuditEntry).where(AuditEntry.action == "bot.ai_changed"))  # type: ignore[arg-type]
        said = json.dumps([[entry.before, entry.after] for entry in entries])
    assert len(entries) == 2
    assert '"replaced": "\\u2026"' in said
    assert "sk-" not in said


def test_another_company_has_none_of_it(shop: Shop, llm: Llm):
    save(shop, form(llm))
    other = open_shop("Floristería Azahar", number_id="104857600445566")
    assert (view(other).has_key, chat(other)) == (False, None)
    with pytest.raises(NotFound), Work(other.admin) as work:
        provider.remove_key(work)
    assert stored(shop).secrets is not None


# At work


def used(shop: Shop) -> tuple[int, int, int]:
    """Calls, tokens read, tokens written."""
    seen = view(shop)
    return seen.calls, seen.tokens_in, seen.tokens_out


def answered(shop: Shop, request: ChatRequest = ASK) -> ChatAnswer:
    asked = chat(shop)
    assert asked is not None
    return asked.complete(request)


def failed(shop: Shop) -> LlmTrouble:
    with pytest.raises(LlmError) as caught:
        answered(shop)
    return caught.value.code


def test_a_call_is_counted(shop: Shop, llm: Llm):
    save(shop, form(llm))
    answered(shop)
    seen = view(shop)
    assert seen.calls == 1
    assert float(seen.cost) > 0
    assert seen.share == pytest.approx(float(seen.cost) / 20, abs=1e-4)


def test_an_answer_that_is_no_use_is_paid_for_all_the_same(shop: Shop, llm: Llm):
    save(shop, form(llm))
    llm.will("filtered", "quota")
    assert failed(shop) is LlmTrouble.CONTENT_REFUSED
    # As the sandbox counts: «hola», and an empty message.
    assert used(shop) == (1, 2, 4)
    assert (failed(shop), view(shop).trouble) == (LlmTrouble.NO_QUOTA, "no_quota")


def test_a_server_that_counts_nothing_reaches_the_cap_all_the_same(shop: Shop, llm: Llm):
    save(shop, form(llm, price_in="1000", price_out="1000", monthly_cap="0.01"))
    llm.will({"kind": "no_usage", "count": 9})
    asked = chat(shop)
    assert asked is not None
    *_, answer = asked.stream(ASK)
    assert isinstance(answer, ChatAnswer)
    # «hola» and «OK», a third of their letters each, rounded up.
    assert (answer.tokens_in, answer.tokens_out, asked.spent, used(shop)) == (2, 1, 3000, (1, 2, 1))
    for _ in range(3):
        list(asked.stream(ASK))
    assert (silence(shop), view(shop).cost) == (Silence.CAPPED, "0.012")


@pytest.mark.parametrize("streams", [False, True])
def test_of_a_call_that_nobody_could_wait_for_the_most_is_counted(shop: Shop, llm: Llm, streams: bool):
    save(shop, form(llm))
    llm.will({"kind": "hang", "seconds": 3})
    asked = chat(shop)
    assert asked is not None
    hurried = replace(ASK, timeout=0.4, max_tokens=250)
    with pytest.raises(LlmError) as caught:
        list(asked.stream(hurried)) if streams else asked.complete(hurried)
    assert (caught.value.code, used(shop)) == (LlmTrouble.TIMEOUT, (1, 2, 250))


def test_an_answer_of_another_shape_was_paid_for(shop: Shop, llm: Llm):
    with running() as server:
        save(shop, form(llm, base_url=f"{server.url}/v1"))
        headers = {"content-type": "application/json"}
        server.will(Answer(200, {"choices": []}, headers))
        server.will(Answer(200, {"choices": [], "usage": {"prompt_tokens": 7}}, headers))
        assert [failed(shop) for _ in range(2)] == [LlmTrouble.BROKEN_OUTPUT] * 2
    assert used(shop) == (2, 2 + 7, 0)


def test_a_stream_that_is_left_in_the_middle_is_counted_by_its_letters(shop: Shop, llm: Llm):
    save(shop, form(llm))
    llm.will({"kind": "say", "text": "x" * 300})
    asked = chat(shop)
    assert asked is not None
    pieces = asked.stream(ASK)
    next(pieces)
    assert isinstance(pieces, Iterator)
    pieces.close()  # type: ignore[attr-defined]
    with Work(shop.system) as work:
        usage = work.first(select(AiUsage))
    assert usage is not None
    assert (usage.calls, usage.tokens_out) == (1, 4)


def test_a_refused_key_at_work_stops_it_and_tells_the_admins_once(shop: Shop, llm: Llm):
    save(shop, form(llm))
    asked = chat(shop)
    assert asked is not None
    llm.wants_key("sk-another-now")
    for _ in range(2):
        with pytest.raises(LlmError):
            asked.complete(ASK)
    assert (chat(shop), silence(shop), view(shop).trouble) == (None, Silence.TROUBLE, "refused_key")
    told = [mail.subject for mail in mails.list_outbox() if "inteligencia" in mail.subject]
    assert told == ["La inteligencia artificial de Café Alborada ha dejado de contestar"]
    llm.wants_key("sk-nueva-de-verdad")
    save(shop, form(llm, key="sk-nueva-de-verdad"))
    assert answered(shop).text


def test_what_a_visitor_wrote_switches_nothing_off(shop: Shop, llm: Llm):
    save(shop, form(llm))
    llm.will({"kind": "flagged", "count": 7})
    assert [failed(shop) for _ in range(7)] == [LlmTrouble.CONTENT_REFUSED] * 7
    assert (silence(shop), view(shop).trouble, mails.list_outbox()) == (None, "", [])
    assert answered(shop).text


def test_a_refusal_of_the_old_key_condemns_no_new_one(shop: Shop, llm: Llm):
    save(shop, form(llm))
    asked = chat(shop)
    assert asked is not None
    llm.wants_key("sk-nueva-de-verdad")
    save(shop, form(llm, key="sk-nueva-de-verdad"))
    with pytest.raises(LlmError) as caught:
        asked.complete(ASK)
    assert caught.value.code is LlmTrouble.REFUSED_KEY
    assert (silence(shop), view(shop).trouble, mails.list_outbox()) == (None, "", [])
    assert answered(shop).text


def test_a_series_of_faults_pauses_it_and_a_probe_ends_the_pause(shop: Shop, llm: Llm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(breaker, "FIRST_PAUSE", 0.4)
    save(shop, form(llm))
    llm.will({"kind": "rate", "seconds": 90, "count": 5})
    asked = chat(shop)
    assert asked is not None
    assert [failed(shop) for _ in range(5)] == [LlmTrouble.THROTTLED] * 5
    assert (chat(shop), silence(shop), view(shop).silence) == (None, Silence.PAUSED, "paused")
    with pytest.raises(LlmError) as caught:
        asked.complete(ASK)
    assert caught.value.code is LlmTrouble.PAUSED
    assert len(llm.asked) == 5
    time.sleep(0.45)
    assert answered(shop).text
    assert silence(shop) is None


def test_at_the_cap_nobody_is_asked(shop: Shop, llm: Llm):
    save(shop, form(llm, monthly_cap="0.000001"))
    asked = chat(shop)
    assert asked is not None
    asked.complete(ASK)
    assert (chat(shop), silence(shop)) == (None, Silence.CAPPED)
    with pytest.raises(LlmError) as caught:
        asked.complete(replace(ASK))
    assert caught.value.code is LlmTrouble.CAPPED
    assert len(llm.asked) == 1
    assert provider.check(shop.admin) is LlmTrouble.CAPPED
    assert len(llm.asked) == 1


@pytest.fixture
def lend(llm: Llm, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """The operator has a key of its own, and lends it for this."""

    def lend(models: str = "sandbox-mini 0.4 1.6, sandbox-embedding 0.02", cap: str = "5") -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", llm.url)
        monkeypatch.setenv("OPENAI_MODELS", models)
        monkeypatch.setenv("OPENAI_MONTHLY_CAP", cap)
        get_settings.cache_clear()

    yield lend
    monkeypatch.undo()
    get_settings.cache_clear()


def lent_form(llm: Llm, **more: str) -> dict[str, str]:
    return form(llm, **{"key": "", "base_url": "", "monthly_cap": "5", **more})


def test_the_operators_key_serves_who_typed_neither_key_nor_address(shop: Shop, llm: Llm, lend: Callable[..., None]):
    lend()
    save(shop, lent_form(llm))
    asked = chat(shop)
    assert asked is not None
    assert asked.complete(ASK).model == "sandbox-mini"
    seen = view(shop)
    assert (seen.has_key, seen.can_ask, seen.most_cap, seen.monthly_cap) == (False, True, "5", "5")
    assert seen.offered == [
        {"model": "sandbox-mini", "price_in": "0.4", "price_out": "1.6", "price_embedding": ""},
        {"model": "sandbox-embedding", "price_in": "", "price_out": "", "price_embedding": "0.02"},
    ]
    # Another address is another account: the operator's key is not sent there.
    save(shop, form(llm, key=""))
    assert silence(shop) is Silence.NONE_SET
    assert (view(shop).offered, view(shop).most_cap) == ([], "")


def test_on_the_operators_key_its_prices_and_its_cap_count(shop: Shop, llm: Llm, lend: Callable[..., None]):
    lend("sandbox-mini 1000 2000", "0.01")
    save(shop, lent_form(llm, price_in="0", price_out="0", monthly_cap="0,01"))
    asked = chat(shop)
    assert asked is not None
    answer = asked.complete(ASK)
    assert asked.spent == answer.tokens_in * 1000 + answer.tokens_out * 2000
    assert (view(shop).price_in, view(shop).price_out) == ("1000", "2000")
    while chat(shop):
        answered(shop)
    assert (silence(shop), float(view(shop).cost) >= 0.01) == (Silence.CAPPED, True)
    # A cap stored from other days goes no further either.
    with Work(shop.system) as work:
        row = work.first(select(AiProvider))
        assert row is not None
        row.monthly_cap = 500_000_000
    assert (silence(shop), view(shop).monthly_cap) == (Silence.CAPPED, "0.01")


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"model": "gpt-enormous"}, {"model": "ai_model_lent"}),
        ({"model": "sandbox-embedding"}, {"model": "ai_model_lent"}),
        ({"embedding_model": "sandbox-mini"}, {"embedding_model": "ai_model_lent"}),
        ({"monthly_cap": "5,01"}, {"monthly_cap": "ai_cap_lent"}),
    ],
)
def test_the_operators_key_is_lent_for_nothing_else(
    shop: Shop, llm: Llm, lend: Callable[..., None], more: dict[str, str], fields: dict[str, str]
):
    lend()
    with pytest.raises(Invalid) as caught:
        save(shop, lent_form(llm, **more))
    assert (caught.value.fields, caught.value.params) == (fields, {"most": "5"})
    assert chat(shop) is None
    # With its own key a company is its own master.
    save(shop, form(llm, base_url="", **more))
    assert chat(shop) is not None


@pytest.mark.parametrize(("models", "cap"), [("", "5"), ("sandbox-mini 0.4 1.6", ""), ("sandbox-mini 0.4 1.6", "0")])
def test_without_its_terms_the_operators_key_serves_nobody(
    shop: Shop, llm: Llm, lend: Callable[..., None], models: str, cap: str
):
    lend(models, cap)
    save(shop, lent_form(llm))
    assert (chat(shop), silence(shop), view(shop).can_ask) == (None, Silence.NONE_SET, False)
    with pytest.raises(Invalid):
        provider.check(shop.admin)
    assert llm.asked == []


def test_a_model_that_is_lent_no_more_is_not_asked(shop: Shop, llm: Llm, lend: Callable[..., None]):
    lend()
    save(shop, lent_form(llm, embedding_model="sandbox-embedding"))
    assert provider.embedder_of(shop.company_id) is not None
    lend("sandbox-mini 0.4 1.6")
    assert (chat(shop) is not None, provider.embedder_of(shop.company_id)) == (True, None)
    lend("sandbox-maxi 9 9")
    assert (chat(shop), silence(shop)) == (None, Silence.NONE_SET)


# The check


def test_a_check_asks_as_it_is_asked_at_work(shop: Shop, llm: Llm):
    save(shop, form(llm, embedding_model="sandbox-embedding", price_embedding="0.02"))
    assert provider.check(shop.admin) is None
    (asked,) = llm.asked
    assert (asked["stream"], asked["response_format"]["type"]) == (True, "json_schema")
    assert [tool["function"]["name"] for tool in asked["tools"]] == ["business_hours", "search_faqs", "hand_over"]
    assert (llm.embedded, view(shop).calls, view(shop).embedding_trouble) == ([["hola"]], 2, "")


def test_a_server_without_tools_answers_all_the_same(shop: Shop, llm: Llm):
    save(shop, form(llm, model="knows-no-tools"))
    llm.will({"kind": "no_tools", "count": 9})
    assert provider.check(shop.admin) is None
    assert ["tools" in asked for asked in llm.asked] == [True, False]


@pytest.mark.parametrize(
    ("behaviour", "trouble", "is_asked"),
    [
        ("no_model", "model_unknown", False),
        ("quota", "no_quota", False),
        ("error_500", "server_error", True),
    ],
)
def test_a_check_says_what_is_wrong_with_the_model_for_vectors(
    shop: Shop, llm: Llm, behaviour: str, trouble: str, is_asked: bool
):
    save(shop, form(llm, embedding_model="sandbox-embedding"))
    llm.will_embed(behaviour)
    assert provider.check(shop.admin) is None
    seen = view(shop)
    assert (seen.trouble, seen.silence, seen.embedding_trouble) == ("", "", trouble)
    assert seen.embedding_trouble_detail != ""
    assert (provider.embedder_of(shop.company_id) is not None) is is_asked
    assert provider.check(shop.admin) is None
    assert (view(shop).embedding_trouble, view(shop).embedding_trouble_detail) == ("", "")
    assert provider.embedder_of(shop.company_id) is not None


def test_a_model_for_vectors_that_is_unknown_at_work_is_said_too(shop: Shop, llm: Llm):
    provider._embedder.cache_clear()
    save(shop, form(llm, embedding_model="sandbox-embedding"))
    embedder = provider.embedder_of(shop.company_id)
    assert embedder is not None
    llm.will_embed("no_model")
    with pytest.raises(EmbeddingError):
        embedder.embed(["hola"])
    assert (view(shop).embedding_trouble, provider.embedder_of(shop.company_id)) == ("model_unknown", None)
    # What is stored by now is another one, of which nothing is known.
    save(shop, form(llm, embedding_model="sandbox-other"))
    assert view(shop).embedding_trouble == ""
    other = provider.embedder_of(shop.company_id)
    assert other is not None
    llm.will_embed("no_model")
    save(shop, form(llm, embedding_model="sandbox-embedding"))
    with pytest.raises(EmbeddingError):
        other.embed(["hola"])
    assert view(shop).embedding_trouble == ""
