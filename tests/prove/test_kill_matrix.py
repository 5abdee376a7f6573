"""`kill -9` of every process in the middle of the traffic: nothing is lost, nothing doubled, what cannot be known is said."""

import os
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable

import psutil
import pytest

from tests.instance import Running, wait_for
from tests.prove.storm import ENDED, Size, Storm

MATRIX = Size(customers=50, each=20, pause=0.05)
SAMPLE = Size(customers=12, each=5, pause=0.02)
pytestmark = pytest.mark.timeout(900)


@pytest.mark.prove
@pytest.mark.parametrize("name", ["worker", "sender", "valkey", "web", "web's own worker", "postgres"])
def test_nothing_is_lost_or_doubled(instance: Running, name: str, tell: Callable[[str], None]) -> None:
    with Storm(instance, MATRIX) as storm:
        storm.begin()
        storm.wait_for_the_middle()
        in_hand = storm.left()
        killed_at = time.monotonic()
        kill(instance, name)
        healthy = time.monotonic() - killed_at
        storm.settle()
        settled = time.monotonic() - killed_at

    facts = judge(storm)
    tell(
        f"{facts}; in hand at the kill {in_hand}; healthy after {healthy:.1f} s, settled {settled:.0f} s after the kill"
        f"; webhooks refused {dict(storm.refused)}, agents sent again {storm.agents_again}"
    )


def test_sample(instance: Running, tell: Callable[[str], None]) -> None:
    with Storm(instance, SAMPLE) as storm:
        storm.begin()
        storm.wait_for_the_middle()
        kill(instance, "worker")
        kill(instance, "sender")
        kill(instance, "postgres")
        time.sleep(4)
        # Not to wait for the rest of it here: claims that no receipt has settled are made as old as those of the dead.
        with storm.owner() as database:
            aged = (
                "UPDATE message SET claimed_at = claimed_at - interval '1 minute', next_attempt_at = now()"
                " WHERE company_id = %s AND status = 'sending' AND claimed_at < now() - interval '4 seconds'"
            )
            database.execute(aged, [storm.company_id])
        storm.settle()

    tell(judge(storm))


def kill(instance: Running, name: str) -> None:
    """kill -9, then wait until it was brought back and all is well."""
    old = find(instance, name)
    assert old
    os.kill(old, signal.SIGKILL)
    wait_for(lambda: find(instance, name) not in (None, old), 60)
    instance.wait_healthy()


def find(instance: Running, name: str) -> int | None:
    """A program of the supervisor, or the process that the web program serves from."""
    if name != "web's own worker":
        return instance.pids().get(name)
    parent = instance.pids().get("web")
    return max((child.pid for child in psutil.Process(parent).children()), default=None) if parent else None


def judge(storm: Storm) -> str:
    """The whole account; answers it in words."""
    messages, provider = storm.export("messages"), storm.provider_log()
    came = Counter(m["provider_id"] for m in messages if m["direction"] == "in")
    answers = {m["id"]: m for m in messages if m["direction"] == "out"}
    taken = Counter(m["callback_data"] for m in provider)
    unknown = {key for key, m in answers.items() if m["status"] == "unknown"}
    statuses = Counter(m["status"] for m in answers.values())
    kept, counted = storm.counts()

    assert len(storm.accepted) == storm.size.messages
    assert came == Counter(storm.accepted)
    assert Counter(m["text"] for m in answers.values()) == {
        f"respuesta {n}": storm.size.customers for n in range(storm.size.each)
    }
    assert set(statuses) <= ENDED
    assert Counter(m["error"] for m in answers.values() if m["status"] == "failed") == {}
    assert [key for key, times in taken.items() if times > 1] == []
    # What the provider took is known to have been sent, by its own receipts; what it did not take was not sent again.
    assert set(taken) == set(answers) - unknown
    assert in_order(provider)
    assert kept == counted
    assert len(storm.conversations()) == storm.size.customers
    assert [e["id"] for e in storm.export("events") if not e["handled_at"] or e["error"]] == []
    return (
        f"in {sum(came.values())} of {storm.posts} posts, out {dict(statuses)}, taken by the provider {len(taken)},"
        f" doubled 0, unknown {len(unknown)}"
    )


def in_order(provider: list[dict[str, object]]) -> bool:
    """Each customer reads the answers in the order they were written."""
    threads: dict[object, list[int]] = defaultdict(list)
    for message in provider:
        content = message["content"]
        assert isinstance(content, dict)
        threads[message["wa_id"]].append(int(content["body"].split()[1]))
    return all(thread == sorted(thread) for thread in threads.values())
