"""The load generator, a process of its own: reads an order as JSON, answers latencies as JSON.

An HTTP client library would cost more than the server it measures: this one writes prepared bytes over kept
connections and reads nothing of an answer but its status and length.
"""

import asyncio
import json
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, cast

from saas_admin.platform.bench.webhooks import Number

GIVE_UP = 30.0


class Connection(asyncio.Protocol):
    """One kept connection: a request, its answer, then the next one."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[int] | None = None
        self._received = b""

    @classmethod
    async def open(cls, host: str, port: int) -> "Connection":
        _, made = await asyncio.get_running_loop().create_connection(cls, host, port)
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        self._received = b""
        self._settle(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._settle(0)

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """The status; 0 when the connection broke."""
        self._answer = asyncio.get_running_loop().create_future()
        if self._transport is None or self._transport.is_closing():
            self._settle(0)
        else:
            self._transport.write(request)
        return self._answer

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def _settle(self, status: int) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_result(status)


@dataclass
class Outcome:
    seconds: float = 0.0
    took: list[float] = field(default_factory=list[float])
    statuses: Counter[int] = field(default_factory=Counter[int])

    def note(self, status: int, took: float) -> None:
        self.statuses[status] += 1
        self.took.append(took)


async def closed_loop(number: Number, requests: list[bytes], connections: int) -> Outcome:
    """Each connection sends its next request when the last one is answered."""
    waiting, outcome = deque(requests), Outcome()
    opened = [await Connection.open(number.host, number.port) for _ in range(connections)]

    async def work(connection: Connection) -> None:
        while waiting:
            began = time.perf_counter()
            status = await connection.ask(waiting.popleft())
            outcome.note(status, time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in opened))
    outcome.seconds = time.perf_counter() - began
    for connection in opened:
        connection.close()
    return outcome


async def open_loop(number: Number, requests: list[bytes], rate: float) -> Outcome:
    """One request every 1/rate seconds, whether the server keeps up or not; time counts from when it was due."""
    idle, outcome = deque[Connection](), Outcome()

    async def one(request: bytes, due: float) -> None:
        connection = idle.popleft() if idle else await Connection.open(number.host, number.port)
        status = await connection.ask(request)
        outcome.note(status, time.perf_counter() - due)
        idle.append(connection)

    began = time.perf_counter()
    tasks: list[asyncio.Task[None]] = []
    for n, request in enumerate(requests):
        due = began + n / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(request, due)))
    await asyncio.wait_for(asyncio.gather(*tasks), GIVE_UP)
    outcome.seconds = time.perf_counter() - began
    for connection in idle:
        connection.close()
    return outcome


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def run(order: dict[str, Any]) -> dict[str, Any]:
    number = Number(**order["number"])
    count, repeated = order["requests"], order.get("repeated", 0)
    fresh = [
        number.request(order["first"] + n % order["customers"], f"Hola {n}", order.get("path")) for n in range(count)
    ]
    # A provider repeats itself: every n-th body comes a second time, at once.
    requests = [
        r for n, request in enumerate(fresh) for r in ([request] * 2 if repeated and n % repeated == 0 else [request])
    ]
    if order.get("rate"):
        outcome = await open_loop(number, requests, order["rate"])
    else:
        outcome = await closed_loop(number, requests, order["connections"])
    statuses = {str(status): n for status, n in outcome.statuses.items()}
    return {
        "seconds": outcome.seconds,
        "took": outcome.took,
        "statuses": statuses,
        "fresh": len(fresh),
        "sent": len(requests),
    }


if __name__ == "__main__":
    import uvloop

    sys.stdout.write(json.dumps(uvloop.run(run(json.load(sys.stdin)))))
