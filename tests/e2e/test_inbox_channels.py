"""The inbox where free text may not go: a template in one click, the late window, and what messages become."""

import re
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from saas_admin.core.config import read_runtime
from tests import shop
from tests.instance import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

NUMBER_ID = f"1048{int(time.time())}"
EMAIL = f"nuria-{uuid4().hex[:8]}@alborada.example"
SOON = 10_000
BERTA, SIMON, CLARA = "34611000201", "34611000202", "34611000204"

BEGIN = """
import sys
from datetime import timedelta
from uuid import UUID, uuid4
from saas_admin.adapters.channels.base import InboundMessage, MessageKind, Sender
from saas_admin.adapters.channels.content import Choice, Choices, Link, Slot, TemplateCategory, TemplateStatus
from saas_admin.adapters.channels.events import AddressMoved, Echo, Edited, Preference, Purpose, Revoked
from saas_admin.channels import service as channels
from saas_admin.conversations import changes, receive, service
from saas_admin.conversations.answers import Extra
from saas_admin.core import clock
from saas_admin.core.work import Work
from saas_admin.models import Channel
from tests.shop import add_template, open_shop
now = clock.now()
def write(channel_id, who, name, text, ago, **more):
    told = uuid4().hex
    with Work(shop.system) as work:
        sender = Sender(who, name, "+" + who if who.startswith("34") else None)
        inbound = InboundMessage(told, sender, now - timedelta(hours=ago), more.pop("kind", MessageKind.TEXT), text, **more)
        return receive.receive(work, work.get(Channel, channel_id), inbound).conversation_id, told
def change(verb, event):
    with Work(shop.system) as work:
        assert verb(work, work.get(Channel, shop.whatsapp_id), event)
"""
SEED = f"""{BEGIN}
shop = open_shop(number_id=sys.argv[1], email=sys.argv[2])
berta, simon, clara = sys.argv[3:6]
with Work(shop.admin) as work:
    add_template(work, shop.whatsapp_id, body="Hola, {{{{1}}}}: tu pedido está listo hasta las {{{{2}}}}.", slots=(Slot("body", "1", example="Marta"), Slot("body", "2", example="17:30")))
    add_template(work, shop.whatsapp_id, provider_id="2", name="lote_nuevo", category=TemplateCategory.MARKETING, body="Ha llegado el Oaxaca.", slots=())
    add_template(work, shop.whatsapp_id, provider_id="3", name="en_revision", status=TemplateStatus.PENDING)
write(shop.whatsapp_id, berta, "Berta Collado", "¿Sigue en pie el pedido?", 30)
write(shop.whatsapp_id, simon, "Simón Vela", "Basta de anuncios", 30)
change(changes.apply_preference, Preference(simon, now, Purpose.MARKETING, False, "STOP"))
thread, _ = write(shop.whatsapp_id, clara, "Clara Vidal", "Vengo por el anuncio", 3, data={{"referral": {{"headline": "Cata de Etiopía", "source_url": "https://fb.me/anuncio", "source_type": "ad"}}}})
_, told = write(shop.whatsapp_id, clara, "Clara Vidal", "Queria dos kilos", 2.8)
change(changes.apply_edit, Edited(told, now - timedelta(hours=2.7), "Quería tres kilos"))
_, told = write(shop.whatsapp_id, clara, "Clara Vidal", "esto no era para ti", 2.6)
change(changes.apply_revocation, Revoked(told, now - timedelta(hours=2.5)))
write(shop.whatsapp_id, clara, "Clara Vidal", "Mira lo que dicen", 2.4, data={{"forwarded": True}})
echo = InboundMessage(uuid4().hex, Sender(clara, "Clara Vidal"), now - timedelta(hours=2), MessageKind.TEXT, "Te lo aparto")
change(receive.receive_echo, Echo(echo))
with Work(shop.admin) as work:
    choices = Choices((Choice("a", "En grano"), Choice("b", "Molido")))
    service.reply(work, thread, "¿Cómo lo prefieres?", draft_id=uuid4().hex, extra=Extra(choices=choices))
with Work(shop.admin) as work:
    service.reply(work, thread, "Todos los cafés:", draft_id=uuid4().hex, extra=Extra(link=Link("Ver el catálogo", "https://alborada.example/cafes")))
change(changes.apply_preference, Preference(clara, now, Purpose.MARKETING, True, "sí"))
values = {{"page_id": sys.argv[1], "page_token": "EAA" + "x" * 40, "app_secret": "a1" * 16}}
with Work(shop.admin) as work:
    page = UUID(channels.create(work, channels.check("messenger", "Facebook", values, ask_provider=False)).id)
write(page, "7700000001", "Rocío Prats", "¿Tenéis descafeinado?", 50)
write(page, "7700000002", "Álvaro Cid", "¿Abrís el domingo?", 200)
"""


