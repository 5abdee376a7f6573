"""The sandbox and the WhatsApp adapter speak to each other over the real wire."""

import io
import json
import time
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from saas_admin.adapters import http
from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import DeliveryStatus, FailureCode, MessageKind
from tests.adapters.provider import Answer
from tests.sandbox.conftest import ADAPTER, SECRETS, SETTINGS, XIMENA, PhonePage, Sandbox, free_port, start, wait_for

NUMBER = SETTINGS["phone_number_id"]


def text(words: str = "Sale hoy con DHL", to: str = "523318472290", **more) -> base.OutboundMessage:
    return base.OutboundMessage(to, MessageKind.TEXT, words, **more)


def send(message: base.OutboundMessage) -> str:
    return ADAPTER.send(SETTINGS, SECRETS, message).provider_id


def refusal(message: base.OutboundMessage) -> base.Failure:
    with pytest.raises(base.SendError) as raised:
        send(message)
    return raised.value.failure


def statuses_of(sandbox: Sandbox, count: int) -> list[tuple[str, str]]:
    wait_for(lambda: len(sandbox.statuses()) >= count)
    return [(status.provider_id, status.status) for status in sandbox.statuses()]


def test_message_from_the_phone_arrives_signed_and_escaped(sandbox: Sandbox, phone: PhonePage):
    message_id = phone.send_text("¿Llega mañana? 🙌 https://alborada.example/nubes")
    (message,) = wait_for(sandbox.messages)
    assert (message.provider_id, message.text) == (message_id, "¿Llega mañana? 🙌 https://alborada.example/nubes")
    assert message.sender.external_id == "523318472290"
    assert message.sender.name == "Ximena Robles"
    body = sandbox.receiver.asked[0].body
    assert b"\\u00bfLlega ma\\u00f1ana? \\ud83d\\ude4c https:\\/\\/" in body
    assert phone.until("status")["status"] == "delivered"


def test_answer_reaches_the_phone_and_its_receipts_come_back(sandbox: Sandbox, phone: PhonePage):
    phone.send_text("¿Tienen descafeinado?")
    answer = send(text("Sí, de Huila", callback_data="0193-abc"))
    assert phone.until("message")["message"]["content"]["body"] == "Sí, de Huila"
    assert statuses_of(sandbox, 2) == [(answer, "sent"), (answer, "delivered")]
    assert {status.callback_data for status in sandbox.statuses()} == {"0193-abc"}
    phone.say(do="open", number=NUMBER)
    assert statuses_of(sandbox, 3)[-1] == (answer, "read")


def test_open_chat_reads_at_once_and_a_closed_page_no_more(sandbox: Sandbox, phone: PhonePage):
    phone.say(do="open", number=NUMBER)
    phone.send_text("hola")
    send(text())
    assert [status for _, status in statuses_of(sandbox, 3)] == ["sent", "delivered", "read"]
    phone.close()
    time.sleep(0.1)
    send(text("otra"))
    statuses_of(sandbox, 5)
    time.sleep(0.2)
    assert [status.status for status in sandbox.statuses()][3:] == [DeliveryStatus.SENT, DeliveryStatus.DELIVERED]


def test_phone_without_network_gets_it_later(sandbox: Sandbox, phone: PhonePage):
    phone.send_text("hola")
    phone.say(do="online", on=False)
    time.sleep(0.05)
    answer = send(text())
    assert statuses_of(sandbox, 1) == [(answer, "sent")]
    phone.say(do="online", on=True)
    assert statuses_of(sandbox, 2)[-1] == (answer, "delivered")


def test_outside_the_window_fails_afterwards(sandbox: Sandbox):
    answer = send(text())
    (status,) = wait_for(sandbox.statuses)
    assert (status.provider_id, status.status) == (answer, DeliveryStatus.FAILED)
    assert status.failure.code is FailureCode.WINDOW_CLOSED


def test_window_of_an_old_conversation_is_closed(sandbox: Sandbox):
    old = {"is_mine": True, "type": "text", "content": {"body": "hola"}, "at": time.time() - 90_000}
    sandbox.control("chats", [{"wa_id": XIMENA, "phone_number_id": NUMBER, "messages": [old]}])
    sandbox.control("faults", {"window_errors": "answer"})
    assert refusal(text()).code is FailureCode.WINDOW_CLOSED


def test_number_without_whatsapp(sandbox: Sandbox):
    send(text(to="34600111222"))
    (status,) = wait_for(sandbox.statuses)
    assert status.failure.code is FailureCode.NOT_REACHABLE


