"""From a message that is stored to the bot's answer that is queued, by route; and what the answering process weighs.

The instance runs as an operator's would; messages are stored by this process, one after another, each of a new customer.
"""

import time
from collections import defaultdict
from statistics import quantiles
from uuid import UUID, uuid4

import psutil
from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels.base import InboundMessage, MessageKind, Sender
from saas_admin.bots import provider
from saas_admin.bots import service as bots
from saas_admin.conversations import receive
from saas_admin.core.actor import Actor
from saas_admin.core.clock import now
from saas_admin.core.config import get_settings
from saas_admin.core.engines import Layout
from saas_admin.core.work import Work
from saas_admin.faqs.transfer import importing
from saas_admin.models import BotAnswer, Channel, Knowledge, Message
from saas_admin.models.bot import Route
from saas_admin.platform.bench import stack
from saas_admin.platform.bench.report import Budget, Report
from saas_admin.platform.bench.shop import Shop, open_shop
from saas_admin.platform.places import ROOT
from saas_admin.platform.supervisor import Supervisor
from saas_admin.sandbox.openai_script import KEY, MODEL

ASKED = (
    "¿Cuánto tarda el envío?",
    "cuanto demora en llegar a mi casa",
    "aceptan tarjeta",
    "se puede devolver si no me gusta",
    "hola, una pregunta",
    "quiero hablar con una persona",
    "¿quién ganó la liga?",
    "que cafe me recomiendas para la moka",
    "tienen tienda fisica",
    "muchas gracias",
)
PATIENCE = 60
FAQS_FILE = ROOT / "saas_admin" / "sandbox" / "demo_files" / "faqs.jsonl"


def run(quick: bool) -> Report:
    with stack.sandbox() as sandbox, stack.instance():
        return measure(open_shop(), sandbox, 3 if quick else 20)


def measure(shop: Shop, sandbox: str, rounds: int) -> Report:
    report = Report("answers")
    _teach(shop)
    _ask(shop, ASKED)
    without = _ask(shop, ASKED * rounds)
    with Work(shop.admin) as work:
        settings = {"base_url": f"{sandbox}/v1", "key": KEY, "model": MODEL, "price_in": "0", "price_out": "0"}
        provider.save(work, {**settings, "monthly_cap": "20", "embedding_model": ""})
        bots.set_thresholds(work, 0.99, 0.0)
    with_model = {
        route: took for route, took in _ask(shop, ASKED * max(1, rounds // 4)).items() if route == Route.MODEL.value
    }
    figures: dict[str, object] = {}
    for route, took in {**without, **with_model}.items():
        figures[f"{route}_count"] = len(took)
        figures[f"{route}_p50_ms"] = round(_share(took, 50), 1)
        figures[f"{route}_p95_ms"] = round(_share(took, 95), 1)
    direct = [*without.get(Route.EXACT.value, []), *without.get(Route.FAQ.value, [])]
    figures["answerer_pss_mb"] = _weight("answerer")
    report.figures = figures
    report.budgets = {
        "faq_p50_ms": Budget(round(_share(direct, 50), 1), 120, 50),
        "not_answered": Budget(len(ASKED) * rounds - sum(map(len, without.values())), 0),
    }
    return report


def _teach(shop: Shop) -> None:
    with Work(shop.admin) as work:
        importing.run(work, FAQS_FILE.read_bytes(), "es", name=FAQS_FILE.name)
        bots.set_manner(work, bots.Manner(name="Alba"))
        bots.switch_channel(work, shop.whatsapp_id, True)
        bots.switch(work, True)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with Work(shop.admin) as work:
            known = work.find(Knowledge, shop.company_id)
            if known and known.indexed_version == known.version:
                return
        time.sleep(0.2)


def _ask(shop: Shop, texts: tuple[str, ...]) -> dict[str, list[float]]:
    """Milliseconds from the row of the question to the row of the answer, by route; the next is asked when one is answered."""
    took: dict[str, list[float]] = defaultdict(list)
    for text in texts:
        message = _store(shop, text)
        receipt = _wait_for(shop, message.conversation_id)
        if receipt and receipt.message_id:
            with Work(shop.admin) as work:
                said = work.get(Message, receipt.message_id)
            took[receipt.route.value].append((said.created_at - message.created_at).total_seconds() * 1000)
    return dict(took)


def _store(shop: Shop, text: str) -> Message:
    who = f"346{uuid4().int % 10**8:08d}"
    inbound = InboundMessage(
        f"wamid.{uuid4().hex}", Sender(who, name="Cliente", phone=f"+{who}"), now(), MessageKind.TEXT, text
    )
    with Work(Actor.system(shop.company_id)) as work:
        message = receive.receive(work, work.get(Channel, shop.whatsapp_id), inbound)
    if message is None:
        raise RuntimeError("a message of a new customer was known already")
    return message


def _wait_for(shop: Shop, conversation_id: UUID) -> BotAnswer | None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with Work(shop.admin) as work:
            found = work.first(select(BotAnswer).where(col(BotAnswer.conversation_id) == conversation_id))
        if found:
            return found
        time.sleep(0.01)
    return None


def _share(values: list[float], percent: int) -> float:
    if len(values) < 2:
        return values[0] if values else 0.0
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def _weight(program: str) -> float:
    """Megabytes of its own and its share of what it has in common with others."""
    pid = Supervisor(Layout.at(get_settings().data_dir)).pids()[program]
    return round(psutil.Process(pid).memory_full_info().pss / 1e6, 1)
