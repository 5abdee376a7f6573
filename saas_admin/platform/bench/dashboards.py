"""Many open dashboards in one process: each a socket that enters the inbox as a browser does and waits for messages.

Reads an order as JSON, posts webhooks at a steady rate, answers how long each took to reach each dashboard.
"""

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

from saas_admin.platform.bench.load import open_loop
from saas_admin.platform.bench.webhooks import Number

ENTER_SECONDS = 120
LAST_SECONDS = 15
CUSTOMERS = 20
MARK = re.compile(r"bench-(\d+)\.")
# The first event travels with the connection, as Reflex's own client sends it.
ENTER = {
    "name": "reflex___state____state.hydrate_and_load",
    "payload": {"vars": {}, "hashes": None},
    "router_data": {"pathname": "/inbox/[[conversation_id]]", "query": {}, "asPath": "/inbox"},
}


@dataclass
class Dashboard:
    is_in: asyncio.Event = field(default_factory=asyncio.Event)
    seen: dict[int, float] = field(default_factory=dict[int, float])

    async def stay(self, url: str, headers: dict[str, str], origin: str) -> None:
        address = f"{url}/_event/?token={uuid4()}&EIO=4&transport=websocket"
        options: dict[str, Any] = {
            "additional_headers": headers,
            "origin": origin,
            "compression": None,
            "max_size": None,
        }
        async with connect(address, ping_interval=None, **options) as socket:
            async for said in socket:
                await self._hear(socket, said if isinstance(said, str) else said.decode())

    async def _hear(self, socket: ClientConnection, said: str) -> None:
        now = time.perf_counter()
        if said == "2":
            await socket.send("3")
        elif said.startswith("0"):
            await socket.send("40/_event," + json.dumps({"event": ENTER}))
        elif not self.is_in.is_set():
            # The seed of the list: the rooms were entered before it was read.
            if '"seed_rx_state_"' in said and '"now"' in said:
                self.is_in.set()
        else:
            for n in MARK.findall(said):
                self.seen.setdefault(int(n), now)


async def run(order: dict[str, Any]) -> dict[str, Any]:
    number, count, rate = Number(**order["number"]), order["messages"], order["rate"]
    dashboards = [Dashboard() for _ in range(order["dashboards"])]
    url, headers = f"ws://{number.host}:{number.port}", {"Cookie": order["cookie"]}
    began = time.perf_counter()
    tasks = [asyncio.create_task(each.stay(url, headers, order["origin"])) for each in dashboards]
    await asyncio.wait_for(asyncio.gather(*(each.is_in.wait() for each in dashboards)), ENTER_SECONDS)
    entered = time.perf_counter() - began
    await asyncio.sleep(1)
    requests = [number.request(n % CUSTOMERS, f"bench-{n}.") for n in range(count)]
    began = time.perf_counter()
    outcome = await open_loop(number, requests, rate)
    deadline = time.perf_counter() + LAST_SECONDS
    while time.perf_counter() < deadline and any(len(each.seen) < count for each in dashboards):  # noqa: ASYNC110 - many counters
        await asyncio.sleep(0.02)
    for task in tasks:
        task.cancel()
    took = [at - (began + n / rate) for each in dashboards for n, at in each.seen.items()]
    statuses = {str(status): n for status, n in outcome.statuses.items()}
    return {"took": took, "expected": count * len(dashboards), "entered_seconds": entered, "statuses": statuses}


if __name__ == "__main__":
    import uvloop

    sys.stdout.write(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
