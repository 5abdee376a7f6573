"""The bot in the web chat: offers that are tapped, dots while it thinks, sentences as they come."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from saas_admin.conversations import live
from saas_admin.core import realtime
from saas_admin.core.work import Work
from saas_admin.models import Bot, Channel, Message
from saas_admin.models.bot import Route
from saas_admin.web import widget_page, widget_session
from tests.bots.company import FAQS, Company, with_bot
from tests.widget.conftest import Browser, words
from tests.widget.test_live import Listen, listen

__all__ = ["listen"]


@pytest.fixture
def company(db: object, valkey: object) -> Company:
    del db, valkey
    company = with_bot()
    with Work(company.shop.admin) as work:
        # What it is unsure of is offered, however unsure.
        work.all(select(Bot))[0].person_at = 0.0
    return company


@pytest.fixture
def visitor(company: Company, web: TestClient) -> Browser:
    return Browser(web, company.shop.webchat_public_id).begin()


def ask(company: Company, visitor: Browser, text: str, **more: Any) -> list[Message]:
    """What the bot says to it."""
    conversation = visitor.say(text, **more).json()["conversation"]
    return company.answer(UUID(conversation))


def offer(company: Company, visitor: Browser) -> list[dict[str, str]]:
    ask(company, visitor, "a que hora abren")
    return visitor.thread()["messages"][-1]["choices"]


def _thread(visitor: Browser) -> UUID:
    return UUID(visitor.thread()["cursor"].split(".")[0])


def last(visitor: Browser) -> dict[str, Any]:
    return visitor.thread()["messages"][-1]


def test_what_is_unsure_comes_as_buttons_with_their_whole_words(company: Company, visitor: Browser):
    options = offer(company, visitor)

    assert len(options) == 4
    assert options[3] == {"id": "faq:person", "title": "Hablar con alguien", "description": ""}
    assert {option["id"] for option in options[:3]} <= {f"faq:{each}" for each in company.faq_ids.values()}


def test_a_tap_is_the_option_and_the_bot_answers_it(company: Company, visitor: Browser):
    options = offer(company, visitor)
    chosen = options[1]
    meant = next(key for key, faq_id in company.faq_ids.items() if chosen["id"] == f"faq:{faq_id}")

    (answer,) = ask(company, visitor, chosen["title"], choice=chosen["id"])

    tapped = visitor.thread()["messages"][-2]
    assert (tapped["kind"], tapped["text"], tapped["choice"]) == ("interactive", chosen["title"], chosen["id"])
    assert answer.text == FAQS[meant][0]
    receipt = company.receipts(answer.conversation_id)[-1]
    assert (receipt.route, receipt.reason) == (Route.FAQ, "chosen")


def test_what_was_not_offered_is_no_tap(company: Company, visitor: Browser):
    offer(company, visitor)

    for choice in ("faq:person2", str(uuid4()), "", 7, None, ["faq:person"], {"id": "faq:person"}):
        visitor.say("hola", choice=choice)
        said = last(visitor)
        assert (said["kind"], said["text"]) == ("text", "hola")
        assert "choice" not in said


def test_an_option_of_somebody_else_or_of_an_earlier_offer_is_no_tap(
    company: Company, visitor: Browser, web: TestClient
):
    options = offer(company, visitor)
    stranger = Browser(web, company.shop.webchat_public_id).begin()
    stranger.say("hola")

    stranger.say("Hablar con alguien", choice="faq:person")
    with Work(company.shop.system) as work:
        message = work.get(Message, company.said(_thread(visitor))[-1].id)
        message.data = {"choices": {"options": [{"id": "other", "title": "Otra", "description": ""}], "opener": ""}}
    visitor.say("eso", choice=options[0]["id"])

    assert last(stranger)["kind"] == "text"
    assert last(visitor)["kind"] == "text"


def test_words_that_were_offered_as_a_numbered_text_are_no_buttons(company: Company, visitor: Browser):
    offer(company, visitor)
    with Work(company.shop.system) as work:
        message = work.get(Message, company.said(_thread(visitor))[-1].id)
        message.data = {**message.data, "fallback": True}

    assert "choices" not in last(visitor)


def test_dots_while_it_thinks_and_sentences_as_they_come(company: Company, visitor: Browser, listen: Listen):
    visitor.say("¿cuánto tarda el envío?")
    socket = listen(visitor)
    words(socket)
    thread = _thread(visitor)

    company.answer(thread)
    assert words(socket) == {"kind": "typing", "on": True, "name": "Alba", "bot": True}
    # What is in a sync is not told again: the pieces are said once the socket has seen all that came before.
    socket.send_text(json.dumps({"kind": "ping"}))
    heard: list[dict[str, Any]] = []
    while not heard or heard[-1]["kind"] != "pong":
        heard.append(words(socket))
        if heard[-1]["kind"] == "sync":
            socket.send_text(json.dumps({"kind": "ping"}))
    question = uuid4()
    live.draft(thread, "Enviamos a toda España.", question)
    live.draft(thread, "", question)
    pieces = list(iter(lambda: words(socket), {"kind": "piece", "text": "", "question": str(question)}))
    assert [word for word in pieces if word["kind"] == "piece"] == [
        {"kind": "piece", "text": "Enviamos a toda España.", "question": str(question)}
    ]
    said = [m for word in heard for m in word.get("messages", [word.get("message")]) if m and m["direction"] == "out"]
    assert said[-1]["author"] == {"kind": "bot", "name": ""}


def test_a_piece_is_told_to_the_room_of_the_thread_with_its_question(company: Company, visitor: Browser):
    visitor.say("hola")
    thread, question = _thread(visitor), uuid4()
    with realtime.sync_client().pubsub(ignore_subscribe_messages=True) as ear:
        ear.subscribe(f"live:conv:{thread}")
        ear.get_message(timeout=1)
        live.draft(thread, "Sí.", question)
        told: Any = ear.get_message(timeout=2)
    heard = json.loads(told["data"])

    assert (heard["kind"], heard["room"], heard["text"]) == ("piece", f"conv:{thread}", "Sí.")
    assert heard["question_id"] == str(question)


def test_the_page_knows_how_the_bot_is_called(company: Company):
    channel = widget_session.find_channel(company.shop.webchat_public_id)

    assert '"bot":"Alba"' in widget_page.app_page(channel, "es", is_dark=False, public_id="x")
    with Work(company.shop.admin) as work:
        assert work.get(Channel, company.shop.webchat_id).has_bot is True
