"""What leaves by WhatsApp beyond text and files, the templates, and the webhook's registration.

`REQUIRED` is a table of what the official specification (facebook/openapi, v23.0) demands of `POST /messages`;
every request below is held against it.
"""

from typing import Any

import pytest
from pywa.types.templates import TemplateDetails, TemplateLanguage

from saas_admin.adapters.channels import base, registry
from saas_admin.adapters.channels.base import FailureCode, MessageKind
from saas_admin.adapters.channels.content import (
    Choice,
    Choices,
    Link,
    Slot,
    SlotKind,
    Template,
    TemplateButton,
    TemplateCategory,
    TemplateStatus,
    TemplateUse,
)
from saas_admin.adapters.channels.whatsapp_cloud import templates
from saas_admin.core.config import get_settings
from tests.adapters.provider import Answer, Provider

ADAPTER = registry.get("whatsapp_cloud")
NUMBER, WABA = "284519037716420", "119384570263915"
SETTINGS = {"phone_number_id": NUMBER, "waba_id": WABA}
SECRETS = {"access_token": "EAAGtestTOKEN0001", "app_secret": "9f3ac1", "verify_token": "alborada"}
HOOK = "https://us.es/webhooks/whatsapp_cloud/x"
REQUIRED: dict[str, dict[str, type]] = {
    "": {"messaging_product": str, "recipient_type": str, "to": str, "type": str},
    "location": {"latitude": str, "longitude": str},
    "interactive": {"type": str, "action": dict},
    "template": {"name": str, "language": dict},
}
ROWS: list[dict[str, Any]] = [
    {
        "id": "806312974732579",
        "name": "pedido_enviado",
        "language": "es_MX",
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        "quality_score": {"score": "GREEN", "date": 1795000000},
        "rejected_reason": "NONE",
        "components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://scontent/x.jpg"]}},
            {
                "type": "BODY",
                "text": "Hola {{1}}, tu pedido {{2}} va en camino. Gracias, {{1}}.",
                "example": {"body_text": [["Ximena", "#2839"]]},
            },
            {"type": "FOOTER", "text": "Café Alborada"},
            {
                "type": "BUTTONS",
                "buttons": [
                    {"type": "QUICK_REPLY", "text": "Gracias"},
                    {
                        "type": "URL",
                        "text": "Seguirlo",
                        "url": "https://alborada.es/p/{{1}}",
                        "example": ["https://alborada.es/p/2839"],
                    },
                    {"type": "COPY_CODE", "text": "Copy offer code", "example": "NUBES10"},
                    {"type": "PHONE_NUMBER", "text": "Llamar", "phone_number": "+34960318274"},
                ],
            },
        ],
    },
    {
        "id": "2",
        "name": "carrito",
        "language": "es",
        "status": "PAUSED",
        "category": "MARKETING",
        "parameter_format": "NAMED",
        "components": [
            {
                "type": "HEADER",
                "format": "TEXT",
                "text": "{{nombre}}, ¿lo dejaste?",
                "example": {"header_text_named_params": [{"param_name": "nombre", "example": "Ximena"}]},
            },
            {
                "type": "BODY",
                "text": "Te guardamos {{producto}}.",
                "example": {"body_text_named_params": [{"param_name": "producto", "example": "Nubes"}]},
            },
        ],
    },
    {
        "id": "3",
        "name": "codigo",
        "language": "es",
        "status": "APPROVED",
        "category": "AUTHENTICATION",
        "components": [
            {"type": "BODY", "text": "{{1}} es tu código."},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copiar"}]},
        ],
    },
    {
        "id": "4",
        "name": "oferta",
        "language": "en",
        "status": "REJECTED",
        "category": "MARKETING",
        "rejected_reason": "INVALID_FORMAT",
        "components": [{"type": "BODY", "text": "Mira"}, {"type": "CAROUSEL", "cards": []}],
    },
]


