"""Rates: slots are shared by all workers, a person is left alone for a while, the provider's own word goes first."""

import itertools
import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import Failure, FailureCode, OutboundMessage, Pace, SendError, SendResult
from saas_admin.channels import outbound, pacing
from saas_admin.channels.pacing import HORIZON, Pacer, Turnstile
from saas_admin.conversations import service
from saas_admin.core.config import get_settings
from saas_admin.core.work import Work
from saas_admin.models import Message
from tests.shop import Shop, open_shop, write_in


@pytest.fixture
def paced(valkey: object, monkeypatch: pytest.MonkeyPatch):
    del valkey
    monkeypatch.setenv("SEND_PACE", "1")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def shop(db: object, paced: object) -> Shop:
    del db, paced
    return open_shop()


def test_slots_of_all_workers_together_keep_the_rate(paced: None):
    channel_id, pace = uuid4(), Pace(per_second=100)
    started = time.monotonic()

    def taken(_: int) -> list[float]:
        now = time.monotonic() - started
        return [now + delay for delay in Pacer(channel_id, pace).take([0.0] * 5).delays]

    with ThreadPoolExecutor(6) as pool:
        slots = sorted(slot for found in pool.map(taken, range(6)) for slot in found)
    assert len(slots) == 30
    # 1.01/100 s apart by the clock of Valkey; ours reads a little later than the script ran.
    assert slots[-1] - slots[0] > 29 * 0.0101 - 0.02


def test_no_slot_lies_beyond_the_horizon(paced: None):
    slots = Pacer(uuid4(), Pace(per_second=10)).take([0.0] * 50)
    assert [round(delay, 3) for delay in slots.delays] == [0.0, 0.101, 0.202, 0.303, 0.404, 0.505]
    assert HORIZON < slots.next_in < HORIZON + 0.101


def test_calls_that_bunch_on_the_way_never_fill_a_second(monkeypatch: pytest.MonkeyPatch):
    """What leaves evenly may arrive in a heap: the provider counts arrivals, and so do we."""
    monkeypatch.setattr(pacing, "_SECOND", 0.2)
    turnstile, chance, most = Turnstile(), random.Random(4), 10
    arrivals: list[float] = []

    def call(delay: float) -> None:
        with turnstile.passing(time.monotonic(), 0.2 / most, most):
            time.sleep(delay)
            arrivals.append(time.monotonic())
            time.sleep(0.005)

    with ThreadPoolExecutor(8) as pool:
        # Every seventh call is held up on its way for most of a "second".
        list(pool.map(call, [0.15 if i % 7 == 3 else chance.random() * 0.005 for i in range(80)]))
    arrivals.sort()
    assert len(arrivals) == 80
    assert min(later - first for first, later in zip(arrivals, arrivals[most:], strict=False)) > 0.2 - 0.006


def test_the_distance_to_a_person_counts_from_the_call_and_not_from_its_record(paced: None):
    pacer = Pacer(uuid4(), Pace(per_second=30, seconds_per_person=6.0))
    pacer.sent({"346001": 0.0, "346002": 2.5})
    assert [round(wait, 1) for wait in pacer.waits(["346001", "346002", "346003"])] == [6.0, 3.5, 0.0]


def test_a_group_has_a_distance_of_its_own(paced: None):
    pacer = Pacer(uuid4(), Pace(per_second=30, seconds_per_person=1.0, seconds_per_group=3.0))
    pacer.sent({"-100221": 0.0, "621409": 0.0})
    waits = pacer.waits(["-100221", "621409", "-100222"])
    assert [round(wait) for wait in waits] == [3, 1, 0]


def test_a_slot_waits_for_its_person(paced: None):
    slots = Pacer(uuid4(), Pace(per_second=10)).take([0.0, 0.15, 0.15])
    assert [round(delay, 3) for delay in slots.delays] == [0.0, 0.15, 0.251]


def test_files_have_a_lane_of_their_own(paced: None):
    pacer = Pacer(uuid4(), Pace(per_second=100, media_per_second=1))
    assert len(pacer.take([0.0] * 3, is_media=True).delays) == 1
    assert len(pacer.take([0.0] * 3).delays) == 3


def test_a_person_is_left_alone_and_nobody_else(paced: None):
    pacer = Pacer(uuid4(), Pace(per_second=100, seconds_per_person=6))
    pacer.sent({"ana": 0.0})
    ana, bea = pacer.waits(["ana", "bea"])
    assert 5.9 < ana <= 6.03
    assert bea == 0.0


