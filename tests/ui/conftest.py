"""A shop of our own in the shared demo instance, and visits to it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests import secret_watch
from tests.instance import Running

# A test machine may be busy with everything else: slow is not wrong here.
expect.set_options(timeout=30_000)
PASSWORD = secret_watch.keep("tres-palabras-sueltas")


@dataclass(frozen=True)
class Shop:
    company_id: str
    email: str
    password: str = PASSWORD


@pytest.fixture(scope="session")
def shop(instance: Running) -> Shop:
    email = f"ines-{uuid4().hex[:8]}@libreriadelmar.es"
    names = ("--name", "Librería del Mar", "--email", email, "--password", PASSWORD, "--json")
    made = json.loads(instance.cli("company", "create", *names).stdout)
    return Shop(made["company_id"], email)


@pytest.fixture(scope="session")
def signed_in(browser: Browser, instance: Running, shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of a session, so that not every test signs in."""
    kept = tmp_path_factory.mktemp("session") / "state.json"
    context = browser.new_context(base_url=instance.url)
    answer = context.request.post(
        "/auth/sign-in",
        data={"email": shop.email, "password": shop.password, "keep": True, "lang": "es"},
        headers={"origin": instance.url},
    )
    assert answer.ok, answer.text()
    context.storage_state(path=kept)
    context.close()
    return kept


class Visit:
    """A page that remembers what went wrong in it and whom it asked."""

    def __init__(self, context: BrowserContext, own: str) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self._own = own
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._note)
        self.page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.errors.append(message.text)

    def _note(self, request: Request) -> None:
        if request.url.startswith(("http", "ws")) and not request.url.split("://", 1)[1].startswith(self._own):
            self.strangers.append(request.url)


@pytest.fixture
def visitor(browser: Browser, instance: Running) -> Iterator[Visit]:
    """Nobody has signed in."""
    yield from _visit(browser, instance, None)


@pytest.fixture
def agent(browser: Browser, instance: Running, signed_in: Path) -> Iterator[Visit]:
    yield from _visit(browser, instance, signed_in)


def _visit(browser: Browser, instance: Running, state: Path | None) -> Iterator[Visit]:
    context = browser.new_context(base_url=instance.url, viewport={"width": 1440, "height": 900}, storage_state=state)
    context.set_default_timeout(40_000)
    visit = Visit(context, instance.url.split("://", 1)[1])
    yield visit
    context.close()
    assert visit.errors == []
    assert visit.strangers == []
