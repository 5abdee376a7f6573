"""The vector store is killed, emptied and filled again while customers ask: every question is answered, none twice."""

import shutil
import threading
import time
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.instance import Running, wait_for

QUESTIONS = 120

# A company with a bot, and its company id.
OPEN = """
import sys
from pathlib import Path
from tests.bots.company import with_bot
company = with_bot(number_id="104857600119933", email="nuria@vectores.example")
Path(sys.argv[1]).write_text(f"{company.shop.company_id} {company.shop.whatsapp_id}")
"""
# A question each 150 ms, each of somebody new.
WRITE = """
import sys, time
from uuid import UUID, uuid4
from saas_admin.adapters.channels.base import InboundMessage, MessageKind, Sender
from saas_admin.conversations import receive
from saas_admin.core.actor import Actor
from saas_admin.core.clock import now
from saas_admin.core.work import Work
from saas_admin.models import Channel
company, channel, count = UUID(sys.argv[1]), UUID(sys.argv[2]), int(sys.argv[3])
for n in range(count):
    who = f"34677{n:06d}"
    asked = InboundMessage(f"wamid.{uuid4().hex}", Sender(who, name="Marta", phone=f"+{who}"), now(), MessageKind.TEXT, "¿Cuánto tarda el envío?")
    with Work(Actor.system(company)) as work:
        receive.receive(work, work.get(Channel, channel), asked)
    time.sleep(0.15)
"""
COUNT = """
import sys
from pathlib import Path
from uuid import UUID
from sqlalchemy import func, select
from sqlmodel import col
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.models import Message
from saas_admin.models.message import AuthorKind
with Work(Actor.system(UUID(sys.argv[1]))) as work:
    said = work.session.execute(
        select(col(Message.conversation_id), func.count()).where(
            col(Message.company_id) == work.company_id, col(Message.author_kind) == AuthorKind.BOT
        ).group_by(col(Message.conversation_id))
    ).all()
    answers = {row[0] for row in work.session.execute(select(col(Message.text)).where(
        col(Message.company_id) == work.company_id, col(Message.author_kind) == AuthorKind.BOT))}
Path(sys.argv[2]).write_text(f"{len(said)} {sum(n for _, n in said)} {len(answers)}")
"""


@pytest.mark.prove
def test_the_store_is_killed_emptied_and_rebuilt_under_traffic() -> None:
    place = Path(mkdtemp(prefix="saas-admin-vectors-", dir="/tmp"))
    with Running(place) as running:
        running.wait_ready()
        told = place / "told"
        running.run(OPEN, str(told))
        company, channel = told.read_text().split()
        traffic = threading.Thread(target=running.run, args=(WRITE, company, channel, str(QUESTIONS)))
        traffic.start()
        time.sleep(3)
        running.kill("chroma")
        shutil.rmtree(place / "chroma", ignore_errors=True)
        time.sleep(4)
        running.kill("answerer")
        time.sleep(4)
        done = running.cli("faq", "reindex", "--company", company, "--json")
        traffic.join()

        def counted() -> list[int]:
            running.run(COUNT, company, str(told))
            return [int(each) for each in told.read_text().split()]

        wait_for(lambda: counted()[0] == QUESTIONS, 120, lambda: str(counted()))
        # One answer each, and every one of them the same words.
        assert counted() == [QUESTIONS, QUESTIONS, 1]
        assert '"texts": 21' in done.stdout
    shutil.rmtree(place, ignore_errors=True)
