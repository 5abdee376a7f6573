"""The widget as a visitor has it: on a shop's page of another origin, in Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from saas_admin.core.work import Work
from saas_admin.models import Channel, Message
from tests.shop import Shop
from tests.widget.conftest import Agent, configure, count, disable, picture, stored
from tests.widget.site import Site, shop_page

pytestmark = pytest.mark.e2e

PATIENCE = 25_000
WATCH = """window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries())
  if (!entry.hadRecentInput) window.shift += entry.value; }).observe({ type: "layout-shift", buffered: true });"""
HTML = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Café Alborada</title><main style="height:2600px"><h1>Café</h1></main>
<script async src="{site}/widget.js" data-channel="{channel}"></script></html>"""


@pytest.fixture(scope="module")
def site(engines: object) -> Iterator[Site]:
    del engines
    site = Site().start()
    yield site
    site.kill()


Open = Callable[..., "Visit"]


class Visit:
    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.add_init_script(WATCH)
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(url)
        self.launcher = self.page.locator("button.l")
        self.launcher.wait_for()

    @property
    def chat(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    @property
    def box(self):
        return self.chat.get_by_role("textbox")

    def open(self) -> "Visit":
        self.launcher.click()
        self.box.wait_for()
        return self

    def write(self, text: str) -> None:
        self.box.fill(text)
        self.chat.get_by_role("button", name="Enviar").click()

    def say(self, text: str) -> None:
        """Written, and kept by the server."""
        self.write(text)
        expect(self.chat.locator(".me").last).to_contain_text("Enviado", timeout=PATIENCE)

    def sees(self, *texts: str) -> None:
        expect(self.chat.locator(".m .b")).to_have_text([*texts], timeout=PATIENCE)


@pytest.fixture
def visit(site: Site, browser: Browser, shop: Shop, tmp_path: Path) -> Iterator[Open]:
    configure(shop, greeting="Hola")
    contexts: list[Visit] = []
    with shop_page(tmp_path) as home:

        def make(*, channel: str = "", lang: str = "es", **options: object) -> Visit:
            channel = channel or shop.webchat_public_id
            (tmp_path / "index.html").write_text(HTML.format(lang=lang, site=site.url, channel=channel))
            contexts.append(Visit(browser.new_context(**options), f"{home}/"))  # type: ignore[arg-type]
            return contexts[-1]

        yield make
        errors = [error for visit in contexts for error in visit.errors]
        for visit in contexts:
            visit.context.close()
    assert errors == []


def test_page_pays_one_request_until_somebody_opens(site: Site, visit: Open) -> None:
    visitor = visit()
    visitor.page.mouse.wheel(0, 900)
    visitor.page.wait_for_timeout(500)

    assert [url for url in visitor.asked if url.startswith(site.url)] == [f"{site.url}/widget.js"]
    assert visitor.context.cookies() == []
    assert visitor.page.evaluate("localStorage.length + sessionStorage.length") == 0

    visitor.open()
    visitor.page.keyboard.press("Escape")
    assert visitor.page.evaluate("window.shift") == 0
    assert visitor.context.cookies() == []
    assert [url for url in visitor.asked if not url.startswith((site.url, visitor.url))] == []


def test_conversation_both_ways_survives_a_reload(visit: Open, agent: Agent) -> None:
    visitor = visit().open()
    visitor.say("¿Tenéis molienda fina?")
    visitor.sees("Hola", "¿Tenéis molienda fina?")

    agent.read()
    expect(visitor.chat.get_by_text("Leído")).to_be_attached()
    agent.typing()
    expect(visitor.chat.get_by_text("Toni está escribiendo")).to_be_visible()
    agent.reply("Sí, para espresso")
    visitor.sees("Hola", "¿Tenéis molienda fina?", "Sí, para espresso")
    expect(visitor.chat.get_by_role("heading", name="Toni, de Café Alborada")).to_be_visible()
    expect(visitor.chat.get_by_text("Toni está escribiendo")).to_be_hidden()

    visitor.page.reload()
    visitor.open()
    visitor.sees("Hola", "¿Tenéis molienda fina?", "Sí, para espresso")


def test_closed_chat_counts_what_comes_in(shop: Shop, visit: Open, agent: Agent) -> None:
    visitor = visit().open()
    visitor.say("hola")
    visitor.sees("Hola", "hola")
    visitor.page.keyboard.press("Escape")
    agent.reply("buenas")
    badge = visitor.page.locator("button.l .n")
    expect(badge).to_have_text("1", timeout=PATIENCE)
    expect(visitor.launcher).to_have_accessible_name("¿Te ayudamos? Abrir el chat. Mensajes nuevos: 1")
    assert stored(shop)[-1].status != "read"

    visitor.page.reload()
    expect(badge).to_have_text("1", timeout=PATIENCE)
    visitor.open()
    visitor.page.keyboard.press("Escape")
    expect(badge).to_be_hidden()
    visitor.page.wait_for_function("document.activeElement.shadowRoot?.activeElement?.className === 'l'")


def test_written_offline_is_sent_once_and_in_order(shop: Shop, visit: Open, agent: Agent) -> None:
    visitor = visit().open()
    visitor.say("uno")
    visitor.sees("Hola", "uno")
    visitor.context.set_offline(True)
    visitor.write("dos")
    visitor.write("tres")
    expect(visitor.chat.get_by_text("Sin conexión.")).to_be_visible()
    expect(visitor.chat.get_by_text("En cola", exact=True).first).to_be_attached()
    agent.reply("respuesta")

    visitor.context.set_offline(False)

    visitor.sees("Hola", "uno", "respuesta", "dos", "tres")
    visitor.chat.get_by_text("Sin conexión.").wait_for(state="hidden")
    expect(visitor.chat.locator(".me").last).to_contain_text("Enviado", timeout=PATIENCE)
    assert [m.text for m in stored(shop)] == ["uno", "respuesta", "dos", "tres"]


def test_server_killed_and_back_is_resumed_without_a_reload(site: Site, shop: Shop, visit: Open, agent: Agent) -> None:
    visitor = visit().open()
    visitor.say("antes")
    visitor.sees("Hola", "antes")

    site.kill()
    visitor.write("durante")
    expect(visitor.chat.get_by_text("Sin conexión.")).to_be_visible(timeout=PATIENCE)
    agent.reply("perdido para el socket")
    site.start()

    visitor.sees("Hola", "antes", "perdido para el socket", "durante")
    expect(visitor.chat.locator(".me").last).to_contain_text("Enviado", timeout=PATIENCE)
    agent.reply("después")
    visitor.sees("Hola", "antes", "perdido para el socket", "durante", "después")
    assert count(shop, Message) == 4


def test_where_sockets_do_not_pass_the_chat_asks_again_and_again(visit: Open, agent: Agent) -> None:
    visitor = visit()
    visitor.page.route_web_socket("**/live", lambda socket: socket.close())
    visitor.open()
    visitor.say("hola")
    agent.reply("buenas")
    visitor.sees("Hola", "hola", "buenas")
    expect(visitor.chat.get_by_text("Sin conexión.")).to_be_hidden()


def test_unsent_words_and_draft_survive_a_reload(site: Site, shop: Shop, visit: Open) -> None:
    visitor = visit().open()
    visitor.say("uno")
    visitor.sees("Hola", "uno")
    visitor.page.route(f"{site.url}/widget/v1/**", lambda route: route.abort())
    visitor.write("dos")
    visitor.box.fill("a medias")
    visitor.page.unroute(f"{site.url}/widget/v1/**")
    visitor.page.reload()
    visitor.open()
    visitor.sees("Hola", "uno", "dos")
    expect(visitor.chat.locator(".me").last).to_contain_text("Enviado", timeout=PATIENCE)
    expect(visitor.box).to_have_value("a medias")
    assert count(shop, Message) == 2


def test_two_tabs_are_one_visitor(visit: Open, shop: Shop) -> None:
    first = visit().open()
    first.say("desde una")
    first.sees("Hola", "desde una")
    second = first.context.new_page()
    second.goto(first.url)
    second.locator("button.l").click()
    second.frame_locator("iframe").get_by_role("textbox").fill("desde otra")
    second.keyboard.press("Enter")
    first.sees("Hola", "desde una", "desde otra")
    assert count(shop, Message) == 2


def test_picture_goes_up_and_one_comes_back(visit: Open, agent: Agent, tmp_path: Path) -> None:
    (tmp_path / "taza.jpg").write_bytes(picture(800, 600))
    visitor = visit().open()
    visitor.chat.locator("input[type=file]").set_input_files(tmp_path / "taza.jpg")
    expect(visitor.chat.locator(".tray .done")).to_be_visible()
    visitor.say("esta")
    agent_picture = visitor.chat.locator(".us .pic img")
    expect(visitor.chat.locator(".me .pic img")).to_be_visible()
    agent.reply("¿o esta?", (agent.upload(picture(300, 500), "otra.jpg"),))
    expect(agent_picture).to_be_visible(timeout=PATIENCE)
    assert agent_picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 300


def test_refused_message_says_why_and_can_be_sent_again(visit: Open, site: Site, shop: Shop) -> None:
    visitor = visit().open()
    refusal = {"error": {"code": "text_too_long", "message": "El mensaje es muy largo."}}
    visitor.page.route("**/messages?*", lambda route: route.fulfill(status=422, json=refusal))
    visitor.write("demasiado")
    expect(visitor.chat.get_by_role("alert")).to_contain_text("El mensaje es muy largo.")
    visitor.page.unroute("**/messages?*")
    visitor.chat.get_by_role("button", name="Reintentar").click()
    expect(visitor.chat.get_by_text("Enviado")).to_be_attached(timeout=PATIENCE)
    assert count(shop, Message) == 1


@pytest.mark.parametrize("why", ["domain", "disabled", "unknown"])
def test_chat_that_may_not_open_lets_go(visit: Open, shop: Shop, why: str) -> None:
    if why == "domain":
        configure(shop, domains="otra-tienda.example")
    if why == "disabled":
        disable(shop)
    visitor = visit(channel="no-such-channel" if why == "unknown" else "")
    visitor.launcher.click()
    if why == "domain":
        expect(visitor.page.get_by_role("status")).to_contain_text("No se ha podido abrir el chat.", timeout=PATIENCE)
    else:
        expect(visitor.chat.get_by_text("Este chat no está disponible")).to_be_visible(timeout=PATIENCE)
        visitor.chat.get_by_role("button", name="Cerrar el chat").click()
    expect(visitor.launcher).to_be_visible()
    assert count(shop, Message) == 0


def test_whole_conversation_by_keyboard_in_english(visit: Open, shop: Shop) -> None:
    visitor = visit(lang="en-GB")
    visitor.page.keyboard.press("Tab")
    expect(visitor.launcher).to_be_focused()
    expect(visitor.launcher).to_have_accessible_name("Can we help? Open the chat")
    visitor.page.keyboard.press("Enter")
    expect(visitor.box).to_be_focused(timeout=PATIENCE)
    visitor.page.keyboard.type("Do you ship to Portugal?")
    visitor.page.keyboard.press("Shift+Enter")
    visitor.page.keyboard.type("Thanks")
    visitor.page.keyboard.press("Enter")
    visitor.sees("Hola", "Do you ship to Portugal?\nThanks")
    expect(visitor.chat.get_by_text("Sent", exact=True)).to_be_attached()
    visitor.page.keyboard.press("Escape")
    expect(visitor.launcher).to_be_focused()


def test_phone_has_the_whole_screen_and_no_zooming_inputs(visit: Open) -> None:
    visitor = visit(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    visitor.open()
    frame = visitor.page.locator("iframe")
    frame.evaluate("frame => Promise.allSettled(frame.getRootNode().getAnimations().map(motion => motion.finished))")
    assert frame.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert visitor.box.evaluate("box => getComputedStyle(box).fontSize") == "16px"
    visitor.say("palabra" * 80)
    visitor.chat.locator(".me .meta").wait_for()
    assert visitor.chat.locator("body").evaluate("body => body.scrollWidth") == 390
    small = visitor.chat.locator("body").evaluate(
        "body => [...body.querySelectorAll('button')].map(b => b.getBoundingClientRect()).filter(r => r.width && r.width < 40).length"
    )
    assert small == 0


def test_shop_that_chose_nothing_has_a_chat_all_the_same(visit: Open, shop: Shop) -> None:
    with Work(shop.admin) as work:
        work.get(Channel, shop.webchat_id).settings = {}
    visitor = visit().open()
    visitor.say("hola")
    visitor.sees("Hola, ¿en qué podemos ayudarte?", "hola")
    expect(visitor.chat.get_by_role("heading", name="Chat web")).to_be_visible()


def test_reduced_motion_moves_nothing(visit: Open) -> None:
    visitor = visit(reduced_motion="reduce")
    visitor.launcher.click()
    assert visitor.page.locator(".p").evaluate("panel => getComputedStyle(panel).transform") == "none"


def test_axe_finds_nothing(visit: Open, agent: Agent) -> None:
    visitor = visit().open()
    visitor.say("hola")
    visitor.sees("Hola", "hola")
    agent.reply(
        "mira https://cafe.example", (agent.upload(b"%PDF-1.4 ficha", "ficha.pdf"), agent.upload(picture(), "a.jpg"))
    )
    expect(visitor.chat.locator(".us .pic img")).to_be_visible(timeout=PATIENCE)
    found = Axe().run(visitor.page)
    assert found.response["violations"] == [], found.generate_report()
