"""An adapter whose provider is a list of answers: what the services do around a provider, without one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import CheckResult, Connected, Failure, OutboundMessage, SendError, SendResult
from saas_admin.adapters.channels.content import Template
from saas_admin.adapters.channels.whatsapp_cloud import WhatsAppCloud


@dataclass
class Script:
    """What the provider will answer, and what it was asked."""

    check: CheckResult = field(default_factory=lambda: CheckResult(True, facts={"verified_name": "Café Alborada"}))
    connect: Connected = field(default_factory=lambda: Connected(is_registered=True))
    disconnect: Failure | None = None
    send: Failure | None = None
    templates: list[Template] | Failure = field(default_factory=list[Template])
    calls: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    during: Callable[[], None] = lambda: None
    """Runs while the provider is asked: to look at what is locked meanwhile."""


class Fake(WhatsAppCloud):
    def __init__(self, script: Script) -> None:
        self.script = script

    def check(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> CheckResult:
        self.script.calls.append(("check", dict(secrets)))
        self.script.during()
        return self.script.check

    def connect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> Connected:
        self.script.calls.append(("connect", webhook_url))
        self.script.during()
        return self.script.connect

    def disconnect(self, settings: Mapping[str, str], secrets: Mapping[str, str], webhook_url: str) -> None:
        self.script.calls.append(("disconnect", webhook_url, secrets["access_token"]))
        if self.script.disconnect:
            raise SendError(self.script.disconnect)

    def send(self, settings: Mapping[str, str], secrets: Mapping[str, str], message: OutboundMessage) -> SendResult:
        self.script.calls.append(("send", message.to, message.text))
        if self.script.send:
            raise SendError(self.script.send)
        return SendResult("wamid.test")

    def templates(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> list[Template]:
        self.script.calls.append(("templates",))
        if isinstance(self.script.templates, Failure):
            raise SendError(self.script.templates)
        return self.script.templates


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Meta, as it pleases the test."""
    script = Script()
    adapters: dict[str, Any] = {**registry._ADAPTERS, "whatsapp_cloud": Fake(script)}
    monkeypatch.setattr(registry, "_ADAPTERS", adapters)
    return script
