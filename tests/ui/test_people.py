"""The form that invites: at the desk and on a phone, light and dark."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.ui.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


@pytest.mark.parametrize(("theme", "width", "sheet"), [("light", 1440, 560), ("dark", 390, 390)])
def test_the_invitation_is_accessible_keeps_what_was_typed_and_fills_a_phone(
    agent: Visit, theme: str, width: int, sheet: int
) -> None:
    page = agent.page
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto("/settings/people")
    page.get_by_role("button", name="Invitar").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Correos")).to_be_focused()
    page.wait_for_timeout(600)
    box = dialog.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == ((width - sheet) / 2, sheet)

    expect(dialog.get_by_role("radio", name=re.compile("^Solo las suyas"))).to_be_visible()
    dialog.get_by_role("radio", name=re.compile("^Marketing")).check()
    expect(dialog.get_by_role("radio", name=re.compile("^Solo las suyas"))).to_have_count(0)
    dialog.get_by_label("Correos").fill("carla@mar.example, no es un correo")
    dialog.get_by_role("button", name="Enviar invitaciones").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(dialog.get_by_label("Correos")).to_have_value("carla@mar.example, no es un correo")
    found = [f"{each['id']} {each['nodes'][0]['target']}" for each in Axe().run(page).response["violations"]]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()  # what was typed is not lost by a key
    dialog.get_by_role("button", name="Cancelar").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".prow")).to_have_count(0)