@pytest.fixture(autouse=True)
def pointed(provider: Provider, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("META_GRAPH_URL", provider.url)
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


def sent() -> Answer:
    return Answer(200, {"messaging_product": "whatsapp", "messages": [{"id": "wamid.OURS1"}]})


def asked(provider: Provider, message: base.OutboundMessage) -> Any:
    provider.will(sent())
    assert ADAPTER.send(SETTINGS, SECRETS, message).provider_id == "wamid.OURS1"
    said = provider.asked[-1].json
    for name, kind in REQUIRED[""].items():
        assert isinstance(said[name], kind)
    for name, kind in REQUIRED[said["type"]].items():
        assert isinstance(said[said["type"]][name], kind)
    return said[said["type"]]


def interactive(text: str = "¿Cómo lo mueles?", **more: Any) -> base.OutboundMessage:
    return base.OutboundMessage("523318472290", MessageKind.INTERACTIVE, text, **more)


def options(count: int, **more: Any) -> Choices:
    return Choices(tuple(Choice(f"id-{n}", f"Opción {n}") for n in range(count)), **more)


def used(index: int, **values: str) -> base.OutboundMessage:
    template = templates.read(ROWS[index])
    assert template
    keyed = {key.replace("__", "."): value for key, value in values.items()}
    return base.OutboundMessage("523318472290", MessageKind.TEMPLATE, template=TemplateUse(template, keyed))


def test_buttons(provider: Provider):
    assert asked(provider, interactive(choices=options(2))) == {
        "type": "button",
        "body": {"text": "¿Cómo lo mueles?"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "id-0", "title": "Opción 0"}},
                {"type": "reply", "reply": {"id": "id-1", "title": "Opción 1"}},
            ]
        },
    }


def test_list(provider: Provider):
    choices = Choices((Choice("g", "Grueso", "Prensa francesa"), Choice("f", "Fino")), "Ver opciones")
    assert asked(provider, interactive(choices=choices)) == {
        "type": "list",
        "body": {"text": "¿Cómo lo mueles?"},
        "action": {
            "button": "Ver opciones",
            "sections": [
                {
                    "rows": [
                        {"id": "g", "title": "Grueso", "description": "Prensa francesa"},
                        {"id": "f", "title": "Fino"},
                    ]
                }
            ],
        },
    }


def test_link(provider: Provider):
    assert asked(provider, interactive("Va en camino", link=Link("Seguirlo", "https://alborada.es/p/7"))) == {
        "type": "cta_url",
        "body": {"text": "Va en camino"},
        "action": {
            "name": "cta_url",
            "parameters": {"display_text": "Seguirlo", "url": "https://alborada.es/p/7"},
        },
    }


def test_place(provider: Provider):
    place = base.Location(39.47, -0.37, "Tostadero", "C/ Sagunto 12")
    message = base.OutboundMessage("523318472290", MessageKind.LOCATION, location=place)
    expected = {"latitude": "39.47", "longitude": "-0.37", "name": "Tostadero", "address": "C/ Sagunto 12"}
    assert asked(provider, message) == expected


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (interactive(choices=options(4)), FailureCode.UNSUPPORTED),
        (interactive(choices=options(11, opener="Ver")), FailureCode.UNSUPPORTED),
        (interactive(choices=options(0)), FailureCode.CONTENT_REJECTED),
        (interactive("", choices=options(2)), FailureCode.CONTENT_REJECTED),
        (interactive("a" * 1025, choices=options(2)), FailureCode.CONTENT_REJECTED),
        (interactive(choices=Choices((Choice("1", "x" * 21),))), FailureCode.CONTENT_REJECTED),
        (interactive(choices=Choices((Choice("1", "Sí"), Choice("2", "Sí")))), FailureCode.CONTENT_REJECTED),
        (interactive(choices=Choices((Choice("1", "x" * 25),), "Ver")), FailureCode.CONTENT_REJECTED),
        (interactive(choices=Choices((Choice("1", "x", "y" * 73),), "Ver")), FailureCode.CONTENT_REJECTED),
        (interactive(choices=options(2, opener="x" * 21)), FailureCode.CONTENT_REJECTED),
        (interactive(link=Link("x" * 21, "https://a.es")), FailureCode.CONTENT_REJECTED),
        (interactive(link=Link("Ver", "mailto:a@b.es")), FailureCode.CONTENT_REJECTED),
        (used(1, header__nombre="Ximena"), FailureCode.TEMPLATE_PROBLEM),
        (used(1, header__nombre="Ximena", body__producto="dos\nlíneas"), FailureCode.TEMPLATE_PROBLEM),
        (used(1, header__nombre="x" * 60, body__producto="Nubes"), FailureCode.TEMPLATE_PROBLEM),
        (used(1, header__nombre="x", body__producto="y" * 1024), FailureCode.TEMPLATE_PROBLEM),
        (used(2, body__1="481516"), FailureCode.UNSUPPORTED),
    ],
)
def test_limits_are_looked_at_before_anything_is_asked(provider: Provider, message, code):
    with pytest.raises(base.SendError) as raised:
        ADAPTER.send(SETTINGS, SECRETS, message)
    assert raised.value.failure.code is code
    assert provider.asked == []


