"""The loader and the chat page: what they carry, who may frame them, how long they are kept."""

import json
import re
from datetime import UTC, datetime

import pytest
import redis
from starlette.testclient import TestClient

from saas_admin.accounts import company
from saas_admin.core import clock
from saas_admin.core.i18n import LANGS
from saas_admin.core.work import Work
from saas_admin.web import widget_assets, widget_page
from saas_admin.web.widget import REMEMBER
from saas_admin.web.widget_assets import pack
from tests.accounts.test_company import png
from tests.shop import Shop
from tests.widget.conftest import configure, disable

LOADER_MUST, TOTAL_MUST = 5_000, 25_000


@pytest.mark.parametrize(
    ("domains", "ancestors"),
    [
        ("", "*"),
        ("cafe.es", "'self' https://cafe.es:* http://cafe.es:* https://www.cafe.es:* http://www.cafe.es:*"),
        ("www.cafe.es", "'self' https://www.cafe.es:* http://www.cafe.es:*"),
        ("*.cafe.es", "'self' https://*.cafe.es:* http://*.cafe.es:*"),
        ("localhost", "'self' https://localhost:* http://localhost:*"),
        ("127.0.0.1:5500", "'self' https://127.0.0.1:5500 http://127.0.0.1:5500"),
        ("cafe.es; script-src *", "*"),
    ],
)
def test_who_may_frame_the_chat(domains: str, ancestors: str) -> None:
    assert widget_page.frame_ancestors({"domains": domains}) == ancestors


@pytest.mark.parametrize(
    ("domains", "host", "allowed"),
    [
        ("", "anything.example", True),
        ("cafe.es", "cafe.es", True),
        ("cafe.es", "www.cafe.es:8443", True),
        ("cafe.es", "cafe.es.evil.example", False),
        ("cafe.es", "notcafe.es", False),
        ("*.cafe.es", "tienda.cafe.es", True),
        ("*.cafe.es", "cafe.es", False),
        ("localhost:3000", "localhost:4000", False),
        ("localhost", "localhost:4000", True),
    ],
)
def test_which_hosts_are_allowed(domains: str, host: str, allowed: bool) -> None:
    assert widget_page.allows({"domains": domains}, host) is allowed


@pytest.mark.parametrize(
    ("color", "on"),
    [("#5b2a1c", "#fff"), ("#f6c62d", "#1a1714"), ("#ffffff", "#1a1714"), ("#0e5f63", "#fff"), ("red", "#fff")],
)
def test_text_on_the_shops_colour(color: str, on: str) -> None:
    assert widget_page.text_on(color) == on


def boot_of(script: str) -> dict[str, dict[str, dict[str, object]]]:
    found = re.search(r'(\{"words":.*?\}\}\}?);', script)
    assert found
    return json.loads(found[1])


def test_loader_comes_in_the_colours_of_the_page_that_asks(shop: Shop, web: TestClient) -> None:
    asked = {"Referer": "https://www.cafe.es/"}
    assert boot_of(web.get("/widget.js", headers=asked).text)["channels"] == {}

    by_id = web.get(f"/widget.js?c={shop.webchat_public_id}", headers=asked)
    looks = boot_of(by_id.text)["channels"][shop.webchat_public_id]
    assert (looks["title"], looks["color"], looks["on"]) == ("Café Alborada", "#5b2a1c", "#fff")

    web.get(f"/widget/app/{shop.webchat_public_id}", headers=asked)
    assert shop.webchat_public_id in boot_of(web.get("/widget.js", headers=asked).text)["channels"]
    assert boot_of(web.get("/widget.js", headers={"Referer": "https://otra.es/"}).text)["channels"] == {}


def test_loader_knows_the_domains_of_a_channel_before_anybody_chats(shop: Shop, web: TestClient) -> None:
    configure(shop, domains="cafe.es,localhost")
    for referer in ("https://cafe.es/", "https://www.cafe.es/", "http://localhost:5500/"):
        assert shop.webchat_public_id in boot_of(web.get("/widget.js", headers={"Referer": referer}).text)["channels"]
    assert boot_of(web.get("/widget.js", headers={"Referer": "https://otra.es/"}).text)["channels"] == {}


def test_a_stranger_who_names_many_sites_is_remembered_on_few(
    shop: Shop, web: TestClient, valkey: "redis.Redis"
) -> None:
    for i in range(40):
        web.get(f"/widget/app/{shop.webchat_public_id}", headers={"Referer": f"https://sitio-{i}.example/"})
    assert len(valkey.keys("widget-host:*")) == REMEMBER.burst  # type: ignore[arg-type]


