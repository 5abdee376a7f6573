"""The pages in a real browser: reading, typing, switching, and what the design promises about access."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.instance import Running, mailed_link
from tests.ui.conftest import Shop, Visit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

OPEN = ["/login", "/register", "/confirm-email", "/invite", "/forgot", "/reset-password", "/sign-in-code", "/nowhere"]
SIGNED_IN = [
    "/inbox",
    "/channels",
    "/bots/faqs",
    "/bots/faqs/new",
    "/bots/faqs/import",
    "/channels/new",
    *(
        f"/channels/new/{kind}"
        for kind in ("whatsapp_cloud", "messenger", "instagram", "telegram", "twilio", "webchat")
    ),
    "/account",
    "/settings",
    *(f"/settings/{each}" for each in ("hours", "bot", "people", "roles", "security", "audit", "delete")),
]


def ready(page: Page) -> None:
    expect(page.locator("h1:not(.sr)").locator("visible=true")).to_be_visible()


def submit(page: Page) -> None:
    page.locator("button[type=submit]").click()


def test_a_stranger_is_asked_to_sign_in_and_comes_back_by_keyboard_alone(visitor: Visit, shop: Shop) -> None:
    page = visitor.page
    page.goto("/channels")
    expect(page.locator("input[name=email]")).to_be_focused()

    expect(page.locator("button[type=submit]")).to_be_enabled()  # a submit button only once React is here
    page.keyboard.type(shop.email)
    page.keyboard.press("Tab")
    page.keyboard.type(shop.password)
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile("/channels"))
    expect(page.locator("h1:not(.sr)")).to_have_text("Canales")


def test_a_wrong_password_says_so_and_keeps_what_was_typed(visitor: Visit, shop: Shop) -> None:
    page = visitor.page
    page.goto("/login")
    page.fill("input[name=email]", shop.email)
    page.fill("input[name=password]", "no-es-esta-clave")
    submit(page)

    expect(page.get_by_role("alert")).to_have_text("El correo o la contraseña no coinciden.")
    expect(page.locator("input[name=email]")).to_have_value(shop.email)
    expect(page.locator("input[name=password]")).to_have_value("no-es-esta-clave")


def test_before_the_scripts_are_here_no_password_goes_into_the_address(browser: Browser, instance: Running) -> None:
    context = browser.new_context(base_url=instance.url, java_script_enabled=False)
    page = context.new_page()
    for path in ("/login", "/register"):
        page.goto(path)
        page.fill("input[name=password]", "tres-palabras-sueltas")
        page.press("input[name=password]", "Enter")
        page.get_by_role("main").get_by_role("button").last.click()
        page.wait_for_timeout(300)
        assert "sueltas" not in page.url
        assert page.locator("form").first.get_attribute("method") == "post"
    context.close()


def test_next_never_leads_elsewhere(visitor: Visit, shop: Shop) -> None:
    page = visitor.page
    page.goto("/login?next=//example.org/")
    page.fill("input[name=email]", shop.email)
    page.fill("input[name=password]", shop.password)
    submit(page)

    page.wait_for_url(re.compile("/(inbox|channels)"))


def test_register_confirm_and_be_in(visitor: Visit, instance: Running) -> None:
    page = visitor.page
    page.goto("/register")
    submit(page)
    expect(page.get_by_text("Escribe el nombre de tu tienda, de 2 a 80 letras.")).to_be_visible()
    expect(page.locator("input[name=company]")).to_be_focused()

    page.fill("input[name=company]", "Cerámica Etxeberria-Goikoetxea")
    page.fill("input[name=name]", "María Fernanda Etxeberria-Goikoetxea")
    page.fill("input[name=email]", "maria@ceramica.es")
    page.fill("input[name=password]", "barro-torno-horno")
    submit(page)
    page.wait_for_url(re.compile("/confirm-email"))
    expect(page.get_by_text("Enviamos un enlace a maria@ceramica.es", exact=False)).to_be_visible()
    expect(page.locator("button[type=submit]")).to_be_disabled()

    link = mailed_link(lambda: page.context.request.get("/outbox").text(), "confirm-email", "maria@ceramica.es")
    page.goto("/outbox")
    page.frame_locator("iframe").first.get_by_role("link", name="Confirmar mi correo").click()

    page.wait_for_url(re.compile("/inbox"))
    assert "token" not in page.url
    page.goto(link)
    page.wait_for_url(re.compile(r"/(confirm-email|inbox)"))


def test_the_language_changes_at_once_and_stays(agent: Visit) -> None:
    page = agent.page
    page.goto("/account")
    ready(page)
    page.evaluate("window.sameDocument = true")

    page.get_by_role("radio", name="English").click()
    expect(page.locator("h1:not(.sr)")).to_have_text("Your account")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.evaluate("window.sameDocument")
    page.wait_for_timeout(600)
    page.reload()
    expect(page.locator("h1:not(.sr)")).to_have_text("Your account")

    page.get_by_role("radio", name="Español").click()
    expect(page.locator("h1:not(.sr)")).to_have_text("Tu cuenta")
    page.wait_for_timeout(600)


def test_the_theme_changes_at_once_and_stays(agent: Visit) -> None:
    page = agent.page
    page.goto("/account")
    ready(page)

    page.get_by_role("radio", name="Oscuro").click()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    page.wait_for_timeout(600)
    page.reload()
    expect(page.locator("html")).to_have_class(re.compile("dark"))

    page.get_by_role("radio", name="Como el equipo").click()
    expect(page.locator("html")).to_have_class(re.compile("light"))
    page.wait_for_timeout(600)


def test_a_web_chat_from_the_form_to_the_list_and_away(agent: Visit) -> None:
    page = agent.page
    page.goto("/channels/new/webchat")
    ready(page)
    page.fill("input[name=name]", "Chat de la tienda")
    page.fill("input[name=title]", "")
    page.fill("textarea[name=domains]", "https://libreriadelmar.es/libros, no es un dominio!")
    submit(page)
    expect(page.get_by_text("Escribe el nombre que verán tus visitantes.")).to_be_visible()
    expect(page.locator("input[name=title]")).to_be_focused()
    expect(page.locator("textarea[name=domains]")).to_have_value("https://libreriadelmar.es/libros, no es un dominio!")

    page.fill("input[name=title]", "Librería del Mar")
    page.fill("textarea[name=domains]", "https://libreriadelmar.es/libros")
    page.get_by_role("button", name="Color #f4b860").click()
    expect(page.get_by_text("irá en oscuro", exact=False)).to_be_visible()
    submit(page)

    page.wait_for_url(re.compile("/channels/[0-9a-f-]{36}"))
    expect(page.get_by_text("data-channel=", exact=False)).to_be_visible()
    page.goto("/channels")
    menu = page.get_by_role("button", name="Acciones de Chat de la tienda")
    menu.click()
    page.get_by_role("menuitem", name="Pausar").click()
    expect(page.locator(".toast")).to_contain_text("Chat de la tienda en pausa")
    expect(page.locator(".crow", has_text="Chat de la tienda").get_by_text("En pausa").first).to_be_attached()
    page.get_by_role("button", name="Deshacer").click()
    expect(page.locator(".crow", has_text="Chat de la tienda").get_by_text("Listo, a la espera").first).to_be_attached()

    menu.click()
    page.get_by_role("menuitem", name="Borrar canal").click()
    expect(page.get_by_role("button", name="Cancelar")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    menu.click()
    page.get_by_role("menuitem", name="Borrar canal").click()
    page.get_by_role("dialog").get_by_role("button", name="Borrar canal").click()
    expect(page.get_by_role("button", name="Acciones de Chat de la tienda")).to_be_hidden()


def test_a_number_is_proven_before_it_is_saved(agent: Visit) -> None:
    page = agent.page
    page.goto("/channels/new/whatsapp_cloud")
    ready(page)
    submit(page)
    expect(page.get_by_text("Pega el identificador del número.", exact=False)).to_be_visible()

    page.fill("input[name=phone_number_id]", "106540352242922")
    page.fill("input[name=waba_id]", "102290129340398")
    page.fill("input[name=access_token]", "EAA-no-es-buena")
    page.fill("input[name=app_secret]", "0" * 32)
    submit(page)

    expect(page.get_by_text("Meta no acepta este token.", exact=False)).to_be_visible()
    expect(page.locator("input[name=access_token]")).to_be_focused()
    page.goto("/channels")
    ready(page)
    assert "106540352242922" not in page.content()


def test_a_foreign_or_mistyped_channel_is_a_missing_channel(agent: Visit) -> None:
    for address in ("/channels/nope", "/channels/01a20578-b8e4-7260-abdf-6b328e689baa"):
        agent.page.goto(address)
        expect(agent.page.locator("h1:not(.sr)")).to_have_text("Este canal ya no está")


def test_keys_go_places_but_never_while_typing(agent: Visit) -> None:
    page = agent.page
    page.goto("/channels/new/webchat")
    ready(page)
    page.locator("input[name=title]").fill("")
    page.locator("input[name=title]").press_sequentially("g n ? b")
    expect(page.locator("input[name=title]")).to_have_value("g n ? b")
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.locator("h1:not(.sr)").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Atajos de teclado")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.wait_for_url(re.compile("/channels/?$"))
    expect(page.locator("h1:not(.sr)")).to_be_focused()


def test_a_lost_connection_says_so_and_loses_nothing(agent: Visit, instance: Running) -> None:
    page = agent.page
    page.goto("/channels/new/webchat")
    ready(page)
    page.fill("input[name=title]", "Lo que escribí")

    instance.kill("web")

    expect(page.get_by_text("Sin conexión con el servidor", exact=False)).to_be_visible()
    instance.wait_healthy(90)
    expect(page.get_by_text("Sin conexión con el servidor", exact=False)).to_be_hidden(timeout=60_000)
    expect(page.locator("input[name=title]")).to_have_value("Lo que escribí")
    page.get_by_role("radio", name="A la izquierda").click()
    page.get_by_role("link", name="Canales").first.click()
    expect(page.locator("h1:not(.sr)")).to_have_text("Canales")


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_pages_are_accessible_and_fit(
    browser: Browser, instance: Running, signed_in: Path, theme: str, width: int
) -> None:
    found: list[str] = []
    for paths, state in ((OPEN, None), (SIGNED_IN, signed_in)):
        context = browser.new_context(
            base_url=instance.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            storage_state=state,
        )
        page = context.new_page()
        for path in paths:
            page.goto(path)
            ready(page)
            page.wait_for_timeout(300)
            found += [
                f"{path}: {each['id']} {each['nodes'][0]['target']}" for each in Axe().run(page).response["violations"]
            ]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{path}: scrolls sideways")
        context.close()

    assert found == []
