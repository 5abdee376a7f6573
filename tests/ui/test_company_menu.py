"""One login, two companies: the menu behind the company's mark, by mouse and by keyboard."""

import json
import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests import secret_watch
from tests.instance import Running
from tests.ui.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
PASSWORD = secret_watch.keep("cuatro-palabras-muy-sueltas")
JOIN = """
import sys
from uuid import UUID
from saas_admin.core import doors
from saas_admin.core.actor import Actor
from saas_admin.core.permissions import Role
from saas_admin.core.work import Work
from saas_admin.models import Membership
with Work(Actor.system(UUID(sys.argv[2]))) as work:
    work.add(Membership(user_id=doors.find_login(work.session, sys.argv[1]).user_id, role=Role.MARKETING))
"""
FIRST, SECOND = "Librería Candil", "Papelería Etxeberria-Goikoetxea de la Ribera Alta"


@pytest.fixture
def two_companies(instance: Running, visitor: Visit) -> Visit:
    """Admin of the first, Marketing in the second."""

    def create(company: str) -> tuple[str, str]:
        email = f"julia-{uuid4().hex[:8]}@candil.es"
        names = ("--name", company, "--email", email, "--password", PASSWORD, "--json")
        return email, json.loads(instance.cli("company", "create", *names).stdout)["company_id"]

    email, _ = create(FIRST)
    _, second = create(SECOND)
    instance.run(JOIN, email, second)
    answer = visitor.context.request.post(
        "/auth/sign-in",
        data={"email": email, "password": PASSWORD, "keep": False, "lang": "es"},
        headers={"origin": instance.url},
    )
    assert answer.ok, answer.text()
    return visitor


def is_at(page: Page, company: str, modules: list[str]) -> None:
    expect(page.get_by_role("button", name=f"Empresa: {company}. Cambiar de empresa")).to_be_visible()
    expect(page.locator(".rail a.n")).to_have_text(modules)


def test_the_menu_changes_the_company_of_every_open_page(two_companies: Visit) -> None:
    page, other = two_companies.page, two_companies.context.new_page()
    for each in (page, other):
        each.goto("/settings")
        is_at(each, FIRST, ["Bandeja", "Bots", "Canales", "Ajustes"])

    page.get_by_role("button", name=re.compile("Cambiar de empresa")).click()
    menu = page.get_by_role("menu", name="Tus empresas")
    expect(menu.get_by_role("menuitem")).to_have_text(
        [re.compile(f"{FIRST}.*aquí"), re.compile(f"{SECOND}.*Marketing")]
    )
    expect(menu.locator("[aria-current]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)

    page.keyboard.press("Enter")  # the focus is back on the mark
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    # Marketing reads no conversations: the first page of the new role is another one.
    for each in (page, other):
        is_at(each, SECOND, ["Bots", "Canales", "Ajustes"])
    page.goto("/settings")
    expect(page.locator("input[name=name]")).to_have_value(SECOND)

    page.get_by_role("button", name=re.compile("Cambiar de empresa")).click()
    page.get_by_role("menuitem", name=re.compile(FIRST)).click()
    is_at(page, FIRST, ["Bandeja", "Bots", "Canales", "Ajustes"])
