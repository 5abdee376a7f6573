"""Agents at their keyboards, as a process of its own: `python -m tests.prove.agents` reads its orders from stdin.

Like a browser, an agent whose answer was not taken sends the same draft again.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from uuid import UUID

from saas_admin.conversations import service
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.errors import AppError
from saas_admin.core.permissions import Role
from saas_admin.core.work import Work

TYPING = 4
"""People who answer at the same time."""
PATIENCE = 120


@dataclass(frozen=True)
class Orders:
    company_id: str
    user_id: str
    conversations: list[str]
    each: int
    pause: float

    def json(self) -> str:
        return json.dumps(asdict(self))


def answer_all(orders: Orders) -> None:
    actor = Actor(ActorKind.AGENT, UUID(orders.company_id), UUID(orders.user_id), Role.ADMIN, "Nuria Sanchis")

    def answer(conversation_id: str) -> None:
        for n in range(orders.each):
            _say(actor, UUID(conversation_id), f"respuesta {n}", f"{conversation_id}-{n}")
            time.sleep(orders.pause)

    with ThreadPoolExecutor(TYPING) as pool:
        list(pool.map(answer, orders.conversations))


def _say(actor: Actor, conversation_id: UUID, text: str, draft_id: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with Work(actor) as work:
                service.reply(work, conversation_id, text, draft_id=draft_id)
        except AppError:
            raise
        except Exception as error:
            if time.monotonic() > until:
                raise
            _tell("again", type(error).__name__)
            time.sleep(0.3)
        else:
            return _tell("queued", draft_id)


def _tell(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    answer_all(Orders(**json.load(sys.stdin)))