def test_template_with_positions(provider: Provider):
    values = {
        "header__1": "https://us.es/f.jpg",
        "body__1": "Ximena",
        "body__2": "#2839",
        "button__1__1": "2839?x=1",
        "button__2__1": "NUBES10",
    }
    assert asked(provider, used(0, **values)) == {
        "name": "pedido_enviado",
        "language": {"policy": "deterministic", "code": "es_MX"},
        "components": [
            {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://us.es/f.jpg"}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Ximena"}, {"type": "text", "text": "#2839"}]},
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": "0",
                "parameters": [{"type": "payload", "payload": "Gracias"}],
            },
            {
                "type": "button",
                "sub_type": "url",
                "index": "1",
                "parameters": [{"type": "text", "text": "2839?x=1"}],
            },
            {
                "type": "button",
                "sub_type": "copy_code",
                "index": "2",
                "parameters": [{"type": "coupon_code", "coupon_code": "NUBES10"}],
            },
        ],
    }


def test_template_with_names(provider: Provider):
    assert asked(provider, used(1, header__nombre="Ximena", body__producto="Nubes 250 g")) == {
        "name": "carrito",
        "language": {"policy": "deterministic", "code": "es"},
        "components": [
            {"type": "header", "parameters": [{"type": "text", "parameter_name": "nombre", "text": "Ximena"}]},
            {"type": "body", "parameters": [{"type": "text", "parameter_name": "producto", "text": "Nubes 250 g"}]},
        ],
    }


def test_template_without_variables_has_no_components(provider: Provider):
    plain = Template("9", "hola", "es", TemplateCategory.UTILITY, TemplateStatus.APPROVED, "Hola")
    message = base.OutboundMessage("523318472290", MessageKind.TEMPLATE, template=TemplateUse(plain))
    assert asked(provider, message) == {"name": "hola", "language": {"policy": "deterministic", "code": "es"}}


