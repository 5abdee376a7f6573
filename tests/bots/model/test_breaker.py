import time
from uuid import uuid4

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from saas_admin.bots import breaker
from saas_admin.core import realtime


@pytest.fixture(autouse=True)
def _short(valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    del valkey
    monkeypatch.setattr(breaker, "FIRST_PAUSE", 0.2)
    monkeypatch.setattr(breaker, "LONGEST_PAUSE", 0.5)


def test_five_troubles_open_it_for_this_company_alone():
    mine, theirs = uuid4(), uuid4()
    assert [breaker.note_trouble(mine) for _ in range(5)] == [False] * 4 + [True]
    assert (breaker.may_ask(mine), breaker.may_ask(theirs)) == (False, True)
    assert 0 < breaker.seconds_left(mine) <= 0.2
    assert breaker.seconds_left(theirs) == 0


def test_after_the_pause_one_probe_goes_and_its_success_closes_it():
    company = _opened()
    time.sleep(0.25)
    assert [breaker.may_ask(company) for _ in range(3)] == [True, False, False]
    breaker.close(company)
    assert [breaker.may_ask(company) for _ in range(3)] == [True, True, True]


def test_a_probe_that_fails_opens_it_for_longer_and_longer():
    company = _opened()
    for pause in (0.4, 0.5, 0.5):
        time.sleep(breaker.seconds_left(company) + 0.02)
        assert breaker.may_ask(company)
        assert breaker.note_trouble(company)
        # The pause is measured by two clocks, the store's and ours.
        assert pause - 0.1 < breaker.seconds_left(company) <= pause + 0.001


def test_troubles_that_lie_apart_open_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(breaker, "WINDOW", 1)
    company = uuid4()
    for _ in range(4):
        breaker.note_trouble(company)
    time.sleep(1.1)
    assert breaker.note_trouble(company) is False
    assert breaker.may_ask(company)


def test_a_straggler_of_before_the_pause_makes_it_no_longer():
    company = _opened()
    left = breaker.seconds_left(company)
    assert breaker.note_trouble(company) is False
    assert breaker.seconds_left(company) <= left


def test_without_valkey_every_call_passes(monkeypatch: pytest.MonkeyPatch):
    gone = redis.Redis(port=1, socket_connect_timeout=0.1, retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(breaker, "sync_client", lambda: gone)
    breaker._script.cache_clear()
    company = uuid4()
    assert (breaker.may_ask(company), breaker.note_trouble(company), breaker.seconds_left(company)) == (True, False, 0)
    breaker.close(company)
    breaker._script.cache_clear()
    monkeypatch.setattr(breaker, "sync_client", realtime.sync_client)


def _opened():
    company = uuid4()
    for _ in range(5):
        breaker.note_trouble(company)
    return company