@pytest.fixture(scope="module")
def seeded(instance: Running) -> Running:
    """A shop of its own, whose number the pretended WhatsApp knows."""
    sandbox = read_runtime(instance.data_dir)["meta_graph_url"]
    with httpx.Client(base_url=sandbox, trust_env=False) as client:
        number = {
            "phone_number_id": NUMBER_ID,
            "waba_id": NUMBER_ID,
            "access_token": "EAAtestaccesstoken",
            "app_secret": shop.APP_SECRET,
            "verify_token": "canela-en-rama",
            "display_phone": "+34 960 11 22 33",
            "name": "Alborada",
            "about": "",
            "webhook_url": "",
        }
        client.post("/_control/numbers", json=number).raise_for_status()
        names = {BERTA: "Berta Collado", SIMON: "Simón Vela", CLARA: "Clara Vidal"}
        people = [{"wa_id": wa_id, "name": name} for wa_id, name in names.items()]
        client.post("/_control/people", json=people).raise_for_status()
    instance.run(SEED, NUMBER_ID, EMAIL, BERTA, SIMON, CLARA)
    return instance


@pytest.fixture
def page(browser: Browser, seeded: Running) -> Iterator[Page]:
    context = browser.new_context(base_url=seeded.url, viewport={"width": 1440, "height": 900}, locale="es-ES")
    context.set_default_timeout(30_000)
    said = {"email": EMAIL, "password": shop.PASSWORD, "keep": True, "lang": "es"}
    assert context.request.post("/auth/sign-in", data=said, headers={"origin": seeded.url}).ok
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/inbox")
    expect(page.get_by_role("option").first).to_be_visible()
    yield page
    context.close()
    assert errors == []


def open_thread(page: Page, name: str, bucket: str = "Pendientes") -> None:
    tab = page.get_by_role("tab", name=re.compile(bucket))
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")
    row = page.get_by_role("option").filter(has_text=name).first
    expect(row).to_be_visible(timeout=SOON)
    row.click()
    expect(page.get_by_role("region", name=re.compile(name))).to_be_visible()
    expect(page.get_by_role("log")).to_be_visible()


def test_a_shut_window_is_one_click_from_the_best_template_and_its_missing_variable_is_named(page: Page) -> None:
    open_thread(page, "Berta Collado")
    expect(page.get_by_text("La ventana se cerró", exact=False)).to_be_visible()
    expect(page.get_by_role("textbox", name=re.compile("Respuesta para"))).to_have_count(0)
    page.get_by_role("button", name="Enviar plantilla").click()

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("option", selected=True)).to_contain_text("pedido_listo")
    expect(dialog.get_by_text("Otra en revisión o en pausa")).to_be_visible()
    first, second = dialog.get_by_label("Variable 1"), dialog.get_by_label("Variable 2")
    expect(first).to_be_focused()
    assert violations(page) == []

    first.fill("Berta")
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_role("alert")).to_have_text("Falta este dato.")
    expect(second).to_be_focused()
    expect(first).to_have_value("Berta")
    expect(page.locator("[data-message]")).to_have_count(1)

    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Enviar plantilla")).to_be_focused()
    page.get_by_role("button", name="Enviar plantilla").click()
    expect(first).to_have_value("Berta")
    second.fill("17:30")
    expect(dialog.get_by_role("group")).to_contain_text("Hola, Berta: tu pedido está listo hasta las 17:30.")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0, timeout=SOON)
    bubble = page.locator("[data-message]").nth(1)
    expect(bubble).to_contain_text("Plantilla · pedido_listo")
    expect(bubble).to_contain_text("Hola, Berta: tu pedido está listo hasta las 17:30.")
    expect(bubble.get_by_role("img", name=re.compile("Enviado|Entregado|Leído"))).to_be_visible()


