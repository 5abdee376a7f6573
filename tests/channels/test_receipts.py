"""What a customer is told: that somebody read, that somebody types."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import Failure, FailureCode, SendError
from saas_admin.channels import receipts
from saas_admin.channels import service as channels
from saas_admin.conversations import service, visitor
from saas_admin.core import jobs, work
from saas_admin.core.actor import Actor
from saas_admin.core.jobs import Job
from saas_admin.core.work import Work
from saas_admin.models import Channel, Message
from tests.shop import Shop, open_shop, write_in

pytestmark = pytest.mark.usefixtures("db", "valkey")

Sent = list[tuple[str, bool]]


@pytest.fixture
def shop() -> Shop:
    return open_shop()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """(message, typing) of each job that would tell a provider."""
    found: Sent = []

    def send(job: Job, **arguments: Any) -> bool:
        if job is Job.ACKNOWLEDGE:
            found.append((arguments["message_id"], arguments["typing"]))
        return True

    monkeypatch.setattr(work.jobs, "send", send)
    assert work.jobs is jobs
    return found


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """(provider's id, typing) as the adapter hears it."""
    heard: Sent = []

    def acknowledge(_settings: Any, _secrets: Any, provider_id: str, *, typing: bool = False) -> None:
        heard.append((provider_id, typing))

    monkeypatch.setattr(registry.get("whatsapp_cloud"), "acknowledge", acknowledge)
    return heard


def see(shop: Shop, conversation_id: UUID, who: Actor | None = None) -> None:
    with Work(who or shop.support) as work:
        service.mark_read(work, conversation_id)


def test_opening_an_unread_thread_acknowledges_the_latest_message_once(shop: Shop, asked: Sent):
    write_in(shop, "uno")
    latest = write_in(shop, "dos")
    see(shop, latest.conversation_id)
    see(shop, latest.conversation_id)
    assert asked == [(str(latest.id), False)]


def test_an_answer_acknowledges_what_it_answers(shop: Shop, asked: Sent):
    message = write_in(shop)
    with Work(shop.support) as work:
        service.reply(work, message.conversation_id, "Sí", draft_id=uuid4().hex)
    assert asked == [(str(message.id), False)]
    with Work(shop.system) as work:
        assert work.get(Message, message.id).status == "read"


def test_who_may_not_answer_turns_no_ticks(shop: Shop, asked: Sent, monkeypatch: pytest.MonkeyPatch):
    message = write_in(shop)
    may = Actor.can
    monkeypatch.setattr(Actor, "can", lambda self, wanted: wanted != "conversations:reply" and may(self, wanted))
    see(shop, message.conversation_id)
    assert asked == []


def test_typing_is_told_once_in_twenty_seconds(shop: Shop, asked: Sent):
    write_in(shop, "uno")
    latest = write_in(shop, "dos")
    for on in (False, True, True, False):
        with Work(shop.support) as work:
            service.typing(work, latest.conversation_id, on)
    assert asked == [(str(latest.id), True)]


def test_web_chat_has_no_provider_to_tell(shop: Shop, asked: Sent):
    with Work(shop.system) as work:
        said = visitor.say(work, shop.webchat_id, "v:1", uuid4(), "Hola")
    with Work(shop.support) as work:
        service.typing(work, UUID(said.conversation_id), True)
    see(shop, UUID(said.conversation_id))
    assert asked == []


@pytest.mark.parametrize("typing", [False, True])
def test_the_provider_hears_its_own_id(shop: Shop, told: Sent, typing: bool):
    message = write_in(shop, provider_id="wamid.IN1")
    receipts.acknowledge(shop.company_id, message.id, typing=typing)
    assert told == [("wamid.IN1", typing)]


def test_a_channel_that_is_off_and_a_message_that_is_not_theirs_tell_nobody(shop: Shop, told: Sent):
    message = write_in(shop)
    with Work(shop.support) as work:
        (answer,) = service.reply(work, message.conversation_id, "Sí", draft_id=uuid4().hex)
    receipts.acknowledge(shop.company_id, UUID(answer.id))
    receipts.acknowledge(shop.company_id, uuid4())
    receipts.acknowledge(open_shop("Otra", number_id="104857600445566").company_id, message.id)
    with Work(shop.admin) as work:
        channels.disable(work, shop.whatsapp_id)
    receipts.acknowledge(shop.company_id, message.id)
    assert told == []


@pytest.mark.parametrize("code", [FailureCode.UNAUTHORISED, FailureCode.PROVIDER_DOWN, FailureCode.OUTCOME_UNKNOWN])
def test_a_failure_is_left_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch, asked: Sent, code: FailureCode):
    tries: list[str] = []

    def refuse(_settings: Any, _secrets: Any, provider_id: str, *, typing: bool = False) -> None:
        tries.append(provider_id)
        raise SendError(Failure(code, "190"))

    monkeypatch.setattr(registry.get("whatsapp_cloud"), "acknowledge", refuse)
    message = write_in(shop)
    receipts.acknowledge(shop.company_id, message.id)
    assert (len(tries), asked) == (1, [])
    with Work(shop.system) as work:
        assert work.get(Channel, shop.whatsapp_id).last_error_code is None
