"""Damaged webhooks: whatever arrives, nothing raises, nothing is lost beside it, and all that comes out can be stored.

`make test` runs a sample, `make prove` the hundred thousand.
"""

import copy
import json
import random
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import BrokenPayload, InboundMessage, StatusUpdate
from tests.adapters.channels.contract import FIXTURES

KINDS = [kind for kind in registry.kinds() if (FIXTURES / kind).is_dir()]
JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    10**400,
    1.5,
    float("nan"),
    float("inf"),
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "ñ" * 70_000,
    "🇪🇸‮",
    "5213318472290",
    "US.1",
    [],
    [[]],
    [None] * 300,
    {},
    {"id": {"id": []}},
    {"": None, "\x00": "\x00"},
]


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_webhooks(kind):
    _try(kind, 1_500)


@pytest.mark.prove
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_hundred_thousand_damaged_webhooks(kind):
    _try(kind, 100_000)


def _try(kind: str, cases: int) -> None:
    adapter = registry.get(kind)
    bodies = [_read(path) for path in sorted((FIXTURES / kind).iterdir())]
    is_form = any((FIXTURES / kind).glob("*.form"))
    chance = random.Random(20261122)
    for case in range(cases):
        damaged = copy.deepcopy(chance.choice(bodies))
        for _ in range(chance.randint(1, 4)):
            _damage(damaged, chance)
        # A provider that speaks in forms may speak JSON too.
        body = _form(damaged) if is_form and chance.random() < 0.6 else _json(damaged, chance)
        if chance.random() < 0.05:
            body = body[: chance.randrange(len(body))]
        try:
            items = adapter.split(body)
        except BrokenPayload:
            continue
        for item in items:
            assert max(len(item.key), len(item.address) + 236) <= 300, case
            _storable([item.key, item.address, item.kind])
            events = adapter.parse(item.payload)
            assert events, case
            for event in events:
                _storable(asdict(event))
                if isinstance(event, InboundMessage | StatusUpdate):
                    assert 0 < len(event.provider_id) <= 300, case
                    assert event.at.tzinfo, case
                if isinstance(event, InboundMessage):
                    assert 0 < len(event.sender.external_id) <= 200, case
                    assert len(event.sender.name or "") <= 120, case
                    assert len(event.text) <= 4 * 4096, case
                    assert (
                        event.media is None or max(len(event.media.mime) + 80, len(event.media.filename or "")) <= 200
                    ), case


def _read(path: Path) -> Any:
    content = path.read_bytes()
    return dict(parse_qsl(content.decode(), keep_blank_values=True)) if path.suffix == ".form" else json.loads(content)


def _json(damaged: Any, chance: random.Random) -> bytes:
    return json.dumps(damaged, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _form(damaged: dict[str, Any]) -> bytes:
    """Lists become repeated names, everything else its words."""
    pairs = [
        (name, each) for name, value in damaged.items() for each in (value if isinstance(value, list) else [value])
    ]
    return urlencode([(name, f"{value}") for name, value in pairs], errors="surrogatepass").encode()


def _damage(tree: Any, chance: random.Random) -> None:
    holders = list(_holders(tree))
    holder = chance.choice(holders)
    if not holder:
        return
    if isinstance(holder, dict):
        key = chance.choice(list(holder))
        action = chance.random()
        if action < 0.25:
            del holder[key]
        elif action < 0.35:
            holder[chance.choice(["type", "id", "from", "context", "extra"])] = copy.deepcopy(chance.choice(JUNK))
        else:
            holder[key] = copy.deepcopy(chance.choice(JUNK))
    else:
        holder.insert(chance.randrange(len(holder) + 1), copy.deepcopy(chance.choice([*JUNK, *holder])))


def _holders(tree: Any) -> Any:
    if isinstance(tree, dict | list):
        yield tree
        for inner in tree.values() if isinstance(tree, dict) else tree:
            yield from _holders(inner)


def _storable(value: Any) -> None:
    """What psycopg and a jsonb column take."""
    written = json.dumps(value, allow_nan=False, ensure_ascii=False, default=str)
    written.encode()
    assert "\\u0000" not in written
