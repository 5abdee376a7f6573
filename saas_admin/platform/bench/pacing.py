"""Sending at the pace a provider allows: 2,000 messages to 500 people, 80 a second and one per person in 6 seconds.

The sandbox plays a WhatsApp that tolerates no burst: every message too fast is refused and counted.
"""

import json
import time
import urllib.request
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlmodel import col

from saas_admin.adapters.channels.base import InboundMessage, MessageKind, Sender
from saas_admin.conversations import receive, service
from saas_admin.core.actor import Actor
from saas_admin.core.clock import now
from saas_admin.core.config import get_settings
from saas_admin.core.engines import Layout
from saas_admin.core.work import Work
from saas_admin.models import Channel, Message
from saas_admin.models.message import Direction, MessageStatus
from saas_admin.platform.bench import stack
from saas_admin.platform.bench.report import Budget, Report
from saas_admin.platform.bench.shop import APP_SECRET, NUMBER_ID, Shop, open_shop
from saas_admin.platform.supervisor import Supervisor

PER_SECOND = 80
SECONDS_PER_PERSON = 6.0
PATIENCE = 180


@dataclass(frozen=True)
class Size:
    people: int
    each: int


QUICK, FULL = Size(250, 2), Size(500, 4)


def run(quick: bool) -> Report:
    with stack.sandbox() as sandbox, stack.instance(META_GRAPH_URL=sandbox, SEND_PACE="1"):
        return measure(open_shop(), sandbox, QUICK if quick else FULL)


def measure(shop: Shop, sandbox: str, size: Size) -> Report:
    report = Report("pacing")
    people = [f"346{n:08d}" for n in range(size.people)]
    _arrange(shop, sandbox, people)
    supervisor = Supervisor(Layout.at(get_settings().data_dir))
    # All is queued before the first leaves: what is measured is the sending, not the queueing.
    supervisor.stop("sender")
    _queue(shop, people, size.each)
    supervisor.start("sender")
    wanted = size.people * size.each
    sent = _settle(shop, wanted)
    told = _ask(f"{sandbox}/_control/sends")
    times: list[float] = sorted(told["accepted_at"])
    took = times[-1] - times[0] if times else 0.0
    allowed = max((wanted - 1) / PER_SECOND, (size.each - 1) * SECONDS_PER_PERSON)
    report.figures = {
        "messages": wanted,
        "people": size.people,
        "accepted": len(times),
        "sent": sent,
        "refused_for_number": told["refused_for_rate"]["number"],
        "refused_for_person": told["refused_for_rate"]["pair"],
        "seconds": round(took, 2),
        "seconds_the_limits_ask": round(allowed, 2),
        "per_second": round((len(times) - 1) / took, 2) if took else 0.0,
    }
    report.budgets = {
        "not_sent": Budget(wanted - sent, 0),
        "refused_for_rate": Budget(sum(told["refused_for_rate"].values()), 0),
        "sent_twice": Budget(max(0, len(times) - wanted), 0),
        "share_of_what_is_allowed": Budget(round(allowed / took, 3) if took else 0.0, 0.95, more_is_better=True),
    }
    return report


def _arrange(shop: Shop, sandbox: str, people: list[str]) -> None:
    public_url = get_settings().public_url
    number = {
        "phone_number_id": NUMBER_ID,
        "waba_id": "209715200445566",
        "display_phone": "+34 960 31 82 74",
        "access_token": "EAAbench",
        "app_secret": APP_SECRET,
        "verify_token": "bench",
        "webhook_url": f"{public_url}/webhooks/whatsapp_cloud/{shop.number.public_id}",
    }
    _ask(f"{sandbox}/_control/numbers", number)
    _ask(f"{sandbox}/_control/people", [{"wa_id": person, "name": f"Cliente {person[-3:]}"} for person in people])
    earlier = {"is_mine": True, "type": "text", "content": {"body": "Hola"}}
    chats = [{"wa_id": p, "phone_number_id": NUMBER_ID, "messages": [{**earlier, "id": f"wamid.{p}"}]} for p in people]
    _ask(f"{sandbox}/_control/chats", chats)
    # Receipts would make the machine, not the pace, the limit: two cores play provider and product here.
    _ask(f"{sandbox}/_control/faults", {"strict_rates": True, "webhooks": {"drop": 1.0}})
    with Work(Actor.system(shop.company_id)) as work:
        channel = work.get(Channel, shop.whatsapp_id)
        for person in people:
            sender = Sender(person, name=f"Cliente {person[-3:]}", phone=f"+{person}")
            receive.receive(work, channel, InboundMessage(f"wamid.{person}", sender, now(), MessageKind.TEXT, "Hola"))
        work.tell_nobody()


def _queue(shop: Shop, people: list[str], each: int) -> None:
    query = select(col(Message.conversation_id)).where(
        col(Message.company_id) == shop.company_id, col(Message.channel_id) == shop.whatsapp_id
    )
    with Work(shop.admin) as work:
        conversations: list[UUID] = [row[0] for row in work.session.execute(query)]
    for turn in range(each):
        for conversation_id in conversations:
            with Work(shop.admin) as work:
                service.reply(work, conversation_id, f"Tu pedido va en camino ({turn + 1})", draft_id=uuid4().hex)


def _settle(shop: Shop, wanted: int) -> int:
    until = time.monotonic() + PATIENCE
    sent = 0
    while sent < wanted and time.monotonic() < until:
        time.sleep(0.5)
        with Work(shop.admin) as work:
            sent = int(
                work.session.scalar(
                    select(func.count()).where(
                        col(Message.company_id) == shop.company_id,
                        col(Message.direction) == Direction.OUT,
                        col(Message.status).in_([MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ]),
                    )
                )
                or 0
            )
    return sent


def _ask(url: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})  # noqa: S310 - our own sandbox
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)