def test_templates_are_read_page_by_page(provider: Provider):
    paging = {"cursors": {"after": "MjQZD"}, "next": "https://graph.facebook.com/next"}
    provider.will(
        Answer(200, {"data": [*ROWS[:2], None, {"id": "x"}], "paging": paging}), Answer(200, {"data": ROWS[2:]})
    )
    first, second, third, fourth = ADAPTER.templates(SETTINGS, SECRETS)
    assert first == Template(
        provider_id="806312974732579",
        name="pedido_enviado",
        language="es_MX",
        category=TemplateCategory.UTILITY,
        status=TemplateStatus.APPROVED,
        body="Hola {{1}}, tu pedido {{2}} va en camino. Gracias, {{1}}.",
        header_kind="image",
        footer="Café Alborada",
        buttons=(
            TemplateButton("reply", "Gracias"),
            TemplateButton("url", "Seguirlo", "https://alborada.es/p/{{1}}"),
            TemplateButton("copy", "Copy offer code"),
            TemplateButton("phone", "Llamar", "+34960318274"),
        ),
        slots=(
            Slot("header", "1", SlotKind.IMAGE, example="https://scontent/x.jpg"),
            Slot("body", "1", example="Ximena"),
            Slot("body", "2", example="#2839"),
            Slot("button", "1", SlotKind.PAYLOAD, 0),
            Slot("button", "1", SlotKind.URL_SUFFIX, 1, "https://alborada.es/p/2839"),
            Slot("button", "1", SlotKind.CODE, 2, "NUBES10"),
        ),
        quality="green",
    )
    assert (second.status, second.is_named, second.header) == (TemplateStatus.PAUSED, True, "{{nombre}}, ¿lo dejaste?")
    assert second.slots == (Slot("header", "nombre", example="Ximena"), Slot("body", "producto", example="Nubes"))
    assert (third.is_sendable, fourth.is_sendable, fourth.reason) == (False, False, "INVALID_FORMAT")
    assert [asked.path.split("?")[0] for asked in provider.asked] == [f"/v23.0/{WABA}/message_templates"] * 2
    assert "after=MjQZD" in provider.asked[1].path


def test_refused_templates_are_an_error_and_not_an_empty_list(provider: Provider):
    for answer in (Answer(401, {"error": {"code": 190, "message": "no"}}), Answer(200, {"hello": 1})):
        provider.will(answer)
        with pytest.raises(base.SendError):
            ADAPTER.templates(SETTINGS, SECRETS)


@pytest.mark.parametrize("index", [0, 1])
def test_pywa_reads_the_same_templates(index):
    ours = templates.read(ROWS[index])
    assert ours
    row = {**ROWS[index], "quality_score": {"score": "GREEN", "date": 1795000000}}
    theirs = TemplateDetails.from_dict(row, client=None)  # pyright: ignore[reportArgumentType]
    assert (theirs.id, theirs.name, theirs.language) == (ours.provider_id, ours.name, TemplateLanguage(ours.language))
    assert theirs.status.value.lower() == ours.status.value
    assert theirs.category.value.lower() == ours.category.value
    assert theirs.parameter_format
    assert (theirs.parameter_format.value == "NAMED") == ours.is_named


# Where webhooks go


def test_connect_overrides_the_callback(provider: Provider):
    provider.will(Answer(200, {"success": True}))
    assert ADAPTER.connect(SETTINGS, SECRETS, HOOK) == base.Connected(True)
    (said,) = provider.asked
    assert (said.method, said.path) == ("POST", f"/v23.0/{WABA}/subscribed_apps")
    assert said.json == {"override_callback_uri": HOOK, "verify_token": "alborada"}


def test_refused_callback_is_told(provider: Provider):
    provider.will(Answer(400, {"error": {"code": 2200, "message": "Callback verification failed"}}))
    made = ADAPTER.connect(SETTINGS, SECRETS, HOOK)
    assert (made.is_registered, made.failure is not None) == (False, True)


@pytest.mark.parametrize(("there", "methods"), [(HOOK, ["GET", "DELETE"]), ("https://other.es/x", ["GET"])])
def test_disconnect_only_what_is_ours(provider: Provider, there, methods):
    app = {"whatsapp_business_api_data": {"id": "1"}, "override_callback_uri": there}
    provider.will(Answer(200, {"data": [app]}), Answer(200, {"success": True}))
    ADAPTER.disconnect(SETTINGS, SECRETS, HOOK)
    assert [said.method for said in provider.asked] == methods


@pytest.mark.parametrize(
    ("facts", "per_second"),
    [
        ({}, 80),
        ({"throughput": "STANDARD"}, 80),
        ({"throughput": "HIGH"}, 1000),
        ({"throughput": "HIGH", "is_on_biz_app": "true"}, 20),
    ],
)
def test_pace(facts, per_second):
    pace = ADAPTER.pace(SETTINGS, facts)
    assert pace
    assert (pace.per_second, pace.seconds_per_person) == (per_second, 6.0)