def test_a_promotion_asks_how_the_customer_agreed_and_a_no_is_a_no(page: Page) -> None:
    open_thread(page, "Simón Vela")
    page.get_by_role("button", name="Enviar plantilla").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("option", name=re.compile("lote_nuevo")).click()
    expect(dialog.get_by_role("alert")).to_have_text(
        "Simón pidió no recibir promociones: esta plantilla no puede salir."
    )
    expect(dialog.get_by_role("button", name="Enviar plantilla")).to_be_disabled()
    page.keyboard.press("Escape")

    open_thread(page, "Berta Collado", "En proceso")
    page.get_by_role("button", name="Enviar plantilla").click()
    search = dialog.get_by_role("combobox")
    search.fill("oaxaca")
    expect(dialog.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    consent = dialog.get_by_label("¿Cómo te dio permiso?")
    expect(consent).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("este cliente aún no dijo que sí")
    consent.fill("Lo pidió en la tienda")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0, timeout=SOON)
    expect(page.get_by_role("log")).to_contain_text("Ha llegado el Oaxaca.")
    page.get_by_role("button", name="Enviar plantilla").click()
    dialog.get_by_role("option", name=re.compile("lote_nuevo")).click()
    expect(dialog.get_by_text("Berta aceptó recibir promociones.")).to_be_visible()


def test_messenger_stays_open_to_people_for_a_week_and_then_says_so(page: Page) -> None:
    open_thread(page, "Rocío Prats")
    line = page.get_by_text(re.compile(r"^Pasaron 24 h: puedes responder tú hasta el .+; el bot no\.$"))
    expect(line).to_be_visible()
    expect(page.get_by_role("textbox", name=re.compile("Respuesta para"))).to_be_visible()

    open_thread(page, "Álvaro Cid")
    expect(page.get_by_text("Messenger deja responder durante 7 días", exact=False)).to_be_visible()
    expect(page.get_by_role("textbox", name=re.compile("Respuesta para"))).to_have_count(0)
    expect(page.get_by_role("button", name="Enviar plantilla")).to_have_count(0)


def test_what_messages_become_is_seen(page: Page) -> None:
    open_thread(page, "Clara Vidal", "En proceso")
    log = page.get_by_role("log")
    advert = log.get_by_role("link", name=re.compile("Cata de Etiopía"))
    expect(advert).to_have_attribute("href", "https://fb.me/anuncio")
    expect(advert).to_have_attribute("rel", re.compile("noopener"))
    changed = log.locator("[data-message]", has_text="Quería tres kilos")
    expect(changed).to_contain_text("editado")
    expect(log).not_to_contain_text("Queria dos kilos")
    expect(log.locator("[data-message]", has_text="Mensaje eliminado")).to_have_count(1)
    expect(log).not_to_contain_text("esto no era para ti")
    expect(log.locator("[data-message]", has_text="Mira lo que dicen")).to_contain_text("Reenviado")
    expect(log.locator("[data-message]", has_text="Te lo aparto")).to_contain_text("Escrito en la app de WhatsApp")
    expect(log.get_by_role("group", name="Opciones ofrecidas")).to_contain_text("En grano")
    expect(log.get_by_role("link", name="Ver el catálogo")).to_have_attribute("href", "https://alborada.example/cafes")
    expect(log).to_contain_text("Acepta recibir promociones")
    assert violations(page) == []


def test_choices_say_what_they_become_and_leave_with_the_words(page: Page) -> None:
    open_thread(page, "Clara Vidal", "En proceso")
    page.get_by_role("button", name="Respuestas rápidas").click()
    sheet = page.get_by_role("dialog", name="Respuestas rápidas")
    expect(sheet.get_by_text("Van como botones.")).to_be_visible()
    for number in range(1, 5):
        if number > 2:
            sheet.get_by_role("button", name="Añadir opción").click()
        sheet.get_by_label(f"Opción {number}", exact=True).fill(f"A las {number}")
    expect(sheet.get_by_text("Van como una lista que se abre con un botón.")).to_be_visible()
    sheet.get_by_label("Opción 4", exact=True).fill("A las cuatro y media de la tarde")
    expect(sheet.get_by_text("Van como texto numerado", exact=False)).to_be_visible()
    sheet.get_by_label("Opción 4", exact=True).fill("A las 4")
    page.keyboard.press("Enter")
    expect(sheet).to_have_count(0)
    expect(page.get_by_text("Escribe el texto que lo acompaña.")).to_be_visible()

    page.get_by_role("textbox", name=re.compile("Respuesta para")).fill("¿Cuándo pasas?")
    page.keyboard.press("Control+Enter")
    sent = page.locator("[data-message]", has_text="¿Cuándo pasas?")
    offered = sent.get_by_role("group", name="Lista ofrecida")
    expect(offered).to_contain_text("Ver opciones")
    expect(offered).to_contain_text("A las 4")
    expect(sent.get_by_role("img", name=re.compile("Enviado|Entregado|Leído"))).to_be_visible()


def violations(page: Page) -> list[str]:
    page.wait_for_timeout(400)  # nothing half faded in
    found = Axe().run(page).response["violations"]
    return [f"{each['id']} {[node['target'] for node in each['nodes']]}" for each in found]