def test_loader_forgets_a_page_that_is_no_longer_allowed(shop: Shop, web: TestClient) -> None:
    asked = {"Referer": "https://antes.es/"}
    web.get(f"/widget/app/{shop.webchat_public_id}", headers=asked)
    configure(shop, domains="ahora.es")
    assert boot_of(web.get("/widget.js", headers=asked).text)["channels"] == {}


def test_loader_is_kept_five_minutes_and_asked_again_by_tag(shop: Shop, web: TestClient) -> None:
    first = web.get("/widget.js")
    assert first.headers["cache-control"].startswith("public, max-age=300")
    assert first.headers["content-type"].startswith("text/javascript")
    assert "Referer" in first.headers["vary"]
    again = web.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_hashed_files_are_kept_for_ever(web: TestClient) -> None:
    for name in widget_assets.load().files:
        answer = web.get(f"/widget/assets/{name}")
        assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)
    assert web.get("/widget/assets/app-0000000000.js").status_code == 404


def test_page_is_framed_only_by_allowed_domains_and_runs_only_our_script(shop: Shop, web: TestClient) -> None:
    configure(shop, domains="cafe.es")
    answer = web.get(f"/widget/app/{shop.webchat_public_id}?lang=en")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'self' https://cafe.es:*" in policy
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert "set-cookie" not in answer.headers
    assert '<html lang="en">' in answer.text


def test_words_of_the_shop_cannot_end_the_script(shop: Shop, web: TestClient) -> None:
    configure(shop, greeting="</script><img src=x onerror=alert(1)>", title='"><b>')
    text = web.get(f"/widget/app/{shop.webchat_public_id}").text
    assert text.count("</script>") == 2
    assert "<img" not in text
    assert "<b>" not in text


def head_of(shop: Shop, web: TestClient, lang: str = "es") -> dict[str, object]:
    page = web.get(f"/widget/app/{shop.webchat_public_id}?lang={lang}").text
    found = re.search(r'id="boot">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize(
    ("now", "lang", "hours"),
    [
        ("2026-11-30T09:00", "es", {"isOpen": True, "text": "Abierto ahora"}),
        ("2026-11-30T08:00", "es", {"isOpen": False, "text": "Cerrado, abrimos hoy a las 09:30"}),
        ("2026-11-30T19:30", "en", {"isOpen": False, "text": "Closed, we open tomorrow at 09:30"}),
        ("2026-12-01T19:30", "es", {"isOpen": False, "text": "Cerrado, abrimos el lunes a las 09:30"}),
    ],
)
def test_the_head_says_whether_somebody_is_there(
    shop: Shop, web: TestClient, monkeypatch: pytest.MonkeyPatch, now: str, lang: str, hours: dict[str, object]
) -> None:
    assert "hours" not in head_of(shop, web)
    with Work(shop.admin) as work:
        company.edit_hours(work, {"mon": [["09:30", "20:00"]], "tue": [["09:30", "20:00"]]}, [])
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert head_of(shop, web, lang)["hours"] == hours


def test_the_head_shows_the_companys_logo(shop: Shop, web: TestClient) -> None:
    assert "logo" not in head_of(shop, web)
    with Work(shop.admin) as work:
        logo = company.change_logo(work, png())
    assert head_of(shop, web)["logo"] == f"/pictures/{logo}.png"


@pytest.mark.parametrize("gone", ["unknown", "disabled"])
def test_channel_that_is_gone_has_a_calm_page(shop: Shop, web: TestClient, gone: str) -> None:
    if gone == "disabled":
        disable(shop)
    answer = web.get(f"/widget/app/{shop.webchat_public_id if gone == 'disabled' else 'no-such-channel'}?lang=es")
    assert answer.status_code == 404
    assert "Este chat no está disponible" in answer.text
    assert "Café Alborada" not in answer.text


def test_bytes_stay_in_budget(shop: Shop, web: TestClient) -> None:
    assets = widget_assets.load()
    loader = len(pack(web.get(f"/widget.js?c={shop.webchat_public_id}").content))
    pages = {lang: len(pack(web.get(f"/widget/app/{shop.webchat_public_id}?lang={lang}").content)) for lang in LANGS}
    total = loader + max(pages.values()) + sum(len(asset.packed) for asset in assets.files.values())
    assert loader <= LOADER_MUST
    assert total <= TOTAL_MUST


def test_building_twice_builds_once() -> None:
    widget_assets.load()
    assert widget_assets.build() is False
