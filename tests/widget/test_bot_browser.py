"""The bot's part of the widget in Chromium: what it offers, and its answer while it is being written."""

from uuid import UUID

import pytest
from playwright.sync_api import expect

from saas_admin.adapters.channels.base import MessageKind
from saas_admin.adapters.channels.content import Choice, Choices
from saas_admin.conversations import answers, live
from saas_admin.conversations import service as conversations
from saas_admin.conversations.answers import Extra
from saas_admin.core import realtime
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.models import Channel, Conversation
from tests.shop import Shop
from tests.widget.conftest import Agent, stored
from tests.widget.test_browser import PATIENCE, Open, Visit, site, visit

__all__ = ["site", "visit"]

pytestmark = pytest.mark.e2e

WHOLE = "¿Hasta cuándo puedo devolver un pedido abierto?"


def offer(shop: Shop, thread: UUID, draft_id: str = "draft-offer-1") -> None:
    options = (Choice("faq:1", WHOLE[:23] + "…", WHOLE), Choice("faq:2", "Envíos", "Plazos y precios"))
    with Work(shop.support) as work:
        extra = Extra(choices=Choices(options, "Ver preguntas"))
        conversations.reply(work, thread, "¿Es una de estas?", draft_id=draft_id, extra=extra)


def sees_dots(customer: Visit, thread: UUID) -> None:
    """The socket has to be there first: what is only shown is not kept for who comes later."""
    dots = customer.chat.get_by_text("Alba está escribiendo")
    for _ in range(PATIENCE // 500):
        realtime.publish([live.typing(thread, "bot", "Alba", True)])
        try:
            expect(dots).to_be_visible(timeout=500)
        except AssertionError:
            continue
        return
    expect(dots).to_be_visible()


def test_options_are_tapped_once_and_say_which(visit: Open, shop: Shop, agent: Agent) -> None:
    customer = visit().open()
    customer.say("hola")
    offer(shop, agent.conversation())

    buttons = customer.chat.get_by_role("group").get_by_role("button")
    expect(buttons).to_have_text([WHOLE, "Envíos"], timeout=PATIENCE)
    buttons.first.click()

    customer.sees("Hola", "hola", "¿Es una de estas?", WHOLE)
    expect(customer.chat.locator(".offers .on")).to_have_text(WHOLE)
    for button in buttons.all():
        expect(button).to_be_disabled()
    expect(customer.chat.locator(".me").last).to_contain_text("Enviado", timeout=PATIENCE)
    tapped = stored(shop)[-1]
    assert (tapped.kind, tapped.text) == ("interactive", WHOLE)
    assert (tapped.data["interactive"], tapped.data["id"]) == ("button", "faq:1")


def test_who_writes_instead_of_tapping_leaves_the_options_behind(visit: Open, shop: Shop, agent: Agent) -> None:
    customer = visit().open()
    customer.say("hola")
    offer(shop, agent.conversation())
    buttons = customer.chat.get_by_role("group").get_by_role("button")
    expect(buttons).to_have_count(2, timeout=PATIENCE)

    customer.say("otra cosa")

    for button in buttons.all():
        expect(button).to_be_disabled()
    expect(customer.chat.locator(".offers .on")).to_have_count(0)
    assert stored(shop)[-1].kind == "text"


def test_an_answer_grows_and_gives_way_to_the_message(visit: Open, shop: Shop, agent: Agent) -> None:
    customer = visit().open()
    customer.say("¿enviáis a Canarias?")
    thread = agent.conversation()
    sees_dots(customer, thread)

    question = stored(shop)[-1].id
    live.draft(thread, "Sí.", question)
    customer.sees("Hola", "¿enviáis a Canarias?", "Sí.")
    expect(customer.chat.get_by_text("Alba está escribiendo")).to_be_hidden()
    live.draft(thread, "Sí. También a Baleares.", question)
    customer.sees("Hola", "¿enviáis a Canarias?", "Sí. También a Baleares.")
    agent.reply("Sí. También a Baleares, en 3 días.")
    customer.sees("Hola", "¿enviáis a Canarias?", "Sí. También a Baleares, en 3 días.")
    # The model had not heard yet that a person spoke.
    live.draft(thread, "Sí. También a Baleares, gratis.", question)
    sees_dots(customer, thread)
    customer.sees("Hola", "¿enviáis a Canarias?", "Sí. También a Baleares, en 3 días.")


def test_an_answer_that_is_taken_back_or_never_comes_disappears(visit: Open, shop: Shop, agent: Agent) -> None:
    customer = visit().open()
    customer.say("hola")
    thread = agent.conversation()
    sees_dots(customer, thread)

    question = stored(shop)[-1].id
    live.draft(thread, "Cuesta", question)
    customer.sees("Hola", "hola", "Cuesta")
    live.draft(thread, "", question)
    customer.sees("Hola", "hola")
    live.draft(thread, "Cuesta", question)
    customer.sees("Hola", "hola", "Cuesta")
    # Nobody says anything more: after a quarter of a minute it is gone.
    expect(customer.chat.locator(".m .b")).to_have_text(["Hola", "hola"], timeout=PATIENCE)


def test_the_head_names_whoever_answered_last(visit: Open, shop: Shop, agent: Agent) -> None:
    customer = visit().open()
    customer.say("hola")
    thread = agent.conversation()
    heading = customer.chat.locator("header .who").first
    expect(heading).not_to_contain_text(", de ")
    agent.reply("Hola, te ayudo yo.")
    expect(heading).to_contain_text(", de ", timeout=PATIENCE)
    # Given back: it is the bot again, and does not speak in a colleague's name.
    with Work(Actor.bot(shop.company_id, "Alba")) as work:
        channel = work.get(Channel, shop.webchat_id)
        drafts = [answers.Draft(MessageKind.TEXT.value, "Enviamos en 48 horas.")]
        answers.send(work, work.get(Conversation, thread), channel, drafts, "bot-1")
    customer.sees("Hola", "hola", "Hola, te ayudo yo.", "Enviamos en 48 horas.")
    expect(heading).not_to_contain_text(", de ")
