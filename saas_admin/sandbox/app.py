"""The sandbox as one ASGI app: it plays the outside world for the demo and the tests."""

import asyncio
import contextlib
import html
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from saas_admin.core.config import get_settings
from saas_admin.sandbox.control import Control
from saas_admin.sandbox.faults import Faults
from saas_admin.sandbox.graph import Graph
from saas_admin.sandbox.messenger import Messenger
from saas_admin.sandbox.meta import Meta
from saas_admin.sandbox.openai_api import OpenAiApi
from saas_admin.sandbox.page_chat import PageChat
from saas_admin.sandbox.page_events import PageEvents
from saas_admin.sandbox.page_world import Pages
from saas_admin.sandbox.people import ensure_featured
from saas_admin.sandbox.phone import Phone
from saas_admin.sandbox.telegram import Telegram
from saas_admin.sandbox.twilio import Twilio
from saas_admin.sandbox.webhooks import Webhooks
from saas_admin.sandbox.world import World

STATIC = Path(__file__).parent / "static"
SAVE_SECONDS = 1.0
HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def create_app(folder: Path | None = None) -> Starlette:
    """`folder` keeps the chats; without one everything is forgotten with the process (tests)."""
    world, faults = World(folder), Faults()
    world.load()
    webhooks = Webhooks(world, faults)
    graph = Graph(world, faults, webhooks)
    meta = Meta(world, webhooks)
    meta.ensure_spare()
    ensure_featured(world)
    telegram = Telegram(folder, faults)
    twilio = Twilio(folder, faults)
    pages = Pages(folder)
    pages.load()
    pages.ensure_spare()
    pages.save()
    page_events = PageEvents(pages, webhooks)
    messenger = Messenger(pages, faults, page_events, graph, webhooks.later)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        saver = asyncio.ensure_future(_save_often(world, telegram, twilio))
        yield
        saver.cancel()
        await webhooks.close()
        await telegram.close()
        await twilio.close()
        world.save()

    async def shop(request: Request) -> Response:
        return _page_with_snippet(request, "shop.html", world)

    async def static_test(request: Request) -> Response:
        return _page_with_snippet(request, "static-test.html", world)

    app = Starlette(
        routes=[
            Route("/", _front),
            Route("/healthz", _health),
            Route("/phone", _page("phone.html")),
            Route("/meta", _page("meta.html")),
            Route("/telegram", _page("telegram.html")),
            Route("/sms", _page("sms.html")),
            Route("/messenger", _page("pages.html")),
            Route("/instagram", _page("pages.html")),
            Route("/shop", shop),
            Route("/static-test.html", static_test),
            *Phone(world, webhooks, graph).routes(),
            *meta.routes(),
            *telegram.routes(),
            *twilio.routes(),
            *Control(world, faults, webhooks, graph.templates).routes(),
            Mount("/static", StaticFiles(directory=STATIC)),
            *PageChat(pages, messenger, page_events, webhooks).routes(),
            *messenger.routes(),
            *OpenAiApi().routes(),
            *graph.routes(),
        ],
        # Loopback by name: a web page elsewhere must not reach this by a name of its own (DNS rebinding).
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)],
        lifespan=lifespan,
    )
    app.state.world, app.state.faults, app.state.webhooks = world, faults, webhooks
    return app


def create() -> Starlette:
    """What the server runs."""
    return create_app(get_settings().data_dir / "sandbox")


async def _front(request: Request) -> Response:
    del request
    return RedirectResponse("/phone")


async def _health(request: Request) -> Response:
    del request
    return JSONResponse({"ok": True})


def _page(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        del request
        return FileResponse(STATIC / name, headers={"cache-control": "no-cache"})

    return page


async def _save_often(*worlds: World | Telegram | Twilio) -> None:
    while True:
        await asyncio.sleep(SAVE_SECONDS)
        for world in worlds:
            with contextlib.suppress(OSError):
                # Beside the loop: thousands of chats take a tenth of a second, in which nobody would be answered.
                await (asyncio.to_thread(world.save) if isinstance(world, World) else _now(world))


async def _now(world: Telegram | Twilio) -> None:
    world.save()


def _page_with_snippet(request: Request, name: str, world: World) -> Response:
    page = (STATIC / name).read_text(encoding="utf-8")
    channel = request.query_params.get("channel") or world.shop.get("channel", "")
    address = _address(world.shop.get("public_url") or get_settings().public_url, request)
    snippet = f'<script async src="{html.escape(address)}/widget.js" data-channel="{html.escape(channel)}"></script>'
    return HTMLResponse(page.replace("<!-- SNIPPET -->", snippet if channel else ""))


def _address(public_url: str, request: Request) -> str:
    """Someone who opened the shop as 127.0.0.1 gets the widget from there too: cookies and frames like one name."""
    parts = urlsplit(public_url)
    asked = request.url.hostname or ""
    if parts.hostname in ("localhost", "127.0.0.1") and asked in ("localhost", "127.0.0.1"):
        return public_url.replace(parts.hostname, asked, 1)
    return public_url