def test_credentials(sandbox: Sandbox):
    good = ADAPTER.check(SETTINGS, SECRETS)
    assert (good.ok, good.facts["verified_name"]) == (True, "Café Alborada")
    blamed = [
        ADAPTER.check(SETTINGS, {**SECRETS, "access_token": "EAAGwrong"}).field,
        ADAPTER.check(SETTINGS, {**SECRETS, "app_secret": "wrong"}).field,
        ADAPTER.check({**SETTINGS, "phone_number_id": "11111"}, SECRETS).field,
        ADAPTER.check({**SETTINGS, "waba_id": "11111"}, SECRETS).field,
    ]
    assert blamed == ["access_token", "app_secret", "phone_number_id", "waba_id"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("throttle", FailureCode.THROTTLED),
        ("pair", FailureCode.THROTTLED),
        ("error_500", FailureCode.PROVIDER_DOWN),
        ("error_504", FailureCode.OUTCOME_UNKNOWN),
        ("refuse_token", FailureCode.UNAUTHORISED),
        ("no_id", FailureCode.OUTCOME_UNKNOWN),
        ("error_in_200", FailureCode.PROVIDER_DOWN),
    ],
)
def test_injected_answer(sandbox: Sandbox, phone: PhonePage, fault, code):
    phone.send_text("hola")
    sandbox.control("faults", {"sends": [{"kind": fault}]})
    assert refusal(text("primera")).code is code
    assert send(text("segunda"))


@pytest.mark.parametrize(("fault", "arrives"), [("timeout_before", False), ("timeout_after", True)])
def test_silence(sandbox: Sandbox, phone: PhonePage, monkeypatch, fault, arrives):
    phone.send_text("hola")
    sandbox.control("faults", {"sends": [{"kind": fault, "seconds": 1}]})
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.4)
    assert refusal(text(callback_data="c1")).code is FailureCode.OUTCOME_UNKNOWN
    time.sleep(0.9)
    assert [status.callback_data for status in sandbox.statuses()] == (["c1", "c1"] if arrives else [])


def test_rates(sandbox: Sandbox, phone: PhonePage):
    phone.send_text("hola")
    body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": XIMENA, "text": {"body": "x"}}
    headers = {"authorization": f"Bearer {SECRETS['access_token']}"}
    with httpx.Client() as client:
        answers = [client.post(f"{sandbox.url}/v23.0/{NUMBER}/messages", json=body, headers=headers) for _ in range(46)]
    assert [answer.status_code for answer in answers] == [200] * 45 + [400]
    assert answers[-1].json()["error"]["code"] == 131056


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"messaging_product": "sms"}, 100),
        ({"recipient_type": None}, 100),
        ({"to": ""}, 131008),
        ({"text": {}}, 100),
        ({"text": {"body": "x" * 4097}}, 100),
        ({"type": "hologram"}, 100),
        ({"type": "image", "image": {"id": "77"}}, 131009),
        ({"type": "audio", "audio": {"id": "77", "caption": "no"}}, 100),
    ],
)
def test_request_meta_would_refuse(sandbox: Sandbox, change, code):
    body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": XIMENA, "type": "text"}
    body = {**body, "text": {"body": "hola"}, **change}
    headers = {"authorization": f"Bearer {SECRETS['access_token']}"}
    answer = httpx.post(f"{sandbox.url}/v23.0/{NUMBER}/messages", json=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_files_both_ways(sandbox: Sandbox, phone: PhonePage, tmp_path: Path):
    uploaded = httpx.post(
        f"{sandbox.url}/phone/files", files={"file": ("bolsa.png", b"\x89PNG bolsa", "image/png")}
    ).json()
    content = {"id": uploaded["id"], "caption": "Así llegó"}
    phone.say(do="send", number=NUMBER, draft=uuid4().hex, type="image", content=content)
    (message,) = wait_for(sandbox.messages)
    assert message.media is not None
    into = io.BytesIO()
    fetched = ADAPTER.fetch_media(SETTINGS, SECRETS, message.media, 10_000, into)
    assert (into.getvalue(), fetched.mime, message.text) == (b"\x89PNG bolsa", "image/png", "Así llegó")

    (tmp_path / "recibo").write_bytes(b"%PDF-1.7 recibo")
    file = base.OutboundMedia(MessageKind.DOCUMENT, "application/pdf", "recibo.pdf", tmp_path / "recibo")
    send(base.OutboundMessage("523318472290", MessageKind.DOCUMENT, "Tu recibo", file, reply_to=message.provider_id))
    while (shown := phone.until("message")["message"])["is_mine"]:
        pass
    assert (shown["quoted"], shown["content"]["caption"]) == (message.provider_id, "Tu recibo")
    assert httpx.get(f"{sandbox.url}{shown['file']['url']}").content == b"%PDF-1.7 recibo"


def test_missing_file(sandbox: Sandbox):
    media = base.Media(MessageKind.IMAGE, "image/png", provider_id="12345678901")
    with pytest.raises(base.SendError) as raised:
        ADAPTER.fetch_media(SETTINGS, SECRETS, media, 100, io.BytesIO())
    assert not raised.value.failure.can_retry


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("location", {"latitude": 20.67, "longitude": -103.37, "name": "Portería"}, MessageKind.LOCATION),
        (
            "contacts",
            {"contacts": [{"name": {"formatted_name": "Lupita"}, "phones": [{"phone": "+52 33 2104 7781"}]}]},
            MessageKind.CONTACTS,
        ),
        ("unsupported", {}, MessageKind.UNSUPPORTED),
    ],
)
def test_other_kinds(sandbox: Sandbox, phone: PhonePage, kind, content, expected):
    phone.say(do="send", number=NUMBER, draft=uuid4().hex, type=kind, content=content)
    (message,) = wait_for(sandbox.messages)
    assert message.kind is expected


