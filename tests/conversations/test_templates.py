"""Templates, windows and consent: what may leave when free text may not."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import (
    Capabilities,
    Failure,
    FailureCode,
    Location,
    MessageKind,
    SendError,
    SendResult,
)
from saas_admin.adapters.channels.content import Choice, Choices, Link, Slot, TemplateCategory, TemplateStatus
from saas_admin.channels import outbound
from saas_admin.conversations import offers, queries, service
from saas_admin.conversations.answers import Extra
from saas_admin.core.clock import now
from saas_admin.core.errors import Conflict, Invalid, NotFound
from saas_admin.core.work import Work
from saas_admin.models import ConsentEvent, Message
from tests.shop import Shop, add_template, open_shop, write_in

LONG_AGO = timedelta(hours=30)


@pytest.fixture
def shop(db: object, valkey: object) -> Shop:
    del db, valkey
    return open_shop()


def made(shop: Shop, **changes: object) -> UUID:
    with Work(shop.system) as work:
        return add_template(work, shop.whatsapp_id, **changes).id


def send(shop: Shop, conversation_id: UUID, template_id: UUID, values: dict[str, str], consent: str = "") -> Message:
    with Work(shop.support) as work:
        view = service.send_template(work, conversation_id, template_id, values, draft_id=uuid4().hex, consent=consent)[
            0
        ]
    with Work(shop.system) as work:
        return work.get(Message, UUID(view.id))


def test_a_template_leaves_outside_the_window_with_its_words_filled(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    conversation_id = write_in(shop, at=now() - LONG_AGO).conversation_id
    message = send(shop, conversation_id, made(shop), {"body.1": " Marta ", "body.9": "sobra"})
    assert (message.kind, message.text) == ("template", "Hola, Marta: tu pedido está listo.\n\nCafé Alborada")
    sent: list[object] = []

    def accept(_settings: object, _secrets: object, said: object) -> SendResult:
        sent.append(said)
        return SendResult("wamid.t1")

    monkeypatch.setattr(registry.get("whatsapp_cloud"), "send", accept)
    outbound.deliver(shop.company_id, shop.whatsapp_id)
    (said,) = sent
    assert said.kind is MessageKind.TEMPLATE  # type: ignore[attr-defined]
    use = said.template  # type: ignore[attr-defined]
    assert (use.template.name, use.template.language, dict(use.values)) == ("pedido_listo", "es", {"body.1": "Marta"})
    assert use.template.slots == (Slot("body", "1", example="Marta"),)


def test_a_missing_variable_is_named(shop: Shop):
    conversation_id = write_in(shop).conversation_id
    with pytest.raises(Invalid) as refused:
        send(shop, conversation_id, made(shop), {"body.1": "  "})
    assert refused.value.fields == {"body.1": "required"}


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (TemplateStatus.PENDING, "template_pending"),
        (TemplateStatus.REJECTED, "template_rejected"),
        (TemplateStatus.PAUSED, "template_paused"),
        (TemplateStatus.DISABLED, "template_disabled"),
    ],
)
def test_only_an_approved_template_leaves(shop: Shop, status: TemplateStatus, code: str):
    conversation_id = write_in(shop).conversation_id
    with pytest.raises(Conflict) as refused:
        send(shop, conversation_id, made(shop, status=status), {"body.1": "Marta"})
    assert refused.value.code == code
    with Work(shop.support) as work:
        found = offers.list_templates(work, conversation_id)
    assert (found.templates, found.pending) == ([], 1)


def test_a_promotion_needs_a_yes_and_its_proof_is_kept(shop: Shop):
    conversation_id = write_in(shop).conversation_id
    template = made(shop, category=TemplateCategory.MARKETING)
    with pytest.raises(Conflict) as refused:
        send(shop, conversation_id, template, {"body.1": "Marta"}, consent="  ")
    assert refused.value.code == "consent_missing"
    send(shop, conversation_id, template, {"body.1": "Marta"}, consent="Me lo dijo en la tienda el lunes")
    send(shop, conversation_id, template, {"body.1": "Marta"})
    with Work(shop.system) as work:
        (kept,) = work.all(select(ConsentEvent))
        kept_words = (kept.purpose, kept.is_allowed, kept.source, kept.words)
        work.add(
            ConsentEvent(
                customer_id=kept.customer_id,
                channel_id=kept.channel_id,
                purpose="marketing",
                is_allowed=False,
                source="provider",
                at=now() + timedelta(seconds=1),
            )
        )
    assert kept_words == ("marketing", True, "agent", "Me lo dijo en la tienda el lunes")
    with pytest.raises(Conflict) as refused:
        send(shop, conversation_id, template, {"body.1": "Marta"}, consent="Insisto")
    assert refused.value.code == "opted_out"


def test_a_template_of_another_channel_is_not_found(shop: Shop):
    with Work(shop.system) as work:
        elsewhere = add_template(work, shop.webchat_id).id
    with pytest.raises(NotFound):
        send(shop, write_in(shop).conversation_id, elsewhere, {"body.1": "Marta"})


def test_offers_put_the_readers_language_and_service_first_and_fill_the_name(shop: Shop):
    conversation_id = write_in(shop).conversation_id
    made(shop, name="promo", category=TemplateCategory.MARKETING, slots=())
    made(shop, name="order_ready", language="en")
    made(
        shop,
        name="cita",
        body="Hola, {{nombre}}, el {{dia}}",
        slots=(Slot("body", "nombre"), Slot("body", "dia")),
        is_named=True,
    )
    made(shop, name="catalogo", is_sendable=False)
    with Work(shop.support) as work:
        found = offers.list_templates(work, conversation_id)
    assert [t.name for t in found.templates] == ["cita", "promo", "order_ready"]
    assert [(s.key, s.value) for s in found.templates[0].slots] == [("body.nombre", "Marta"), ("body.dia", "")]
    assert (found.may_advertise, found.pending) == (None, 1)


def rule(monkeypatch: pytest.MonkeyPatch, **changes: object) -> Capabilities:
    from dataclasses import replace

    adapter = registry.get("whatsapp_cloud")
    can = replace(adapter.capabilities, **changes)  # type: ignore[arg-type]
    monkeypatch.setattr(adapter, "capabilities", can)
    return can


@pytest.mark.parametrize(("hours", "late", "code"), [(23, False, None), (30, True, None), (169, None, "window_over")])
def test_a_person_may_answer_late_where_the_provider_allows_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, hours: int, late: bool | None, code: str | None
):
    rule(monkeypatch, late_hours=168, has_templates=False)
    conversation_id = write_in(shop, at=now() - timedelta(hours=hours)).conversation_id
    if code:
        with pytest.raises(Conflict) as refused, Work(shop.support) as work:
            service.reply(work, conversation_id, "Hola", draft_id=uuid4().hex)
        assert (refused.value.code, refused.value.params) == (code, {"hours": 168})
        return
    with Work(shop.support) as work:
        view = service.reply(work, conversation_id, "Hola", draft_id=uuid4().hex)[0]
    assert view.data.get("late", False) is late


def test_choices_a_link_and_a_place_take_the_best_form_the_channel_has(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    two = Choices((Choice("si", "Sí"), Choice("no", "No")))
    five = Choices(tuple(Choice(f"{n}", f"Opción {n}") for n in range(1, 6)))
    shop_link, place = (
        Link("Ver el pedido", "https://alborada.example/p/1"),
        Location(39.4699, -0.3763, "Tienda", "C/ Paz, 1"),
    )
    conversation_id = write_in(shop).conversation_id

    def reply(text: str, extra: Extra) -> Message:
        with Work(shop.support) as work:
            view = service.reply(work, conversation_id, text, draft_id=uuid4().hex, extra=extra)[0]
        with Work(shop.system) as work:
            return work.get(Message, UUID(view.id))

    rule(monkeypatch, buttons=3, list_rows=10, has_links=True, has_location=True)
    asked, listed = reply("¿Te va bien?", Extra(choices=two)), reply("Elige", Extra(choices=five))
    linked, placed = reply("Mira", Extra(link=shop_link)), reply("", Extra(location=place))
    assert [(m.kind, m.text) for m in (asked, listed, linked, placed)] == [
        ("interactive", "¿Te va bien?"),
        ("interactive", "Elige"),
        ("interactive", "Mira"),
        ("location", ""),
    ]
    assert (asked.data["choices"]["opener"], listed.data["choices"]["opener"]) == ("", "Ver opciones")

    rule(monkeypatch, buttons=0, list_rows=0, has_links=False, has_location=False)
    said = [
        reply(text, extra)
        for text, extra in (("Elige", Extra(choices=two)), ("Mira", Extra(link=shop_link)), ("", Extra(location=place)))
    ]
    assert [(m.kind, m.text, m.data["fallback"]) for m in said] == [
        ("text", "Elige\n\n1. Sí\n2. No", True),
        ("text", "Mira\n\nVer el pedido: https://alborada.example/p/1", True),
        ("text", "Tienda, C/ Paz, 1\nhttps://maps.google.com/?q=39.469900,-0.376300", True),
    ]


@pytest.mark.parametrize(
    ("extra", "field", "code"),
    [
        (Extra(choices=Choices(tuple(Choice(f"{n}", f"Opción {n}") for n in range(11)))), "choices", "choices_many"),
        (Extra(choices=Choices((Choice("a", "Sí"), Choice("b", "sí ")))), "choices", "choices_same"),
        (Extra(choices=Choices((Choice("a", "x" * 81),))), "choices", "choice_title"),
        (Extra(link=Link("Ver", "javascript:alert(1)")), "link", "link_format"),
        (Extra(location=Location(91, 0)), "location", "location_format"),
    ],
)
def test_what_no_channel_carries_is_refused_beside_its_field(shop: Shop, extra: Extra, field: str, code: str):
    conversation_id = write_in(shop).conversation_id
    with pytest.raises(Invalid) as refused, Work(shop.support) as work:
        service.reply(work, conversation_id, "Hola", draft_id=uuid4().hex, extra=extra)
    assert refused.value.fields == {field: code}
    with Work(shop.support) as work:
        assert len(queries.find_thread(work, conversation_id).messages) == 1


def test_a_row_says_when_our_last_word_did_not_leave(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    conversation_id = write_in(shop).conversation_id

    def refuse(*_: object) -> SendResult:
        raise SendError(Failure(FailureCode.CONTENT_REJECTED, "131009"))

    monkeypatch.setattr(registry.get("whatsapp_cloud"), "send", refuse)
    assert has_failed(shop, conversation_id) is False
    with Work(shop.support) as work:
        service.reply(work, conversation_id, "Ahora mismo", draft_id=uuid4().hex)
    assert has_failed(shop, conversation_id) is False
    outbound.deliver(shop.company_id, shop.whatsapp_id)
    assert has_failed(shop, conversation_id) is True
    write_in(shop, "¿Hola?")
    assert has_failed(shop, conversation_id) is False


def has_failed(shop: Shop, conversation_id: UUID) -> bool:
    with Work(shop.support) as work:
        row = queries.find_conversation(work, conversation_id)
        assert row is not None
        return row.has_failed
