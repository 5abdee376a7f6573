"""One's own login in a real browser: from the first password to a recovery code."""

import re
import time
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.instance import mailed_link
from tests.ui.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

EMAIL = "julia@candil.es"
PASSWORD = "candiles-en-la-ventana"


def submit(page: Page) -> None:
    page.locator("button[type=submit]").last.click()


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.get_by_role("button", name="Salir").click()
    page.wait_for_url(re.compile("/login"))


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.fill("input[name=email]", EMAIL)
    page.fill("input[name=password]", password)
    submit(page)


def follow_mail(page: Page, path: str) -> None:
    page.goto(mailed_link(lambda: page.context.request.get("/outbox").text(), path))
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_url(lambda url: "token" not in url)  # as soon as the scripts are here it leaves the address


def register(page: Page) -> None:
    page.goto("/register")
    page.fill("input[name=company]", "Librería Candil")
    page.fill("input[name=name]", "Julia Prats")
    page.fill("input[name=email]", EMAIL)
    page.locator("input[name=password]").press_sequentially("Julia-Candil")
    expect(page.get_by_text("Lleva tu nombre, tu correo o tu tienda", exact=False)).to_be_visible()
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("lo primero que probaría alguien")
    expect(page.locator("input[name=password]")).to_have_value("Julia-Candil")
    page.fill("input[name=password]", PASSWORD)
    expect(page.get_by_text("Muy difícil de adivinar.")).to_be_visible()
    submit(page)
    page.wait_for_url(re.compile("/confirm-email"))
    page.goto("/account")
    page.wait_for_url(re.compile("/login"))
    follow_mail(page, "confirm-email")
    page.wait_for_url(re.compile("/inbox"))


def turn_on(page: Page) -> tuple[pyotp.TOTP, str, list[str]]:
    """The app, the code that proved it, the recovery codes."""
    page.goto("/account")
    page.get_by_role("button", name="Activar").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name="Código QR con tu secreto")).to_be_visible()
    totp = pyotp.TOTP(re.sub(r"\s", "", dialog.locator("code").inner_text()))
    dialog.locator("input[name=code]").fill("000000")
    expect(dialog.get_by_role("alert")).to_contain_text("Este código no es válido")
    proven = totp.now()
    dialog.locator("input[name=code]").fill(proven)
    expect(dialog.get_by_role("listitem")).to_have_count(10)
    codes = dialog.get_by_role("listitem").all_inner_texts()
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Descargar").click()
    assert codes[9] in download.value.path().read_text()
    dialog.get_by_role("button", name="Ya los guardé").click()
    expect(page.get_by_text("quedan 10 códigos")).to_be_visible()
    return totp, proven, codes


def test_register_confirm_two_steps_sign_in_by_code_and_by_recovery_code(visitor: Visit) -> None:
    page = visitor.page
    register(page)
    totp, proven, codes = turn_on(page)

    sign_out(page)
    sign_in(page)
    page.wait_for_url(re.compile("/sign-in-code"))
    page.goto("/inbox")
    page.wait_for_url(re.compile("/login"))
    sign_in(page)
    page.wait_for_url(re.compile("/sign-in-code"))
    page.fill("input[name=code]", proven)
    expect(page.get_by_role("alert")).to_be_visible()
    page.fill("input[name=code]", totp.at(int(time.time()) + 30))  # of the next half minute: not used yet
    page.wait_for_url(re.compile("/inbox"))

    sign_out(page)
    sign_in(page)
    page.wait_for_url(re.compile("/sign-in-code"))
    page.get_by_role("button", name="Usar un código de recuperación").click()
    page.fill("input[name=code]", codes[0])
    submit(page)
    page.wait_for_url(re.compile("/inbox"))
    page.goto("/account")
    expect(page.get_by_text("quedan 9 códigos")).to_be_visible()


def test_a_forgotten_password_by_mail(visitor: Visit) -> None:
    """Of the account of the test above: its second step is asked all the same."""
    page = visitor.page
    page.goto("/login")
    page.get_by_role("link", name="¿La olvidaste?").click()
    page.fill("input[name=email]", EMAIL)
    submit(page)
    expect(page.get_by_role("status")).to_contain_text(f"Si {EMAIL} tiene una cuenta")
    follow_mail(page, "reset-password")
    page.fill("input[name=password]", "otras-palabras-al-azar")
    submit(page)
    expect(page.locator("h1")).to_have_text("Contraseña cambiada")
    page.get_by_role("main").get_by_role("link", name="Entrar").click()
    sign_in(page, "otras-palabras-al-azar")
    page.wait_for_url(re.compile("/sign-in-code"))


def test_a_photo_is_cut_square_and_shown_in_the_frame(agent: Visit, tmp_path: Path) -> None:
    from PIL import Image

    page = agent.page
    Image.new("RGB", (900, 600), "#c9512c").save(tmp_path / "yo.jpg")
    (tmp_path / "no.jpg").write_text("no es una foto")
    page.goto("/account")
    expect(page.get_by_role("button", name="Subir foto")).to_be_visible()
    page.set_input_files("input[type=file]", tmp_path / "no.jpg")
    expect(page.locator(".toast")).to_contain_text("JPG, PNG o WebP")
    page.set_input_files("input[type=file]", tmp_path / "yo.jpg")
    page.get_by_role("dialog").get_by_role("button", name="Guardar foto").click()
    expect(page.locator(".rail .me img")).to_have_attribute("src", re.compile(r"^/pictures/[0-9a-f-]{36}\.png$"))
    page.get_by_role("button", name="Quitar").click()
    expect(page.locator(".rail .me img")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_dialogs_are_accessible_and_fit_a_phone(agent: Visit, theme: str) -> None:
    page = agent.page
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size({"width": 390, "height": 844} if theme == "dark" else {"width": 1440, "height": 900})
    page.goto("/account")
    found: list[str] = []
    for name in ("Cambiar correo", "Cambiar contraseña", "Activar"):
        page.get_by_role("button", name=name, exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog.locator("input").first).to_be_focused()
        page.wait_for_timeout(600)
        report = Axe().run(page).response["violations"]
        found += [f"{name}: {each['id']} {each['nodes'][0]['target']}" for each in report]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name}: scrolls sideways")
        dialog.get_by_role("button", name="Cancelar").click()
        expect(dialog).to_be_hidden()
    assert found == []