def test_the_providers_own_word_goes_first(paced: None):
    pacer = Pacer(uuid4(), Pace(per_second=100))
    pacer.slow_down("ana", Failure(FailureCode.NOT_REACHABLE, retry_after=60))
    assert len(pacer.take([0.0] * 1).delays) == 1
    pacer.slow_down("ana", Failure(FailureCode.THROTTLED, retry_after=60))
    assert (pacer.take([0.0] * 1).delays, round(pacer.take([0.0] * 1).next_in)) == ([], 60)


def test_a_throttle_of_one_person_does_not_stop_the_others(paced: None):
    pacer = Pacer(uuid4(), Pace(per_second=100, seconds_per_person=6))
    pacer.slow_down("ana", Failure(FailureCode.THROTTLED, retry_after=60, is_per_person=True))
    ana, bea = pacer.waits(["ana", "bea"])
    assert (round(ana), bea, len(pacer.take([0.0] * 1).delays)) == (60, 0.0, 1)


class Provider:
    """Answers like a provider that counts by itself."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, str, str]] = []
        self.script: list[Failure | BaseException] = []

    def send(self, _settings: object, _secrets: object, message: OutboundMessage) -> SendResult:
        self.sent.append((time.monotonic(), message.to, message.text))
        answer = self.script.pop(0) if self.script else None
        if isinstance(answer, Failure):
            raise SendError(answer)
        if answer is not None:
            raise answer
        return SendResult(f"wamid.{len(self.sent)}")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    played = Provider()
    monkeypatch.setattr(registry.get("whatsapp_cloud"), "send", played.send)
    return played


def pace(monkeypatch: pytest.MonkeyPatch, pace: Pace) -> None:
    monkeypatch.setattr(registry.get("whatsapp_cloud"), "pace", lambda _settings, _facts: pace)


def queue(shop: Shop, who: str, *texts: str) -> list[UUID]:
    conversation_id = write_in(shop, who=who).conversation_id
    ids: list[UUID] = []
    for text in texts:
        with Work(shop.support) as work:
            ids.append(UUID(service.reply(work, conversation_id, text, draft_id=uuid4().hex)[0].id))
    return ids


def statuses(shop: Shop, ids: list[UUID]) -> list[str]:
    with Work(shop.system) as work:
        return [work.get(Message, message_id).status.value for message_id in ids]


def test_a_channel_is_drained_at_its_pace_in_the_order_of_each_thread(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
):
    pace(monkeypatch, Pace(per_second=20, seconds_per_person=0.5))
    ids = [*queue(shop, "34611000001", "a1", "a2"), *queue(shop, "34611000002", "b1", "b2")]
    outbound.deliver(shop.company_id, shop.whatsapp_id)
    assert statuses(shop, ids) == ["sent"] * 4
    assert [text for _, to, text in provider.sent if to.endswith("1")] == ["a1", "a2"]
    assert [text for _, to, text in provider.sent if to.endswith("2")] == ["b1", "b2"]
    times = sorted(at for at, _, _ in provider.sent)
    assert min(b - a for a, b in itertools.pairwise(times)) > 0.04
    for person in ("1", "2"):
        first, second = (at for at, to, _ in provider.sent if to.endswith(person))
        assert second - first > 0.5


def test_what_has_to_wait_long_is_left_to_a_later_drain(
    shop: Shop, provider: Provider, monkeypatch: pytest.MonkeyPatch
):
    pace(monkeypatch, Pace(per_second=80, seconds_per_person=60))
    ids = queue(shop, "34611000001", "a1", "a2")
    started = time.monotonic()
    outbound.deliver(shop.company_id, shop.whatsapp_id)
    assert time.monotonic() - started < 5
    assert (statuses(shop, ids), [text for *_, text in provider.sent]) == (["sent", "queued"], ["a1"])


def test_one_bad_call_costs_the_others_nothing(shop: Shop, provider: Provider):
    provider.script = [Failure(FailureCode.NOT_REACHABLE, "131026"), ValueError("a bug of ours")]
    ids = [queue(shop, f"3461100000{n}", "hola")[0] for n in range(4)]
    outbound.deliver(shop.company_id, shop.whatsapp_id)
    assert sorted(statuses(shop, ids)) == ["failed", "sent", "sent", "unknown"]


def test_a_second_drain_leaves_the_channel_to_the_first(shop: Shop, provider: Provider, valkey: Any):
    (message_id,) = queue(shop, "34611000001", "hola")
    valkey.set(f"drain:{shop.whatsapp_id}", "somebody", ex=60)
    outbound.deliver(shop.company_id, shop.whatsapp_id)
    assert (statuses(shop, [message_id]), provider.sent) == (["queued"], [])
    valkey.delete(f"drain:{shop.whatsapp_id}")
    outbound.deliver(shop.company_id, shop.whatsapp_id)
    assert statuses(shop, [message_id]) == ["sent"]
