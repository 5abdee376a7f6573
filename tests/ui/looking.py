"""How browser tests look at a page: what axe finds, and pictures for people (`SHOTS=folder`)."""

import os

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect


def flaws(page: Page) -> list[tuple[str, str]]:
    """What axe finds, once no notice and no transition is on the way."""
    page.mouse.move(700, 20)
    expect(page.locator(".toast")).to_have_count(0)
    return [(v["id"], v["nodes"][0]["html"][:200]) for v in Axe().run(page).response["violations"]]


def shoot(page: Page, name: str) -> None:
    """Wide and narrow, light and dark."""
    folder = os.environ.get("SHOTS")
    if not folder:
        return
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", theme == "dark")
            page.wait_for_timeout(300)
            page.screenshot(path=f"{folder}/{name}-{theme}-{width}.png")
    page.evaluate("document.documentElement.classList.remove('dark')")
    page.set_viewport_size({"width": 1440, "height": 900})


def does_not_scroll_sideways(page: Page) -> bool:
    page.set_viewport_size({"width": 390, "height": 844})
    fits = page.evaluate("document.querySelector('.page').scrollWidth <= document.querySelector('.page').clientWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    return bool(fits)
