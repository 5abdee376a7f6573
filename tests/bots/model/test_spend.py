from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from saas_admin.accounts import mails
from saas_admin.adapters.llm.base import ChatAnswer, ChatMessage, ChatRequest, Endpoint, LlmError, LlmTrouble
from saas_admin.bots import spend
from saas_admin.bots.metered import MeteredChat
from saas_admin.core.secrets import encrypt
from saas_admin.core.work import Work
from saas_admin.models import AiProvider, AiUsage, Company
from tests.conftest import Engines
from tests.shop import Shop, open_shop


@pytest.fixture
def shop(db: Engines, valkey: object) -> Shop:
    del db, valkey
    shop = open_shop()
    with Work(shop.system) as work:
        provider = AiProvider(model="m", price_in=150_000, price_out=600_000, monthly_cap=1_000)
        provider.secrets = encrypt({"key": "sk-prueba-123456"})
        work.add(provider)
    return shop


def spent(shop: Shop) -> AiUsage:
    with Work(shop.system) as work:
        usage = work.first(select(AiUsage))
        assert usage is not None
        return usage


def record(shop: Shop, tokens_in: int, tokens_out: int) -> int:
    with Work(shop.system) as work:
        provider = spend.provider_of(work)
        assert provider is not None
        return spend.record(work, provider, tokens_in, tokens_out)


def subjects() -> list[str]:
    """Of the mails about this, oldest first."""
    return [mail.subject for mail in reversed(mails.list_outbox()) if "inteligencia" in mail.subject]


def begin_anew(db: Engines) -> None:
    with db.owner() as connection:
        connection.execute("DELETE FROM ai_usage")


def test_a_call_costs_what_its_tokens_cost_rounded_up(shop: Shop):
    assert record(shop, 1000, 200) == 150 + 120
    assert record(shop, 1, 0) == 1
    usage = spent(shop)
    assert (usage.calls, usage.tokens_in, usage.tokens_out, usage.cost) == (2, 1001, 200, 271)


def test_the_month_is_the_one_of_the_companys_zone(shop: Shop):
    with Work(shop.system) as work:
        work.now = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
        assert spend.month_of(work) == "2026-11"
        work.get(Company, shop.company_id).time_zone = "America/Bogota"
        work.flush()
        assert spend.month_of(work) == "2026-10"


def test_a_new_month_begins_at_nothing(shop: Shop):
    record(shop, 6000, 200)
    with Work(shop.system) as work:
        assert not spend.may_spend(work)
        work.now = datetime(2099, 1, 15, tzinfo=UTC)
        assert spend.may_spend(work)
        assert spend.used(work).cost == 0


def test_the_admins_hear_once_of_eighty_percent_and_once_of_the_end(shop: Shop):
    record(shop, 5320, 0)
    assert subjects() == []
    record(shop, 20, 0)
    assert subjects() == ["La inteligencia artificial de Café Alborada lleva gastado el 80 % del mes"]
    record(shop, 20, 0)
    assert len(subjects()) == 1
    for _ in range(3):
        record(shop, 1000, 0)
    assert subjects()[1:] == ["La inteligencia artificial de Café Alborada ha llegado a su tope"]


def test_a_jump_over_both_marks_is_told_once(shop: Shop):
    record(shop, 20_000, 0)
    assert subjects() == ["La inteligencia artificial de Café Alborada ha llegado a su tope"]


def test_a_higher_cap_is_told_of_again(shop: Shop):
    record(shop, 7000, 0)
    with Work(shop.system) as work:
        provider = spend.provider_of(work)
        assert provider is not None
        provider.monthly_cap = 2_000
        spend.forget_warnings(work, 2_000)
    record(shop, 7000, 0)
    assert len(subjects()) == 2


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 900)), min_size=2, max_size=24))
def test_records_at_the_same_time_add_up_exactly(db: Engines, shop: Shop, calls: list[tuple[int, int]]):
    begin_anew(db)
    with ThreadPoolExecutor(8) as pool:
        costs = list(pool.map(lambda call: record(shop, *call), calls))
    usage = spent(shop)
    assert (usage.calls, usage.cost) == (len(calls), sum(costs))
    assert usage.tokens_in == sum(call[0] for call in calls)
    assert usage.tokens_out == sum(call[1] for call in calls)


_SOMEWHERE = Endpoint("https://models.example/v1", "sk-prueba-123456", "m", is_company_url=True)


class _Paid:
    """A model that costs 100 a call."""

    def complete(self, request: ChatRequest) -> ChatAnswer:
        del request
        return ChatAnswer("OK", None, (), "m", 600, 17, 1)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 8), st.integers(100, 1500))
def test_the_cap_is_passed_by_no_more_than_the_calls_under_way(db: Engines, shop: Shop, workers: int, cap: int):
    begin_anew(db)
    with Work(shop.system) as work:
        provider = spend.provider_of(work)
        assert provider is not None
        provider.monthly_cap = cap

    def ask(_: int) -> LlmTrouble | None:
        try:
            chat = MeteredChat(_Paid(), shop.company_id, _SOMEWHERE)  # type: ignore[arg-type]
            chat.complete(ChatRequest((ChatMessage("user", "¿?"),)))
        except LlmError as error:
            return error.code
        return None

    with ThreadPoolExecutor(workers) as pool:
        ends = list(pool.map(ask, range(30)))
    each = spend.cost_of(provider, 600, 17)
    assert set(ends) == {None, LlmTrouble.CAPPED}
    assert cap <= spent(shop).cost < cap + each * workers
    assert ask(0) is LlmTrouble.CAPPED
