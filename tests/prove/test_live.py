"""A live delta can be lost; whoever missed it finds out."""

import asyncio
import itertools
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import redis

from saas_admin.conversations import queries
from saas_admin.conversations import service as conversations
from saas_admin.core import realtime
from saas_admin.core.realtime import Delta
from saas_admin.core.work import Work
from saas_admin.web.hub import Hub
from tests.shop import open_shop, write_in

PUBLISHERS = 8
ROOM = "conv:0192f0c4-0000-7000-8000-000000000001"


@pytest.mark.usefixtures("db", "valkey")
def test_what_a_reader_missed_shows_in_the_heads() -> None:
    shop = open_shop()
    thread = write_in(shop).conversation_id
    with Work(shop.support) as work:
        seen = queries.find_heads(work, thread)

    write_in(shop, "¿Sigue ahí?")  # published while this reader was not listening

    with Work(shop.support) as work:
        now = queries.find_heads(work, thread)
    assert {room: now["seq"][room] > seq for room, seq in seen["seq"].items()} == dict.fromkeys(seen["seq"], True)
    assert now["rev"][str(thread)] > seen["rev"][str(thread)]
    assert now["changed_at"] > seen["changed_at"]


@pytest.mark.usefixtures("db", "valkey")
def test_a_delta_that_never_left_shows_in_the_heads_too(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = open_shop()
    thread = write_in(shop).conversation_id
    with Work(shop.support) as work:
        seen = queries.find_heads(work, thread)

    with valkey_away(monkeypatch):
        write_in(shop, "¿Sigue ahí?")
        with Work(shop.support) as work:
            conversations.tag(work, thread, _tag(work))

    with Work(shop.support) as work:
        now = queries.find_heads(work, thread)
    assert now["seq"] == seen["seq"]
    assert now["rev"][str(thread)] > seen["rev"][str(thread)]
    assert now["changed_at"] > seen["changed_at"]


@pytest.mark.parametrize("messages", [400, pytest.param(10_000, marks=pytest.mark.prove)])
def test_a_killed_subscription_tells_everybody_to_resynchronise(valkey: redis.Redis, messages: int) -> None:
    heard: list[dict[str, Any]] = []

    async def run() -> None:
        hub = Hub()

        async def listener(_room: str, delta: dict[str, Any]) -> None:
            heard.append(delta)

        hub.listen(listener)
        queue = hub.open(ROOM, most=messages * 2)
        running = asyncio.create_task(hub.run())
        await _until(lambda: len(heard) == 1)
        publishing = asyncio.to_thread(_publish_many, messages)
        killing = asyncio.to_thread(_kill_subscriptions_midway, valkey, messages)
        await asyncio.gather(publishing, killing)
        await _until(lambda: sum(delta["kind"] == "resync" for delta in heard) == 2)
        assert realtime.publish([Delta(ROOM, "typing", {})])
        await _until(lambda: heard[-1]["kind"] == "typing")
        assert [queue.get_nowait() for _ in range(queue.qsize())] == heard
        running.cancel()

    asyncio.run(run())

    kinds = [delta["kind"] for delta in heard]
    assert kinds[0] == "resync"
    again = kinds.index("resync", 1)
    before, after = _numbers(heard[1:again]), _numbers(heard[again + 1 :])
    assert before == list(range(1, len(before) + 1))
    # What fell between is what the resync is for; from then on nothing is missing, and the head agrees.
    assert after == list(range(messages + 2 - len(after), messages + 2))
    assert realtime.heads([ROOM]) == {ROOM: messages + 1}


@pytest.mark.parametrize("messages", [2_000, pytest.param(40_000, marks=pytest.mark.prove)])
def test_parallel_publishers_leave_no_gap(valkey: redis.Redis, messages: int, tell: Any) -> None:
    def publish(share: int) -> None:
        for n in range(share):
            assert realtime.publish([Delta(ROOM, "message", {"n": n})])

    arrived = _arrivals(valkey, publish, messages)

    assert arrived == list(range(1, messages + 1))
    tell(f"{messages} messages of {PUBLISHERS} publishers, gaps 0")


def test_why_it_is_one_script(valkey: redis.Redis, tell: Any) -> None:
    """INCR and PUBLISH as two calls: the numbers arrive out of order, and each reader would refetch for nothing."""

    def publish(share: int) -> None:
        with redis.Redis.from_url(realtime.get_settings().redis_url or "") as client:
            for _ in range(share):
                seq = client.incr(realtime.SEQ_PREFIX + ROOM)
                client.publish(realtime.CHANNEL_PREFIX + ROOM, json.dumps({"seq": seq}))

    arrived = _arrivals(valkey, publish, 2_000)

    assert sorted(arrived) == list(range(1, 2_001))
    gaps = sum(b != a + 1 for a, b in itertools.pairwise(arrived))
    assert gaps > 0
    tell(f"2000 messages of {PUBLISHERS} publishers in two calls, gaps {gaps}")


def _arrivals(valkey: redis.Redis, publish: Any, messages: int) -> list[int]:
    """The numbers in the order in which a subscriber hears them."""
    arrived: list[int] = []
    with valkey.pubsub() as pubsub:
        pubsub.subscribe(realtime.CHANNEL_PREFIX + ROOM)
        assert pubsub.get_message(timeout=5)

        def listen() -> None:
            while len(arrived) < messages and (message := pubsub.get_message(timeout=20)):
                arrived.append(json.loads(message["data"])["seq"])

        listening = threading.Thread(target=listen)
        listening.start()
        with ThreadPoolExecutor(PUBLISHERS) as pool:
            list(pool.map(publish, [messages // PUBLISHERS] * PUBLISHERS))
        listening.join(60)
    return arrived


def _publish_many(messages: int) -> None:
    for n in range(messages):
        assert realtime.publish([Delta(ROOM, "message", {"n": n})])


def _kill_subscriptions_midway(valkey: redis.Redis, messages: int) -> None:
    while realtime.heads([ROOM])[ROOM] < messages // 3:
        pass
    assert valkey.client_kill_filter(_type="pubsub") == 1


def _numbers(deltas: list[dict[str, Any]]) -> list[int]:
    return [delta["seq"] for delta in deltas]


async def _until(condition: Any, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - no event: it may be anything a test looks at
            await asyncio.sleep(0.01)


def _tag(work: Work) -> Any:
    return queries.parse_id(queries.list_tags(work)[0].id)


@contextmanager
def valkey_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    gone = redis.Redis.from_url("redis://127.0.0.1:1")
    with monkeypatch.context() as patch:
        patch.setattr(realtime, "_script", lambda: gone.register_script("return 1"))
        yield
