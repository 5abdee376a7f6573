"""The statuses a provider hears, over HTTP and through our guards."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from starlette.routing import Router
from starlette.testclient import TestClient

from saas_admin.channels.intake import Intake
from saas_admin.core import db as database
from saas_admin.core.config import get_settings
from saas_admin.core.work import Work
from saas_admin.models import InboundEvent
from saas_admin.web import webhooks
from saas_admin.web.api import api
from saas_admin.web.guards import Guards
from tests.conftest import Engines
from tests.shop import Shop, open_shop, signed, text_item, webhook

MEGABYTE = 1024 * 1024


@pytest.fixture
def shop(db: Engines, valkey: object) -> Shop:
    del db, valkey
    return open_shop()


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    intake = Intake()
    monkeypatch.setattr(webhooks, "intake", intake)
    with TestClient(Guards(api, Router(webhooks.routes)), raise_server_exceptions=False) as client:
        yield client
        assert client.portal
        client.portal.call(intake.close)


def stored(shop: Shop) -> int:
    with Work(shop.system) as work:
        return work.session.scalar(select(func.count()).where(InboundEvent.company_id == shop.company_id)) or 0


def post(web: TestClient, shop: Shop, body: bytes, headers: dict[str, str] | None = None) -> int:
    address = f"/webhooks/whatsapp_cloud/{shop.whatsapp_public_id}"
    return web.post(address, content=body, headers=signed(body) if headers is None else headers).status_code


def test_a_good_webhook_is_stored_and_a_forged_one_is_not(shop: Shop, web: TestClient):
    body = webhook(shop, [text_item("34611204873", "Hola")])
    assert [post(web, shop, body, {}), post(web, shop, body, signed(body, "otro")), stored(shop)] == [401, 401, 0]
    assert [post(web, shop, body), post(web, shop, body), stored(shop)] == [200, 200, 1]
    assert web.post(f"/webhooks/fax/{shop.whatsapp_public_id}", content=body).status_code == 404
    assert web.post("/webhooks/whatsapp_cloud/nobody", content=body, headers=signed(body)).status_code == 404


def test_a_body_of_five_megabytes_is_refused_whether_or_not_it_says_so(shop: Shop, web: TestClient):
    body = json.dumps({"entry": [], "x": "y" * 5 * MEGABYTE}).encode()
    assert post(web, shop, body) == 413
    pieces = (body[start : start + MEGABYTE] for start in range(0, len(body), MEGABYTE))
    address = f"/webhooks/whatsapp_cloud/{shop.whatsapp_public_id}"
    assert web.post(address, content=pieces, headers=signed(body)).status_code == 413
    assert stored(shop) == 0


def test_a_body_of_three_megabytes_is_taken(shop: Shop, web: TestClient):
    body = json.dumps(
        {"entry": [{"id": "209715200445566", "changes": [{"field": "x", "value": "y" * 3 * MEGABYTE}]}]}
    ).encode()
    assert (post(web, shop, body), stored(shop)) == (200, 1)


@pytest.mark.parametrize("is_known", [False, True])
def test_without_a_database_the_provider_is_asked_to_come_again(
    shop: Shop, web: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, is_known: bool
):
    body = webhook(shop, [text_item("34611204873", "Hola")])
    if is_known:
        assert post(web, shop, body, {}) == 401
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:x@127.0.0.1:9/saas")
    get_settings.cache_clear()
    monkeypatch.setattr("saas_admin.core.doors.app_engine", lambda: database._engine(get_settings().database_url))
    statuses = [post(web, shop, body)]
    if not is_known:
        question = "?hub.mode=subscribe&hub.verify_token=canela-en-rama&hub.challenge=7"
        statuses.append(web.get(f"/webhooks/whatsapp_cloud/{shop.whatsapp_public_id}{question}").status_code)
    monkeypatch.undo()
    get_settings.cache_clear()
    assert set(statuses) == {503}
    assert "Traceback" not in caplog.text


def test_the_handshake_answers_the_challenge_to_who_knows_the_token(shop: Shop, web: TestClient):
    address = f"/webhooks/whatsapp_cloud/{shop.whatsapp_public_id}?hub.mode=subscribe&hub.challenge=1158201444"
    good = web.get(f"{address}&hub.verify_token=canela-en-rama")
    assert (good.status_code, good.text) == (200, "1158201444")
    assert web.get(f"{address}&hub.verify_token=otra").status_code == 403
