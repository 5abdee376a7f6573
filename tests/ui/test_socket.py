"""The event socket of the dashboard: opened by our own pages only."""

import httpx
import pytest
from websockets.exceptions import InvalidHandshake
from websockets.sync.client import connect

from tests.instance import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]
FOREIGN = ["https://evil.example", "http://localhost.evil.example", "null"]


def test_our_own_page_opens_the_event_socket(instance: Running) -> None:
    address = f"{instance.url.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket"
    with connect(address, origin=instance.url) as socket:  # type: ignore[arg-type]
        assert str(socket.recv(timeout=10)).startswith('0{"sid"')


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_does_not(instance: Running, origin: str) -> None:
    address = f"{instance.url.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket"
    with pytest.raises(InvalidHandshake), connect(address, origin=origin):  # type: ignore[arg-type]
        pass
    polled = httpx.get(f"{instance.url}/_event/?EIO=4&transport=polling", headers={"origin": origin})
    assert polled.status_code in (400, 403)
    assert "sid" not in polled.text
