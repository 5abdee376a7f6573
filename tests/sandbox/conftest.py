"""The sandbox as a process of its own, and a small receiver for its webhooks."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from saas_admin.adapters.channels import base, registry
from saas_admin.adapters.channels.events import Event
from saas_admin.core.config import get_settings
from tests.adapters import provider

ADAPTER = registry.get("whatsapp_cloud")
SETTINGS = {"phone_number_id": "284519037716420", "waba_id": "119384570263915"}
SECRETS = {"access_token": "EAAGsandboxTOKEN1", "app_secret": "b0bb1e5", "verify_token": "alborada"}
XIMENA = "5213318472290"


def wait_for(condition: Callable[[], Any], seconds: float = 10) -> Any:
    """The first truthy answer."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


@dataclass
class Sandbox:
    url: str
    receiver: provider.Provider
    data_dir: Path

    def control(self, path: str, said: Any) -> Any:
        answer = httpx.post(f"{self.url}/_control/{path}", json=said)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def events(self) -> list[Event]:
        """What arrived at the webhook URL, each body with a good signature."""
        found: list[Event] = []
        for asked in list(self.receiver.asked):
            if asked.method == "POST":
                assert ADAPTER.verify(asked.headers, asked.body, SECRETS)
                found += [event for item in ADAPTER.split(asked.body) for event in ADAPTER.parse(item.payload)]
        return found

    def statuses(self) -> list[base.StatusUpdate]:
        return [event for event in self.events() if isinstance(event, base.StatusUpdate)]

    def messages(self) -> list[base.InboundMessage]:
        return [event for event in self.events() if isinstance(event, base.InboundMessage)]


class PhonePage:
    """The phone's WebSocket, as the page uses it."""

    def __init__(self, url: str, me: str) -> None:
        self._open = contextlib.ExitStack()
        address = f"{url.replace('http', 'ws', 1)}/phone/ws?me={me}"
        self.socket: ClientConnection = self._open.enter_context(connect(address, close_timeout=1))
        self.state = self.next()

    def close(self) -> None:
        self._open.close()

    def next(self) -> dict[str, Any]:
        return json.loads(self.socket.recv(timeout=10))

    def until(self, kind: str) -> dict[str, Any]:
        while (event := self.next())["kind"] != kind:
            pass
        return event

    def say(self, **what: Any) -> None:
        self.socket.send(json.dumps(what))

    def send_text(self, body: str, **more: Any) -> str:
        number = SETTINGS["phone_number_id"]
        self.say(do="send", number=number, draft=uuid4().hex, type="text", content={"body": body}, **more)
        return self.until("placed")["id"]


def start(data_dir: Path, port: int) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "SAAS_ADMIN_DATA_DIR": str(data_dir), "SAAS_ADMIN_SANDBOX_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "saas_admin.sandbox"], env=environment)

    def answers() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
        except httpx.HTTPError:
            return False

    wait_for(answers, 20)
    return process


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    data_dir, port = tmp_path_factory.mktemp("sandbox"), free_port()
    running = start(data_dir, port)
    yield f"http://127.0.0.1:{port}", data_dir
    running.terminate()
    running.wait(10)


@pytest.fixture
def sandbox(process: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    url, data_dir = process
    monkeypatch.setenv("META_GRAPH_URL", url)
    get_settings.cache_clear()
    with provider.running() as receiver:
        receiver.default = provider.Answer(200, {})
        sandbox = Sandbox(url, receiver, data_dir)
        sandbox.control("reset", {})
        sandbox.control("faults", {"status_scale": 0.05, "retry_scale": 0.05})
        sandbox.control("people", [{"wa_id": XIMENA, "name": "Ximena Robles", "is_featured": True}])
        number = {**SETTINGS, "display_phone": "+34 960 31 82 74", "name": "Café Alborada", **SECRETS}
        sandbox.control("numbers", {**number, "webhook_url": f"{receiver.url}/webhooks/whatsapp_cloud/x"})
        receiver.asked.clear()
        yield sandbox
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def phone(sandbox: Sandbox) -> Iterator[PhonePage]:
    page = PhonePage(sandbox.url, XIMENA)
    yield page
    page.close()
