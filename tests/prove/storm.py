"""A company under load: customers write through signed webhooks, agents answer, and afterwards everything is counted."""

import asyncio
import contextlib
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import psycopg

from saas_admin.core.config import child_environment
from saas_admin.platform.places import ROOT
from tests.instance import Running
from tests.prove.agents import Orders
from tests.shop import APP_SECRET, PASSWORD, envelope, signed, text_item

ENDED = {"sent", "delivered", "read", "failed", "unknown"}
LATENCY = 0.05
"""Seconds the provider thinks about each message it has taken."""
RECEIPT_SECONDS = 5
DOUBLED = 0.2
"""Share of the webhooks that come twice at the same time."""
SENDERS = 12
AHEAD = 90
"""Customers do not get further ahead of the agents than this: what is killed is killed amid both."""


@dataclass(frozen=True)
class Size:
    customers: int
    each: int
    """Messages of a customer, and answers to them."""
    pause: float

    @property
    def messages(self) -> int:
        return self.customers * self.each


@dataclass(eq=False)
class Storm:
    """One company with one number on a running instance, and its traffic."""

    instance: Running
    size: Size
    company_id: str = ""
    user_id: str = ""
    webhook_url: str = ""
    number_id: str = field(default_factory=lambda: str(random.randrange(10**14, 10**15)))
    accepted: set[str] = field(default_factory=set[str])
    """Provider ids of the messages that were answered with 200."""
    refused: Counter[int] = field(default_factory=Counter[int])
    """Answers that made Meta try again, by status; 0 is no answer."""
    posts: int = 0
    queued: int = 0
    agents_again: int = 0
    problems: list[BaseException] = field(default_factory=list[BaseException])
    threads: list[threading.Thread] = field(default_factory=list[threading.Thread])
    _agents: "subprocess.Popen[str] | None" = None
    _is_over: bool = False
    _left: dict[str, int] = field(default_factory=dict[str, int])

    def __enter__(self) -> "Storm":
        return self._open()

    def __exit__(self, *_: object) -> None:
        """Whatever happened, nobody goes on writing."""
        self._is_over = True
        if self._agents:
            self._agents.kill()
        for thread in self.threads:
            thread.join(30)
        self.control("faults", {"lenient": False, "status_scale": 1.0, "retry_scale": 1.0})

    # Before

    def _open(self) -> "Storm":
        made = self._cli(
            *("company", "create", "--name", "Café Alborada", "--password", PASSWORD),
            *("--email", f"nuria-{uuid4().hex[:10]}@alborada.example"),
        )
        self.company_id, self.user_id = made["company_id"], made["user_id"]
        token = f"EAA{uuid4().hex}"
        settings = {"phone_number_id": self.number_id, "waba_id": "209715200445566", "verify_token": "canela"}
        secrets = {"access_token": token, "app_secret": APP_SECRET}
        pairs = [f"{key}={value}" for key, value in {**settings, **secrets}.items()]
        channel = self._cli(
            "channel", "add", "whatsapp_cloud", "--company", self.company_id, "--no-check", "--set", *pairs
        )
        self.webhook_url = channel["webhook_url"]
        self.control("faults", {"lenient": True, "status_scale": 0.2, "retry_scale": 0.2})
        number = {**settings, **secrets, "display_phone": "+34 960 13 52 07", "webhook_url": self.webhook_url}
        assert self.control("numbers", number)["handshake"]
        return self

    def control(self, path: str, said: Any) -> Any:
        answer = httpx.post(f"http://127.0.0.1:{self._runtime['sandbox_port']}/_control/{path}", json=said, timeout=20)
        answer.raise_for_status()
        return answer.json()

    # Traffic

    def begin(self) -> None:
        """Everybody says hello; then customers and agents write side by side, until all is said."""
        asyncio.run(self._post_all([self._item(c, 0) for c in range(self.size.customers)], in_step=False))
        self.wait(lambda: len(self.conversations()) == self.size.customers)
        self.control("faults", {"sends": [{"kind": "timeout_after", "count": None, "seconds": LATENCY}]})
        rest = [self._item(c, n) for n in range(1, self.size.each) for c in range(self.size.customers)]
        self.threads = [
            self._in_thread(lambda: asyncio.run(self._post_all(rest, in_step=True))),
            self._in_thread(self._answer_all),
        ]

    def wait_for_the_middle(self) -> None:
        """A third of the messages of both directions is in the database, and the provider has taken a fifth."""
        said = self.size.messages
        self.wait(lambda: min(len(self.accepted), self.queued) >= said / 3 and len(self.provider_log()) >= said / 5)

    def wait(self, condition: Callable[[], bool], stalled: float = 75) -> None:
        """As long as it goes on: how fast depends on who else uses this machine."""
        before: object = None
        until = 0.0
        while not condition():
            assert not self.problems, self.problems
            if (progress := (len(self.accepted), self.queued, self.left())) != before:
                before, until = progress, time.monotonic() + stalled
            assert time.monotonic() < until, f"nothing happened for {stalled} s: {progress}"
            time.sleep(0.25)

    def _item(self, customer: int, n: int) -> dict[str, Any]:
        wamid = f"wamid.{self.number_id}.{customer}.{n}"
        return text_item(f"34600{self.number_id[:3]}{customer:03d}", f"pregunta {n}", wamid=wamid)

    async def _post_all(self, items: list[dict[str, Any]], *, in_step: bool) -> None:
        line = iter(items)
        async with httpx.AsyncClient(timeout=20, trust_env=False) as http:

            async def sender() -> None:
                for item in line:
                    while in_step and self._are_customers_ahead:  # noqa: ASYNC110 - the agents are another process
                        await asyncio.sleep(0.05)
                    again = random.random() < DOUBLED
                    await asyncio.gather(*[self._post(http, item) for _ in range(2 if again else 1)])
                    await asyncio.sleep(self.size.pause)

            await asyncio.gather(*[sender() for _ in range(SENDERS)])

    @property
    def _are_customers_ahead(self) -> bool:
        return len(self.accepted) > self.queued + AHEAD and not self._is_over

    async def _post(self, http: httpx.AsyncClient, item: dict[str, Any]) -> None:
        """As Meta: until somebody answers 2xx."""
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "34960135207", "phone_number_id": self.number_id},
            "contacts": [{"wa_id": item["from"], "profile": {"name": "Marta Soler"}}],
            "messages": [item],
        }
        body = envelope(value)
        until = time.monotonic() + 120
        while time.monotonic() < until and not self._is_over:
            self.posts += 1
            try:
                status = (await http.post(self.webhook_url, content=body, headers=signed(body))).status_code
            except httpx.HTTPError:
                status = 0
            if status == 200:
                self.accepted.add(item["id"])
                return
            self.refused[status] += 1
            await asyncio.sleep(0.5)
        raise AssertionError(f"no webhook was taken for two minutes: {self.refused}")

    def _answer_all(self) -> None:
        orders = Orders(self.company_id, self.user_id, self.conversations(), self.size.each, self.size.pause)
        environment = child_environment(SAAS_ADMIN_DATA_DIR=str(self.instance.data_dir))
        command = [sys.executable, "-m", "tests.prove.agents"]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as self._agents:
            process = self._agents
            assert process.stdin
            assert process.stdout
            process.stdin.write(orders.json())
            process.stdin.close()
            for line in process.stdout:
                self.queued += line.startswith("queued")
                self.agents_again += line.startswith("again")
        assert process.returncode == 0

    def _in_thread(self, run: Any) -> threading.Thread:
        def guarded() -> None:
            try:
                run()
            except BaseException as problem:
                self.problems.append(problem)

        thread = threading.Thread(target=guarded, daemon=True)
        thread.start()
        return thread

    # Afterwards

    def left(self) -> dict[str, int]:
        """What is not at its end yet; while the database is away, as much as before."""
        with contextlib.suppress(psycopg.OperationalError), self.owner() as database:
            outbound = "SELECT status, count(*) FROM message WHERE company_id = %s AND status IN ('queued', 'sending') GROUP BY 1"
            inbound = "SELECT count(*) FROM inbound_event WHERE company_id = %s AND handled_at IS NULL"
            statuses = {str(status): int(n) for status, n in database.execute(outbound, [self.company_id])}
            self._left = {
                **statuses,
                "unhandled": int((database.execute(inbound, [self.company_id]).fetchone() or [0])[0]),
            }
        return self._left

    def settle(self) -> None:
        self.wait(lambda: not any(thread.is_alive() for thread in self.threads))
        assert not self.problems, self.problems
        self.wait(lambda: not any(self.left().values()))
        # What the provider still has to say (receipts, retried webhooks) is said within seconds.
        time.sleep(RECEIPT_SECONDS)
        self.wait(lambda: not any(self.left().values()))

    def conversations(self) -> list[str]:
        with self.owner() as database:
            query = "SELECT id::text FROM conversation WHERE company_id = %s ORDER BY id"
            return [str(row[0]) for row in database.execute(query, [self.company_id])]

    def export(self, what: str) -> list[dict[str, Any]]:
        lines = self.instance.cli("export", what, "--company", self.company_id).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def provider_log(self) -> list[dict[str, Any]]:
        """Every message the sandbox has accepted, in the order it took them."""
        world = json.loads((self.instance.data_dir / "sandbox" / "world.json").read_text())
        chats = [chat for chat in world["chats"] if chat["phone_number_id"] == self.number_id]
        sent = [{**m, "wa_id": chat["wa_id"]} for chat in chats for m in chat["messages"] if not m["is_mine"]]
        return sorted(sent, key=lambda message: message["at"])

    def counts(self) -> tuple[Any, Any]:
        """The kept counts, and the same counted from the rows."""
        kept = "SELECT bucket, owner, sum(n)::int FROM conversation_count WHERE company_id = %s GROUP BY 1, 2 HAVING sum(n) <> 0 ORDER BY 1, 2"
        real = (
            "SELECT bucket, coalesce(assignee_id, '00000000-0000-0000-0000-000000000000'), count(*)::int"
            " FROM conversation WHERE company_id = %s GROUP BY 1, 2 ORDER BY 1, 2"
        )
        with self.owner() as database:
            return (
                database.execute(kept, [self.company_id]).fetchall(),
                database.execute(real, [self.company_id]).fetchall(),
            )

    @contextmanager
    def owner(self) -> "Iterator[psycopg.Connection[Any]]":
        with psycopg.connect(self._runtime["owner_database_url"], connect_timeout=5, autocommit=True) as connection:
            yield connection

    @property
    def _runtime(self) -> dict[str, Any]:
        return json.loads((self.instance.data_dir / "runtime.json").read_text())

    def _cli(self, *arguments: str) -> dict[str, Any]:
        return json.loads(self.instance.cli(*arguments, "--json").stdout)
