"""Register, confirm, two steps, invite, do what the role says, be changed and be out: a company in three real browsers."""

import re
import time
from collections.abc import Iterator
from uuid import uuid4

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.instance import Running, mailed_link

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
PASSWORD = "tres-palabras-sueltas"
SOON = 5_000
"""Milliseconds: the promise."""

CUSTOMERS = {"Berta Nadie": "", "Ciro Suyo": "Carla Muñoz", "Dora Jefa": "Inés Mar"}
"""Who wrote, and who answers them."""
WRITE = """
import sys
from uuid import uuid4
from sqlalchemy import select
from sqlmodel import col
from saas_admin.adapters.channels.base import InboundMessage, MessageKind, Sender
from saas_admin.channels import service as channels
from saas_admin.conversations import receive, service
from saas_admin.core import clock, doors
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.permissions import Role
from saas_admin.core.work import Work
from saas_admin.models import Channel, UserAccount
with Work(Actor.system()) as work:
    login = doors.find_login(work.session, sys.argv[1])
    company = doors.list_memberships(work.session, login.user_id)[0].company_id
boss = Actor(ActorKind.AGENT, company, login.user_id, Role.ADMIN, "Inés Mar")
checked = channels.check("webchat", "Chat de la web", {"title": "Librería del Mar", "color": "#5b2a1c"})
with Work(boss) as work:
    channel_id = channels.create(work, checked).id
    people = {user.name: user.id for user in work.all(select(UserAccount))}
for line in sys.argv[2:]:
    customer, owner = line.split("=")
    with Work(Actor.system(company)) as work:
        sender = Sender(uuid4().hex, customer)
        channel = work.first(select(Channel).where(col(Channel.id) == channel_id))
        inbound = InboundMessage(uuid4().hex, sender, clock.now(), MessageKind.TEXT, f"Hola, soy {customer}")
        thread = receive.receive(work, channel, inbound).conversation_id
    if owner:
        with Work(boss) as work:
            service.assign(work, thread, people[owner])
"""


@pytest.fixture
def seats(browser: Browser, instance: Running) -> Iterator[list[BrowserContext]]:
    """Three people at three machines."""
    expect.set_options(timeout=30_000)
    contexts = [
        browser.new_context(base_url=instance.url, viewport={"width": 1440, "height": 900}, locale="es-ES")
        for _ in range(3)
    ]
    for context in contexts:
        context.set_default_timeout(40_000)
    yield contexts
    for context in contexts:
        context.close()


def modules(page: Page) -> list[str]:
    expect(page.locator("h1:not(.sr)")).to_be_visible()
    return [text.split("\n")[0] for text in page.locator(".rail a.n").all_inner_texts()]


def settings_shown(page: Page) -> list[str]:
    page.goto("/settings")
    expect(page.locator(".setnav a").first).to_be_visible()
    return page.locator(".setnav a").all_inner_texts()


def link_for(page: Page, email: str) -> str:
    return mailed_link(lambda: page.context.request.get("/outbox").text(), "invite", email)


def join(page: Page, link: str, name: str) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", name=re.compile("Te esperan en"))).to_be_visible()
    page.wait_for_url(lambda url: "token" not in url)
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url(re.compile("/(inbox|channels)"))


def register(page: Page, email: str, company: str) -> None:
    page.goto("/register")
    for name, value in (("company", company), ("name", "Inés Mar"), ("email", email), ("password", PASSWORD)):
        page.fill(f"input[name={name}]", value)
    page.locator("button[type=submit]").last.click()
    page.wait_for_url(re.compile("/confirm-email"))
    # Unconfirmed, they see this page and nothing else.
    page.goto("/inbox")
    page.wait_for_url(re.compile("/(login|confirm-email)"), wait_until="commit")
    expect(page.locator(".rail")).to_have_count(0)
    page.goto(mailed_link(lambda: page.context.request.get("/outbox").text(), "confirm-email", email))
    expect(page.locator("h1").first).to_be_visible()
    page.wait_for_url(re.compile("/inbox"), wait_until="commit")


def turn_on_two_steps(page: Page) -> pyotp.TOTP:
    page.goto("/account")
    page.get_by_role("button", name="Activar").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name="Código QR con tu secreto")).to_be_visible()
    totp = pyotp.TOTP(re.sub(r"\s", "", dialog.locator("code").inner_text()))
    dialog.locator("input[name=code]").fill(totp.now())
    expect(dialog.get_by_role("listitem")).to_have_count(10)
    with page.expect_download():
        dialog.get_by_role("button", name="Descargar").click()
    dialog.get_by_role("button", name="Ya los guardé").click()
    expect(page.get_by_text("quedan 10 códigos")).to_be_visible()
    return totp


