"""What Meta tells and refuses beside messages: template reviews, preferences, echoes of the phone, the registration."""

from typing import Any

import httpx
import pytest

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import FailureCode, MessageKind
from saas_admin.adapters.channels.content import Choice, Choices, Link, TemplateStatus, TemplateUse
from saas_admin.adapters.channels.events import AccountNotice, Echo, Preference, TemplateChanged
from tests.sandbox.conftest import ADAPTER, SECRETS, SETTINGS, XIMENA, PhonePage, Sandbox, wait_for

WABA = SETTINGS["waba_id"]


def rows(count: int = 1) -> list[dict[str, Any]]:
    body = {"type": "BODY", "text": "Hola {{1}}, tu pedido va en camino.", "example": {"body_text": [["Ximena"]]}}
    return [
        {"name": f"pedido_{n}", "language": "es", "category": "UTILITY", "components": [body]} for n in range(count)
    ]


def failure(message: base.OutboundMessage) -> FailureCode:
    with pytest.raises(base.SendError) as raised:
        ADAPTER.send(SETTINGS, SECRETS, message)
    return raised.value.failure.code


def test_templates_leave_until_they_are_paused(sandbox: Sandbox, phone: PhonePage):
    sandbox.control("templates", {"waba_id": WABA, "templates": rows(130)})
    found = ADAPTER.templates(SETTINGS, SECRETS)
    assert (len(found), found[0].status) == (130, TemplateStatus.APPROVED)
    use = TemplateUse(found[0], {"body.1": "Ximena"})
    message = base.OutboundMessage(XIMENA, MessageKind.TEMPLATE, template=use)
    assert ADAPTER.send(SETTINGS, SECRETS, message).provider_id
    assert phone.until("message")["message"]["content"]["name"] == "pedido_0"

    sandbox.control("templates/review", {"waba_id": WABA, "name": "pedido_0", "language": "es", "event": "PAUSED"})
    changed = wait_for(lambda: [event for event in sandbox.events() if isinstance(event, TemplateChanged)])[0]
    assert (changed.name, changed.language, changed.status) == ("pedido_0", "es", TemplateStatus.PAUSED)
    assert changed.provider_id == found[0].provider_id
    assert failure(message) is FailureCode.TEMPLATE_PROBLEM


def test_news_of_a_number(sandbox: Sandbox):
    number = SETTINGS["phone_number_id"]
    echo = {"from": "34960318274", "to": XIMENA, "id": "wamid.N1", "timestamp": "1795287900", "type": "text"}
    said: list[tuple[str, dict[str, Any]]] = [
        ("smb_message_echoes", {"message_echoes": [{**echo, "text": {"body": "Desde el móvil"}}]}),
        (
            "user_preferences",
            {
                "user_preferences": [
                    {"wa_id": XIMENA, "category": "marketing_messages", "value": "stop", "timestamp": 1795287910}
                ]
            },
        ),
        ("phone_number_quality_update", {"display_phone_number": "1", "event": "FLAGGED"}),
    ]
    for field, value in said:
        sandbox.control("news", {"phone_number_id": number, "field": field, "value": value})
    wait_for(lambda: len(sandbox.events()) == 3)
    kinds = {type(event): event for event in sandbox.events()}
    assert kinds[Echo].message.text == "Desde el móvil"  # pyright: ignore[reportAttributeAccessIssue]
    assert kinds[Echo].message.sender.external_id == "523318472290"  # pyright: ignore[reportAttributeAccessIssue]
    assert not kinds[Preference].is_allowed  # pyright: ignore[reportAttributeAccessIssue]
    assert kinds[AccountNotice].facts == {"quality_rating": "RED"}  # pyright: ignore[reportAttributeAccessIssue]


def test_choices_links_and_places_are_accepted(sandbox: Sandbox, phone: PhonePage):
    phone.send_text("Hola")
    wait_for(sandbox.messages)
    options = tuple(Choice(f"id-{n}", f"Opción {n}", "Detalle") for n in range(10))
    for message in (
        base.OutboundMessage(XIMENA, MessageKind.INTERACTIVE, "¿?", choices=Choices(options[:3])),
        base.OutboundMessage(XIMENA, MessageKind.INTERACTIVE, "¿?", choices=Choices(options, "Ver")),
        base.OutboundMessage(XIMENA, MessageKind.INTERACTIVE, "Ve", link=Link("Ver", "https://alborada.es")),
        base.OutboundMessage(XIMENA, MessageKind.LOCATION, location=base.Location(39.47, -0.37)),
    ):
        assert ADAPTER.send(SETTINGS, SECRETS, message).provider_id


def test_the_webhook_is_ours_until_we_let_it_go(sandbox: Sandbox):
    url = f"{sandbox.receiver.url}/webhooks/whatsapp_cloud/other"
    # The receiver repeats no challenge: Meta does not take the address.
    made = ADAPTER.connect(SETTINGS, SECRETS, url)
    assert made.failure is not None
    facts = ADAPTER.check(SETTINGS, SECRETS).facts
    assert (facts["throughput"], facts["messaging_limit"], facts["is_on_biz_app"]) == ("STANDARD", "2000", "false")


def test_registration_wants_six_digits(sandbox: Sandbox):
    url = f"{sandbox.url}/v23.0/{SETTINGS['phone_number_id']}/register"
    headers = {"authorization": f"Bearer {SECRETS['access_token']}"}
    for pin, status in (("12", 400), ("481516", 200), ("000000", 400), ("481516", 200)):
        body = {"messaging_product": "whatsapp", "pin": pin}
        assert httpx.post(url, json=body, headers=headers).status_code == status
