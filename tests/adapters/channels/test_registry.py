"""Every channel is in the registry under its name, and whoever talks to a provider passes the contract."""

import re
from pathlib import Path

import pytest

from saas_admin.adapters.channels import base, registry
from tests.adapters.channels.contract import FIXTURES


def test_kinds():
    assert registry.kinds() == ("whatsapp_cloud", "messenger", "instagram", "telegram", "twilio", "webchat")
    assert [registry.get(kind).kind for kind in registry.kinds()] == list(registry.kinds())


@pytest.mark.parametrize("kind", [kind for kind in registry.kinds() if not registry.get(kind).is_local])
def test_provider_has_fixtures_and_passes_the_contract(kind):
    assert [path for path in (FIXTURES / kind).iterdir() if path.suffix in (".json", ".form")]
    written = (Path(__file__).parent / f"test_{kind}.py").read_text()
    assert re.search(r"class \w+\((Page)?Contract\)", written)


@pytest.mark.parametrize("kind", registry.kinds())
def test_capabilities_are_whole(kind):
    can = registry.get(kind).capabilities
    assert set(can.media_limits) == set(can.media_mimes) == set(can.media)


def test_web_chat_takes_no_webhooks_and_calls_nobody():
    webchat = registry.get("webchat")
    assert not webchat.verify({"x-hub-signature-256": "sha256=0"}, b"{}", {"app_secret": "x"})
    assert webchat.handshake({"hub.mode": "subscribe"}, {"verify_token": "x"}) is None
    with pytest.raises(base.BrokenPayload):
        webchat.split(b'{"entry": []}')
    sent = webchat.send({}, {}, base.OutboundMessage("v:1", base.MessageKind.TEXT, "Hola", callback_data="0193"))
    assert sent.provider_id == "0193"
    assert webchat.check({}, {}).ok