def test_reactions_and_read_marks(sandbox: Sandbox, phone: PhonePage):
    mine = phone.send_text("¿Abren hoy?")
    ADAPTER.acknowledge(SETTINGS, SECRETS, mine, typing=True)
    assert phone.until("typing")["seconds"] == 25
    answer = send(text("Hasta las 20:30"))
    phone.until("message")
    phone.say(do="react", number=NUMBER, id=answer, emoji="❤️")
    wait_for(lambda: len(sandbox.messages()) == 2)
    reaction = next(message for message in sandbox.messages() if message.kind is MessageKind.REACTION)
    assert (reaction.text, reaction.reply_to) == ("❤️", answer)
    again = PhonePage(sandbox.url, XIMENA)
    again.close()
    mine_now = [(m["status"], m["reactions"]) for m in again.state["chats"][NUMBER] if m["is_mine"]]
    assert mine_now == [("read", {})]


def test_webhook_is_repeated_until_it_is_taken(sandbox: Sandbox, phone: PhonePage):
    sandbox.receiver.will(Answer(500), Answer(503))
    phone.send_text("hola")
    wait_for(lambda: len(sandbox.receiver.asked) == 3)
    assert len({asked.body for asked in sandbox.receiver.asked}) == 1
    assert phone.until("status")["status"] == "delivered"


def test_duplicates_and_drops_on_demand(sandbox: Sandbox, phone: PhonePage):
    sandbox.control("faults", {"webhooks": {"duplicate": 2}})
    phone.send_text("tres veces")
    wait_for(lambda: len(sandbox.receiver.asked) == 3)
    sandbox.control("faults", {"webhooks": {"drop": 1.0}})
    phone.send_text("ninguna")
    time.sleep(0.2)
    assert len(sandbox.receiver.asked) == 3


def test_handshake_when_a_number_is_registered(sandbox: Sandbox):
    sandbox.receiver.will(Answer(403))
    refused = sandbox.control("numbers", {**SETTINGS, "verify_token": "otro"})
    asked = sandbox.receiver.asked[-1]
    assert refused["handshake"] is False
    assert "hub.verify_token=otro" in asked.path
    assert "hub.mode=subscribe" in asked.path


def test_chats_survive_a_restart(tmp_path):
    port = free_port()
    first = start(tmp_path, port)
    url = f"http://127.0.0.1:{port}"
    number = {**SETTINGS, "display_phone": "+34 960 31 82 74", **SECRETS, "webhook_url": "http://127.0.0.1:9/"}
    httpx.post(f"{url}/_control/numbers", json=number)
    httpx.post(f"{url}/_control/people", json=[{"wa_id": XIMENA, "name": "Ximena Robles"}])
    page = PhonePage(url, XIMENA)
    message_id = page.send_text("no me olvides")
    page.close()
    first.terminate()
    first.wait(10)
    again = start(tmp_path, port)
    try:
        page = PhonePage(url, XIMENA)
        page.close()
        assert [(m["id"], m["content"]) for m in page.state["chats"][NUMBER]] == [
            (message_id, {"body": "no me olvides"})
        ]
        assert "EAAG" not in json.dumps(httpx.get(f"{url}/_control").json())
    finally:
        again.terminate()
        again.wait(10)


def test_other_host_names_are_refused(sandbox: Sandbox):
    assert httpx.get(f"{sandbox.url}/_control", headers={"host": "evil.example"}).status_code == 400
