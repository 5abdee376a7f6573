"""What a company reads of its channels: the log of exchanges, and the templates as the provider last told them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from saas_admin.adapters.channels.base import Failure, FailureCode
from saas_admin.adapters.channels.content import Slot, Template, TemplateButton, TemplateCategory, TemplateStatus
from saas_admin.channels import exchange_log, exchanges, template_list, templates
from saas_admin.core.clock import now
from saas_admin.core.errors import Conflict, Forbidden, Invalid, NotFound, Throttled
from saas_admin.core.work import Work
from saas_admin.models import Exchange, MessageTemplate
from tests.channels.fake_provider import Script, provider
from tests.shop import Shop, open_shop, write_in

__all__ = ["provider"]
pytestmark = pytest.mark.usefixtures("db", "valkey")

READY = Template(
    provider_id="901",
    name="pedido_listo",
    language="es",
    category=TemplateCategory.UTILITY,
    status=TemplateStatus.APPROVED,
    header="Tu pedido",
    header_kind="text",
    body="Hola {{1}}, ya puedes recogerlo.",
    footer="Café Alborada",
    buttons=(TemplateButton("url", "Ver pedido", "https://alborada.example/p/{{1}}"),),
    slots=(Slot("body", "1", example="Marta"),),
    quality="green",
)


@pytest.fixture
def shop() -> Shop:
    return open_shop()


def fill_log(shop: Shop, count: int) -> None:
    with Work(shop.system) as work:
        for index in range(count):
            failure = Failure(FailureCode.THROTTLED, "130429", "Rate limit hit") if index % 10 == 0 else None
            exchanges.note(work, shop.whatsapp_id, "send", failure, milliseconds=index)
        work.flush()
        for row in work.all(select(Exchange)):
            row.at = now() - timedelta(seconds=1000 - (row.milliseconds or 0) // 2)


def read(shop: Shop, **more: Any) -> exchange_log.ExchangePage:
    with Work(shop.support) as work:
        return exchange_log.list_exchanges(work, shop.whatsapp_id, **more)


def test_the_log_is_newest_first_and_no_page_repeats_or_leaves_out(shop: Shop) -> None:
    fill_log(shop, 120)
    pages = [read(shop)]
    while pages[-1].next:
        pages.append(read(shop, before=pages[-1].next))

    rows = [row for page in pages for row in page.rows]
    assert [len(page.rows) for page in pages] == [50, 50, 20]
    assert len({row.id for row in rows}) == 120
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)


def test_only_problems_in_the_provider_s_own_words(shop: Shop) -> None:
    fill_log(shop, 25)
    page = read(shop, only_problems=True)

    assert [(row.action, row.is_ok, row.code, row.words) for row in page.rows] == [
        ("send", False, "throttled", "130429 Rate limit hit")
    ] * 3
    assert page.next is None


@pytest.mark.parametrize("cursor", ["x", "2030-01-01T00:00:00Z", "2030-01-01|nope", "|", "2030-01-01T00:00:00|x"])
def test_a_page_that_was_never_handed_out_is_refused(shop: Shop, cursor: str) -> None:
    with pytest.raises(Invalid, match="cursor"):
        read(shop, before=cursor)


def test_a_line_leads_to_its_conversation_only_for_whoever_may_read_it(shop: Shop) -> None:
    message = write_in(shop)
    with Work(shop.system) as work:
        exchanges.note(work, shop.whatsapp_id, "send", message_id=message.id)

    assert read(shop).rows[0].conversation_id == str(message.conversation_id)
    with Work(shop.marketing) as work:
        assert exchange_log.list_exchanges(work, shop.whatsapp_id).rows[0].conversation_id is None


def test_no_secret_reaches_the_log(shop: Shop) -> None:
    said = "Error: Bearer EAAabcdefghijkl access_token=EAAqwertyuiop"
    with Work(shop.system) as work:
        exchanges.note(work, shop.whatsapp_id, "check", Failure(FailureCode.REJECTED, "1", said))

    assert "EAA" not in read(shop).rows[0].words


def test_templates_as_the_page_shows_them(shop: Shop, provider: Script) -> None:
    provider.templates = [READY]
    assert template_list.sync_now(shop.admin, shop.whatsapp_id) == 1

    with Work(shop.marketing) as work:
        found = template_list.list_templates(work, shop.whatsapp_id)
    (row,) = found.rows
    assert (row.name, row.language, row.category, row.status, row.quality) == (
        "pedido_listo",
        "es",
        "utility",
        "approved",
        "green",
    )
    assert (row.header, row.body, row.footer) == ("Tu pedido", "Hola {{1}}, ya puedes recogerlo.", "Café Alborada")
    assert row.buttons == [{"kind": "url", "title": "Ver pedido", "value": "https://alborada.example/p/{{1}}"}]
    assert row.slots == [{"key": "body.1", "name": "1", "part": "body", "example": "Marta"}]
    assert (found.provider, found.synced_at is not None) == ("Meta", True)
    assert [r.action for r in read(shop).rows] == ["templates"]


def test_a_moved_category_says_where_from_and_an_empty_account_when_it_was_asked(shop: Shop, provider: Script) -> None:
    provider.templates = [READY]
    templates.sync(shop.company_id, shop.whatsapp_id)
    provider.templates = [Template(**{**READY.__dict__, "category": TemplateCategory.MARKETING})]
    templates.sync(shop.company_id, shop.whatsapp_id)
    with Work(shop.support) as work:
        (row,) = template_list.list_templates(work, shop.whatsapp_id).rows
    assert (row.former_category, row.category) == ("utility", "marketing")

    provider.templates = []
    templates.sync(shop.company_id, shop.whatsapp_id)
    with Work(shop.support) as work:
        found = template_list.list_templates(work, shop.whatsapp_id)
    assert (found.rows, found.synced_at is not None) == ([], True)


def test_a_provider_that_says_no_leaves_what_was_there(shop: Shop, provider: Script) -> None:
    provider.templates = [READY]
    templates.sync(shop.company_id, shop.whatsapp_id)
    provider.templates = Failure(FailureCode.UNAUTHORISED, "190", "expired")

    with pytest.raises(Conflict) as refused:
        template_list.sync_now(shop.admin, shop.whatsapp_id)
    assert (refused.value.code, refused.value.params) == ("check_unauthorised", {"provider": "Meta"})
    with pytest.raises(Throttled):
        template_list.sync_now(shop.admin, shop.whatsapp_id)

    with Work(shop.system) as work:
        assert [row.name for row in work.all(select(MessageTemplate))] == ["pedido_listo"]
    assert [(r.action, r.is_ok) for r in read(shop).rows] == [("templates", False), ("templates", True)]


def test_who_may_and_where_there_are_none(shop: Shop, provider: Script) -> None:
    with pytest.raises(Forbidden):
        template_list.sync_now(shop.support, shop.whatsapp_id)
    with Work(shop.support) as work, pytest.raises(NotFound):
        template_list.list_templates(work, shop.webchat_id)

    assert provider.calls == []
