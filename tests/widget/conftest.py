"""A visitor's browser without a browser: the widget's routes over ASGI, one shop, its agents."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import redis
from httpx import Response
from PIL import Image
from sqlalchemy import func, select
from starlette.testclient import TestClient

from saas_admin.channels import service as channels
from saas_admin.conversations import media
from saas_admin.conversations import service as conversations
from saas_admin.conversations.views import MessageView
from saas_admin.core.work import Work
from saas_admin.models import Channel, Conversation, Message
from tests.conftest import Engines
from tests.shop import Shop, open_shop
from tests.widget.site import app

ORIGIN = "http://localhost:8080"


@pytest.fixture
def shop(db: Engines, valkey: "redis.Redis") -> Shop:
    return open_shop()


@pytest.fixture
def other_shop(shop: Shop) -> Shop:
    return open_shop("Bazar Sol", number_id="99887766554433")


@pytest.fixture
def web() -> Iterator[TestClient]:
    with TestClient(app, base_url=ORIGIN) as client:
        yield client


@dataclass
class Browser:
    """One visitor on one channel."""

    web: TestClient
    public_id: str
    token: str = ""

    def begin(self) -> "Browser":
        self.token = self.post("session").json()["token"]
        return self

    def post(self, path: str, body: Any = None, **more: Any) -> Response:
        return self.web.post(self._url(path), json=body or {}, headers=self._headers(), **more)

    def get(self, path: str) -> Response:
        return self.web.get(self._url(path), headers=self._headers())

    def say(self, text: str, client_id: str | None = None, files: tuple[str, ...] = (), **more: Any) -> Response:
        return self.post(
            "messages", {"client_id": client_id or str(uuid4()), "text": text, "attachment_ids": list(files), **more}
        )

    def upload(self, content: bytes, name: str) -> Response:
        return self.web.post(self._url("media"), files={"file": (name, content)}, headers=self._headers())

    def thread(self, query: str = "") -> dict[str, Any]:
        answer = self.get(f"messages{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def texts(self) -> list[str]:
        return [message["text"] for message in self.thread()["messages"]]

    def _url(self, path: str) -> str:
        return f"/widget/v1/{self.public_id}/{path}"

    def _headers(self) -> dict[str, str]:
        return {"Origin": ORIGIN, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}


@pytest.fixture
def visitor(shop: Shop, web: TestClient) -> Browser:
    return Browser(web, shop.webchat_public_id).begin()


@pytest.fixture
def arrive(shop: Shop, web: TestClient) -> Callable[[], Browser]:
    return lambda: Browser(web, shop.webchat_public_id).begin()


class Agent:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def reply(self, text: str, files: tuple[UUID, ...] = ()) -> list[MessageView]:
        with Work(self.shop.support) as work:
            return conversations.reply(work, self.conversation(), text, draft_id=str(uuid4()), attachment_ids=files)

    def read(self) -> None:
        with Work(self.shop.support) as work:
            conversations.mark_read(work, self.conversation())

    def typing(self, on: bool = True) -> None:
        with Work(self.shop.support) as work:
            conversations.typing(work, self.conversation(), on)

    def upload(self, content: bytes, name: str) -> UUID:
        with Work(self.shop.support) as work:
            return UUID(media.upload(work, io.BytesIO(content), name).id)

    def conversation(self) -> UUID:
        with Work(self.shop.system) as work:
            found = work.first(select(Conversation).order_by(Conversation.created_at.desc()))
            assert found
            return found.id


@pytest.fixture
def agent(shop: Shop) -> Agent:
    return Agent(shop)


def count(shop: Shop, table: type[Any]) -> int:
    with Work(shop.system) as work:
        return (
            work.session.scalar(select(func.count()).select_from(table).where(table.company_id == shop.company_id)) or 0
        )


def stored(shop: Shop) -> list[Message]:
    with Work(shop.system) as work:
        return work.all(select(Message).order_by(Message.at))


def configure(shop: Shop, **values: str) -> None:
    with Work(shop.admin) as work:
        channel = work.get(Channel, shop.webchat_id)
        channel.settings = {**channel.settings, **values}


def disable(shop: Shop) -> None:
    with Work(shop.admin) as work:
        channels.disable(work, shop.webchat_id)


def picture(width: int = 60, height: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#2f5d57").save(out, "JPEG")
    return out.getvalue()


def words(socket: Any) -> dict[str, Any]:
    return json.loads(socket.receive_text())
