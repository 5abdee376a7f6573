"""The routes of a company: looking at another one of one's own, and its logo."""

import io
from collections.abc import Iterator
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import select
from sqlmodel import col
from starlette.applications import Starlette
from starlette.testclient import TestClient

from saas_admin.accounts import company, queries
from saas_admin.core import pictures
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Role
from saas_admin.core.work import Work
from saas_admin.models import AuditEntry, Company, Membership
from saas_admin.web.api import ROUTES
from tests.accounts.people import email_of
from tests.shop import PASSWORD, Shop, open_shop

ORIGIN = {"origin": "http://localhost:8080"}


@pytest.fixture
def shop(db: object, valkey: object) -> Shop:
    del db, valkey
    return open_shop(email="nuria@alborada.example")


@pytest.fixture
def browser(shop: Shop) -> Iterator[TestClient]:
    del shop
    with TestClient(Starlette(routes=list(ROUTES)), base_url="http://localhost:8080", headers=ORIGIN) as client:
        yield client


def sign_in(browser: TestClient, email: str) -> None:
    form = {"email": email, "password": PASSWORD, "keep": False, "lang": "es"}
    assert browser.post("/auth/sign-in", json=form).status_code == 200


def looks_at(browser: TestClient) -> object:
    view = queries.find_session(browser.cookies["sid"])
    return view and view.company_id


def image(kind: str = "PNG", size: tuple[int, int] = (640, 480), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#c9512c").save(out, kind, **more)
    return out.getvalue()


def upload(browser: TestClient, content: bytes, **headers: str) -> tuple[int, str]:
    answer = browser.post("/settings/logo", files={"file": ("logo.png", content)}, headers=headers)
    said = answer.json()
    return answer.status_code, said.get("logo_id") or said["error"]["code"]


def logo(shop: Shop) -> object:
    with Work(shop.admin) as work:
        return work.get(Company, shop.company_id).logo_id


def test_who_belongs_to_two_companies_looks_at_either(shop: Shop, browser: TestClient):
    other, stranger = (
        open_shop(name, number_id=number)
        for name, number in (("Azahar", "104857600445566"), ("Tercera", "104857600445577"))
    )
    with Work(other.system) as work:
        work.add(Membership(company_id=other.company_id, user_id=shop.admin.user_id, role=Role.SUPPORT))
    sign_in(browser, "nuria@alborada.example")
    assert looks_at(browser) == shop.company_id

    def switch(company_id: object, **headers: str) -> int:
        return browser.post("/auth/company", json={"company_id": str(company_id)}, headers=headers).status_code

    assert switch(other.company_id) == 200
    view = queries.find_session(browser.cookies["sid"])
    assert view is not None
    assert (view.company_id, view.role, view.company_name) == (other.company_id, Role.SUPPORT, "Azahar")
    refused = [
        switch(stranger.company_id),
        switch(uuid4()),
        switch("nonsense"),
        switch(shop.company_id, origin="https://evil.example"),
    ]
    assert refused == [404, 404, 404, 403]
    assert looks_at(browser) == other.company_id
    browser.cookies.clear()
    assert switch(shop.company_id) == 401


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_and_shown(shop: Shop, browser: TestClient, kind: str):
    sign_in(browser, "nuria@alborada.example")
    secret = b"somewhere in Valencia"
    exif = Image.Exif()
    exif[270] = secret.decode()
    content = image(kind, exif=exif)
    assert secret in content
    status, logo_id = upload(browser, content)
    assert status == 200
    served = browser.get(f"/pictures/{logo_id}.png")
    assert (served.status_code, served.headers["content-type"]) == (200, "image/png")
    assert secret not in served.content
    drawn = Image.open(io.BytesIO(served.content))
    assert (drawn.format, drawn.size[0] == drawn.size[1]) == ("PNG", True)
    with Work(shop.admin) as work:
        (entry,) = work.all(select(AuditEntry).where(col(AuditEntry.action) == "company.logo_changed"))
    assert (entry.before, entry.after) == ({"logo": False}, {"logo": True, "image": logo_id})


def test_a_removed_logo_is_served_no_more(shop: Shop, browser: TestClient):
    sign_in(browser, "nuria@alborada.example")
    _, logo_id = upload(browser, image())
    assert browser.get(f"/pictures/{logo_id}.png").status_code == 200
    with Work(shop.admin) as work:
        company.remove_logo(work)
    assert browser.get(f"/pictures/{logo_id}.png").status_code == 404
    assert logo(shop) is None
    with Work(shop.admin) as work:
        entries = work.all(select(AuditEntry).where(col(AuditEntry.action) == "company.logo_changed"))
    assert {"logo": False, "image": ""} in [entry.after for entry in entries]
    assert len(entries) == 2


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", (422, "picture_kind")),
        (b"<!doctype html><script>alert(1)</script>", (422, "picture_kind")),
        (b"GIF89a<script>alert(1)</script>", (422, "picture_kind")),
        (b"\x89PNG\r\n\x1a\n" + b"nothing of an image", (422, "picture_kind")),
        (b"x" * (pictures.MAX_BYTES + 200_000), (413, "file_too_large")),
    ],
)
def test_what_is_no_picture_is_refused_and_the_logo_stays(
    shop: Shop, browser: TestClient, content: bytes, refusal: tuple[int, str]
):
    sign_in(browser, "nuria@alborada.example")
    _, kept = upload(browser, image())
    assert upload(browser, content) == refusal
    assert logo(shop) == parse_id(kept)


def test_only_who_manages_the_company_changes_its_logo(shop: Shop, browser: TestClient):
    assert upload(browser, image()) == (401, "signed_out")
    for actor in (shop.support, shop.marketing):
        browser.cookies.clear()
        sign_in(browser, email_of(shop, actor))
        assert upload(browser, image()) == (403, "forbidden")
    browser.cookies.clear()
    sign_in(browser, "nuria@alborada.example")
    assert upload(browser, image(), origin="https://evil.example") == (403, "foreign_origin")
    assert logo(shop) is None
