"""The log is added to, read, filtered and taken away; never changed."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from starlette.applications import Starlette
from starlette.testclient import TestClient

from saas_admin.accounts import audit_log, company, people
from saas_admin.accounts.audit_log import AuditFilter
from saas_admin.bots import service as bots
from saas_admin.channels import service as channels
from saas_admin.core import clock
from saas_admin.core.errors import Forbidden, Invalid
from saas_admin.core.i18n import LANGS, catalogue
from saas_admin.core.secrets import REDACTED
from saas_admin.core.work import Work
from saas_admin.platform import export
from saas_admin.web.api import ROUTES
from tests.accounts.people import email_of, member_id, sign_in, trail
from tests.conftest import Engines
from tests.shop import APP_SECRET, Shop, open_shop

pytestmark = pytest.mark.usefixtures("db", "valkey")


@pytest.fixture
def shop() -> Shop:
    return open_shop()


@pytest.fixture
def browser() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=list(ROUTES)), base_url="http://localhost:8080") as client:
        yield client


def actions(shop: Shop, **chosen: str) -> list[str]:
    with Work(shop.admin) as work:
        rows = audit_log.list_entries(work, AuditFilter(**chosen)).rows
    return [row.action for row in rows if not row.action.startswith("session.")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x.y'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY",
        "DROP TABLE audit_entry",
    ],
)
def test_the_application_cannot_touch_a_line(shop: Shop, db: Engines, statement: str):
    before = actions(shop)
    assert before
    with db.app() as connection:
        connection.execute("SELECT set_config('app.company_id', %s, false)", (str(shop.company_id),))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL(statement))  # type: ignore[arg-type]
    assert actions(shop) == before


def test_a_line_cannot_be_written_for_another_company(shop: Shop, db: Engines):
    other = open_shop("Floristería Azahar", number_id="104857600445566")
    with db.app() as connection:
        connection.execute("SELECT set_config('app.company_id', %s, false)", (str(shop.company_id),))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO audit_entry (company_id, id, at, actor_kind, actor_name, action, target_kind, target_name, before, after)"
                " VALUES (%s, gen_random_uuid(), now(), 'agent', '', 'x.y', '', '', '{}', '{}')",
                (other.company_id,),
            )


def test_channels_leave_lines_without_their_secrets(shop: Shop, db: Engines):
    values = {
        "phone_number_id": shop.number_id,
        "waba_id": "209715200445566",
        "access_token": "EAAanothertoken",
        "app_secret": APP_SECRET,
        "verify_token": "canela-en-rama",
    }
    with Work(shop.admin) as work:
        channels.update(work, shop.whatsapp_id, channels.check("whatsapp_cloud", "Nuevo", values, ask_provider=False))
        channels.disable(work, shop.whatsapp_id)
        channels.disable(work, shop.whatsapp_id)
        channels.enable(work, shop.whatsapp_id)
        channels.delete(work, shop.whatsapp_id)
    lines = trail(shop)
    assert [line[0] for line in lines] == ["channel.changed", "channel.disabled", "channel.enabled", "channel.deleted"]
    assert lines[0][2:] == (
        {"name": "WhatsApp de la tienda"},
        {"name": "Nuevo", "replaced_secrets": REDACTED},
    )
    with db.owner() as connection:
        stored = str(connection.execute("SELECT string_agg(t::text, ' ') FROM audit_entry t").fetchone())
    assert [s for s in ("EAAtestaccesstoken", "EAAanothertoken", APP_SECRET, "canela-en-rama") if s in stored] == []


def test_filters_by_person_group_day_and_words(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    with Work(shop.admin) as work:
        people.change_sight(work, member_id(shop, shop.support), "own")
    with Work(shop.support) as work:
        people.leave(work)
    assert actions(shop) == ["member.left", "member.sight_changed", "channel.created", "channel.created"]
    assert actions(shop, person=str(shop.support.user_id)) == ["member.left"]
    assert actions(shop, group="channel") == ["channel.created"] * 2
    assert actions(shop, query="toni own") == ["member.sight_changed"]
    assert actions(shop, query="100%") == []
    today = clock.now().date().isoformat()
    assert len(actions(shop, since=today, until=today)) in (0, 4)
    assert actions(shop, until=(clock.now() - timedelta(days=2)).date().isoformat()) == []
    with pytest.raises(Invalid):
        actions(shop, since="ayer")
    monkeypatch.setattr(audit_log, "PAGE", 3)
    with Work(shop.admin) as work:
        first = audit_log.list_entries(work, AuditFilter())
        second = audit_log.list_entries(work, AuditFilter(), first.next)
    assert ([r.action for r in first.rows], [r.action for r in second.rows], second.next) == (
        ["member.left", "member.sight_changed", "channel.created"],
        ["channel.created"],
        "",
    )


def test_an_export_of_data_is_a_line(shop: Shop):
    assert list(export.rows("messages", shop.company_id)) == []
    assert trail(shop) == [("export.made", "messages", {}, {})]


def test_every_action_that_is_recorded_has_its_sentence():
    package = Path(audit_log.__file__).parents[1]
    said = {
        found
        for path in package.rglob("*.py")
        for found in re.findall(
            r'(?:audit\.record\(\s*work,|_change\(work,|_take_out\(work, member, user,)\s*"([a-z_.]+)"',
            path.read_text(),
        )
    }
    assert len(said) >= 20
    for lang in LANGS:
        assert [action for action in said if f"audit.{action}" not in catalogue(lang)] == []


def test_a_log_shows_one_company(shop: Shop):
    other = open_shop("Floristería Azahar", number_id="104857600445566")
    with Work(other.admin) as work:
        bots.set_manner(work, bots.Manner(address_form="vos"))
    assert "bot.changed" not in actions(shop)


def test_export_as_csv_and_as_json_lines(shop: Shop, browser: TestClient):
    with Work(shop.admin) as work:
        company.edit(work, name="=cmd|' /C calc'!A0", locale="es-ES", time_zone="Europe/Madrid", currency="EUR")
    browser.cookies.set("sid", sign_in(email_of(shop, shop.admin)))
    answer = browser.get("/settings/audit.csv", params={"group": "company"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(r["action"], r["actor_name"], json.loads(r["after"])["name"]) for r in rows] == [
        ("company.changed", "Nuria Sanchis", "=cmd|' /C calc'!A0")
    ]
    lines = [json.loads(line) for line in browser.get("/settings/audit.jsonl").text.splitlines()]
    lines = [line for line in lines if line["action"] != "session.opened"]
    assert [line["action"] for line in lines] == [
        "audit.exported",
        "audit.exported",
        "company.changed",
        "channel.created",
        "channel.created",
    ]
    assert lines[1]["after"] == {"group": "company"}


@pytest.mark.parametrize("path", ["/settings/audit.csv", "/settings/audit.jsonl"])
@pytest.mark.parametrize("who", ["support", "marketing", None])
def test_the_export_is_for_who_may_read_the_log(shop: Shop, browser: TestClient, path: str, who: str | None):
    before = actions(shop)
    if who:
        browser.cookies.set("sid", sign_in(email_of(shop, getattr(shop, who))))
    answer = browser.get(path)
    assert answer.status_code == (403 if who else 401)
    assert "channel.created" not in answer.text
    assert actions(shop) == before


def test_a_page_elsewhere_cannot_start_an_export(shop: Shop, browser: TestClient):
    browser.cookies.set("sid", sign_in(email_of(shop, shop.admin)))
    answer: Any = browser.get("/settings/audit.csv", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["support", "marketing"])
def test_only_who_may_reads_it(shop: Shop, role: str):
    with pytest.raises(Forbidden), Work(getattr(shop, role)) as work:
        audit_log.list_entries(work, AuditFilter())
    with pytest.raises(Forbidden):
        list(audit_log.export(getattr(shop, role), AuditFilter()))