def sign_in_with_code(page: Page, email: str, totp: pyotp.TOTP) -> None:
    """With the code after the one that is spent already."""
    page.goto("/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url(re.compile("/sign-in-code"))
    page.fill("input[name=code]", totp.at(int(time.time()) + 30))
    page.wait_for_url(re.compile("/inbox"))


def invite(page: Page, email: str, role: str, sight: str | None = None) -> None:
    page.get_by_role("button", name="Invitar").click()
    page.get_by_label("Correos").fill(email)
    page.get_by_role("radio", name=re.compile(f"^{role}")).check()
    if sight:
        page.get_by_role("radio", name=re.compile(f"^{sight}")).check()
    page.get_by_role("button", name="Enviar invitaciones").click()
    expect(page.locator(".prow").filter(has_text=email)).to_be_visible()


def sees(page: Page, *customers: str) -> None:
    """Exactly these conversations, in the list and in its counts."""
    page.goto("/inbox")
    rows = page.get_by_role("option")
    expect(rows).to_have_count(len(customers))
    for customer in customers:
        expect(rows.filter(has_text=customer)).to_be_visible()
    expect(page.locator("[data-bucket=pending]")).to_contain_text(str(len(customers)))


def address_of(page: Page, customer: str) -> str:
    """The address of the thread, as somebody could type it by hand."""
    page.get_by_role("option").filter(has_text=customer).click()
    expect(page.get_by_role("log")).to_contain_text(f"Hola, soy {customer}")
    return page.url


def refused(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("Esta página no es para tu rol")).to_be_visible()


def row(page: Page, name: str) -> Locator:
    return page.locator("table.people tbody tr").filter(has_text=name)


def test_register_two_steps_invite_each_sees_the_role_and_out(seats: list[BrowserContext], instance: Running) -> None:
    key = uuid4().hex[:8]
    boss, agent, marketer = f"ines-{key}@mar.example", f"carla-{key}@mar.example", f"marc-{key}@mar.example"
    admin, carla, marc = (context.new_page() for context in seats)

    register(admin, boss, f"Librería del Mar {key}")
    totp = turn_on_two_steps(admin)
    admin.get_by_role("button", name="Salir").click()
    admin.wait_for_url(re.compile("/login"))
    sign_in_with_code(admin, boss, totp)
    assert modules(admin) == ["Bandeja", "Bots", "Canales", "Ajustes"]

    admin.goto("/settings/people")
    invite(admin, agent, "Atención", "Las suyas y las de nadie")
    invite(admin, marketer, "Marketing")
    join(carla, link_for(admin, agent), "Carla Muñoz")
    join(marc, link_for(admin, marketer), "Marc Vidal")
    instance.run(WRITE, boss, *(f"{customer}={owner}" for customer, owner in CUSTOMERS.items()))

    each_sees_the_role(admin, carla, marc)
    becomes_another_role(admin, marc)
    is_out_in_time(admin, carla)

    admin.goto("/settings/audit")
    expect(admin.get_by_text("desactivó a Carla Muñoz")).to_be_visible()
    expect(admin.get_by_text("cambió el rol de Marc Vidal")).to_be_visible()


def each_sees_the_role(admin: Page, carla: Page, marc: Page) -> None:
    assert modules(carla) == ["Bandeja", "Bots", "Canales", "Ajustes"]
    assert modules(marc) == ["Bots", "Canales", "Ajustes"]
    readers = ["Empresa", "Horario", "Bot", "Personas", "Roles y permisos"]
    assert settings_shown(carla) == settings_shown(marc) == readers
    assert settings_shown(admin) == [*readers, "Seguridad", "Registro de actividad", "Borrar la empresa"]

    sees(admin, *CUSTOMERS)
    of_the_boss = address_of(admin, "Dora Jefa")
    sees(carla, "Berta Nadie", "Ciro Suyo")
    carla.goto(of_the_boss)
    expect(carla.get_by_text("Esta conversación no existe o ya no la puedes ver.")).to_be_visible()
    expect(carla.get_by_text("Hola, soy Dora Jefa")).to_have_count(0)

    for page in ("/inbox", of_the_boss, "/settings/security", "/settings/audit", "/settings/delete"):
        refused(marc, page)
    for page in ("/settings/security", "/settings/audit", "/settings/delete"):
        refused(carla, page)
    for person in (carla, marc):
        assert person.context.request.get("/settings/audit.csv").status == 403
        person.goto("/settings/people")
        expect(row(person, "Inés Mar")).to_be_visible()
        expect(person.get_by_role("button", name="Invitar")).to_have_count(0)


def becomes_another_role(admin: Page, marc: Page) -> None:
    """The open page hears of it and becomes what the new role sees, by itself."""
    admin.goto("/settings/people")
    admin.get_by_role("button", name="Acciones para Marc Vidal").click()
    admin.get_by_role("menuitem", name="Cambiar rol").click()
    admin.get_by_role("radio", name=re.compile("^Atención")).check()
    admin.get_by_role("radio", name=re.compile("^Solo las suyas")).check()
    admin.get_by_role("button", name="Guardar cambios").click()
    expect(row(admin, "Marc Vidal")).to_contain_text("Atención")
    expect(marc.locator(".rail a.n")).to_have_count(4)
    assert modules(marc) == ["Bandeja", "Bots", "Canales", "Ajustes"]
    marc.goto("/inbox")
    expect(marc.locator("[data-bucket=pending]")).to_be_visible()
    expect(marc.get_by_role("option")).to_have_count(0)


def is_out_in_time(admin: Page, carla: Page) -> None:
    sees(carla, "Berta Nadie", "Ciro Suyo")
    thread = address_of(carla, "Ciro Suyo")
    admin.get_by_role("button", name="Acciones para Carla Muñoz").click()
    admin.get_by_role("menuitem", name="Desactivar").click()
    began = time.monotonic()
    admin.get_by_role("dialog").get_by_role("button", name="Desactivar").click()
    carla.wait_for_url(re.compile("/login"), timeout=SOON)
    expect(carla.get_by_text("Hola, soy Ciro Suyo")).to_have_count(0)
    assert time.monotonic() - began < SOON / 1000
    expect(row(admin, "Carla Muñoz")).to_contain_text("Desactivada")
    carla.goto(thread)
    carla.wait_for_url(re.compile("/login"))
    assert carla.context.request.get("/settings/audit.csv").status == 401
