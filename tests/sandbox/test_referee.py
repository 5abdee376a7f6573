"""pywa, a client other people wrote, takes the sandbox for WhatsApp: sends, and reads its webhooks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from pywa import WhatsApp
from pywa.errors import ExpiredAccessToken
from pywa.types import Message, MessageStatus
from pywa.types.message_status import MessageStatusType

from tests.sandbox.conftest import SECRETS, SETTINGS, XIMENA, PhonePage, Sandbox, wait_for


@contextmanager
def client(sandbox: Sandbox, token: str = SECRETS["access_token"]) -> Iterator[WhatsApp]:
    with httpx.Client(trust_env=False) as session:
        whatsapp = WhatsApp(phone_id=SETTINGS["phone_number_id"], token=token, session=session)
        session.base_url = f"{sandbox.url}/v23.0"
        yield whatsapp


def test_pywa_talks_to_the_sandbox(sandbox: Sandbox, phone: PhonePage):
    with client(sandbox) as whatsapp:
        _talk(whatsapp, sandbox, phone)


def _talk(whatsapp: WhatsApp, sandbox: Sandbox, phone: PhonePage) -> None:
    phone.send_text("¿Abren hoy?")
    wait_for(sandbox.messages)
    read = Message.from_update(whatsapp, json.loads(sandbox.receiver.asked[0].body))
    assert (read.text, read.from_user.wa_id, read.from_user.name) == ("¿Abren hoy?", XIMENA, "Ximena Robles")

    sent = whatsapp.send_message(to=XIMENA, text="Hasta las 20:30", tracker="0193a7e2")
    assert phone.until("message")["message"]["content"]["body"] == "Hasta las 20:30"
    wait_for(lambda: len(sandbox.statuses()) == 2)
    status = MessageStatus.from_update(whatsapp, json.loads(sandbox.receiver.asked[-1].body))
    assert (status.id, status.status, status.tracker) == (sent.id, MessageStatusType.DELIVERED, "0193a7e2")


def test_pywa_understands_the_errors(sandbox: Sandbox):
    with client(sandbox, "EAAGwrong") as whatsapp, pytest.raises(ExpiredAccessToken):
        whatsapp.send_message(to=XIMENA, text="hola")
