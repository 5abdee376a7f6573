"""From a customer's question to the bot's answer, with its receipt."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels.base import Failure, FailureCode, MessageKind
from saas_admin.bots import phrases, reply, service
from saas_admin.bots.decision import ModelAnswer, Question, Source
from saas_admin.bots.episodes import assume_resolved
from saas_admin.bots.setup import Setup
from saas_admin.channels import outcomes
from saas_admin.conversations import service as conversations
from saas_admin.core.clock import now
from saas_admin.core.work import Work
from saas_admin.faqs import service as faqs
from saas_admin.faqs.content import Content, Phrase
from saas_admin.models import Activity, BotEpisode, Conversation, Faq, HandOver, Message
from saas_admin.models import Company as Shop
from saas_admin.models.bot import Outcome, Review, Route
from saas_admin.models.conversation import ActivityKind, Voice
from saas_admin.models.message import MessageStatus
from tests.bots.company import FAQS, Company, never_sure

OPENING = "Soy Alba, el asistente automático de Café Alborada."


def hand_overs(company: Company) -> list[HandOver]:
    with Work(company.shop.system) as work:
        return work.all(select(HandOver).order_by(col(HandOver.at)))


def episodes(company: Company) -> list[BotEpisode]:
    with Work(company.shop.system) as work:
        return work.all(select(BotEpisode).order_by(col(BotEpisode.started_at)))


def test_a_known_question_is_answered_with_the_faq_word_by_word(company: Company):
    message = company.write("¿cuanto tarda el envio?")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == f"{OPENING}\n\n{FAQS['shipping'][0]}"
    (receipt,) = company.receipts(message.conversation_id)
    assert (receipt.route, receipt.reason, receipt.faq_id) == (Route.EXACT, "sure", company.faq_ids["shipping"])
    assert receipt.message_id == answer.id
    assert receipt.question_id == message.id
    assert receipt.sources[0]["cited"] is True
    thread = company.conversation(message.conversation_id)
    assert (thread.voice, thread.bot_due_at, thread.waiting_since, thread.unread) == (Voice.BOT, None, None, 0)


def test_another_wording_of_it_is_answered_too_and_the_machine_is_named_once(company: Company):
    first = company.write("me lo mandais molido para espresso?")
    (answer,) = company.answer(first.conversation_id)
    assert answer.text == f"{OPENING}\n\n{FAQS['grind'][0]}"
    (second,) = company.ask("y aceptais tarjeta de credito?")
    assert second.text == FAQS["pay"][0]
    assert [receipt.route for receipt in company.receipts(first.conversation_id)] == [Route.FAQ, Route.FAQ]


def test_several_bubbles_are_one_question(company: Company):
    company.write("hola")
    message = company.write("una pregunta")
    company.write("cuánto tarda el envío?")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == f"{OPENING}\n\n{FAQS['shipping'][0]}"
    assert company.answer(message.conversation_id) == []


def test_two_questions_in_a_row_have_both_their_answers(company: Company):
    company.write("hola")
    company.write("cuanto tarda el envio?")
    message = company.write("se puede pagar con tarjeta")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == f"{OPENING}\n\n{FAQS['shipping'][0]}\n\n{FAQS['pay'][0]}"
    (receipt,) = company.receipts(message.conversation_id)
    assert (receipt.route, receipt.reason, receipt.faq_id) == (Route.FAQ, "several", company.faq_ids["shipping"])
    assert [source["faq_id"] for source in receipt.sources if source["cited"]] == [
        str(company.faq_ids["shipping"]),
        str(company.faq_ids["pay"]),
    ]


def test_what_is_unsure_is_offered_and_a_number_chooses(company: Company):
    never_sure(company)
    message = company.write("a que hora abren")
    (offer,) = company.answer(message.conversation_id)
    options = offer.data["choices"]["options"]
    assert offer.kind == "interactive"
    assert len(options) == 4
    assert options[3] == {"id": "faq:person", "title": "Hablar con alguien", "description": ""}
    (receipt,) = company.receipts(message.conversation_id)
    assert (receipt.route, receipt.review) == (Route.OFFER, Review.OPEN)
    (answer,) = company.ask("2")
    chosen = UUID(options[1]["id"].removeprefix("faq:"))
    key = next(key for key, faq_id in company.faq_ids.items() if faq_id == chosen)
    assert answer.text == FAQS[key][0]
    assert company.receipts(message.conversation_id)[1].reason == "chosen"


def test_a_tap_on_a_person_hands_over(company: Company):
    never_sure(company)
    message = company.write("a que hora abren")
    company.answer(message.conversation_id)
    company.write("Hablar con alguien", data={"interactive": "list_reply", "id": "faq:person"})
    (answer,) = company.answer(message.conversation_id)
    assert answer.text.startswith("Te paso con una persona del equipo. Te contestará a más tardar ")
    assert company.conversation(message.conversation_id).voice is Voice.PERSON


def noted(company: Company) -> dict[str, Any]:
    """What the thread's line says of its only hand-over."""
    with Work(company.shop.system) as work:
        (line,) = work.all(select(Activity).where(col(Activity.kind) == ActivityKind.HANDED_OVER))
        return line.data


def test_a_wish_for_a_person_leaves_a_promise_a_note_and_a_pending_thread(company: Company):
    asked = company.write("¿cuanto tarda el envio?")
    company.answer(asked.conversation_id)
    wish = company.write("mejor pásame con una persona")
    (answer,) = company.answer(asked.conversation_id)
    thread = company.conversation(asked.conversation_id)
    assert (thread.voice, thread.waiting_since, thread.unread) == (Voice.PERSON, wish.at, 1)
    (row,) = hand_overs(company)
    assert (row.reason, row.owner_id) == ("asked", None)
    assert timedelta(minutes=29) < row.due_at - row.at <= timedelta(minutes=35)
    assert row.due_at.minute % 5 == 0
    noted_at = datetime.fromisoformat(noted(company)["due_at"])
    assert (noted_at, noted_at.utcoffset()) == (
        row.due_at,
        row.due_at.astimezone(ZoneInfo("Europe/Madrid")).utcoffset(),
    )
    assert noted(company)["is_told"] is True
    assert row.note["asked"] == "mejor pásame con una persona"
    assert [tried["title"] for tried in row.note["tried"]] == ["¿Cuánto tarda el envío?"]
    assert row.note["mood"] == "calm"
    assert re.search(r"Te contestará a más tardar (?:hoy|mañana) a las? \d+:\d\d\.$", answer.text)
    assert [episode.outcome for episode in episodes(company)] == [Outcome.HANDED_OVER]
    company.write("¿hola?")
    assert company.answer(asked.conversation_id) == []


def test_a_person_who_answers_settles_the_hand_over(company: Company):
    message = company.write("quiero hablar con una persona")
    company.answer(message.conversation_id)
    with Work(company.shop.support) as work:
        conversations.reply(work, message.conversation_id, "Hola, soy Toni.", draft_id="toni-draft-1")
    (row,) = hand_overs(company)
    assert row.answered_at is not None
    assert company.conversation(message.conversation_id).waiting_since is None


def test_anger_and_topics_of_the_company_hand_over_at_once(company: Company):
    with Work(company.shop.admin) as work:
        service.set_limits(work, service.Limits(forbidden_topics=["alergia"]))
    angry = company.write("esto es una estafa, llevo tres semanas esperando", "34611000001")
    (sorry,) = company.answer(angry.conversation_id)
    assert sorry.text.startswith(f"{OPENING}\n\nSiento lo ocurrido. Te paso con una persona del equipo.")
    topic = company.write("tengo alergia a los frutos secos, puedo tomarlo?", "34611000002")
    company.answer(topic.conversation_id)
    assert [(row.reason, row.note["mood"]) for row in hand_overs(company)] == [("anger", "angry"), ("topic", "calm")]


def test_the_same_answer_three_times_in_a_row_is_a_loop(company: Company):
    message = company.write("cuanto tarda el envio?")
    company.answer(message.conversation_id)
    company.ask("pero en cuantos dias llega mi pedido?")
    company.ask("y cuanto tarda el envio?")
    assert [r.reason for r in company.receipts(message.conversation_id)] == ["sure", "sure", "loop"]
    assert company.conversation(message.conversation_id).voice is Voice.PERSON


def test_what_has_nothing_to_do_with_the_shop_goes_to_a_person_and_onto_the_list(company: Company):
    message = company.write("¿quién ganó el mundial de rugby?")
    company.answer(message.conversation_id)
    (receipt,) = company.receipts(message.conversation_id)
    assert (receipt.route, receipt.reason, receipt.review) == (Route.PERSON, "low", Review.OPEN)


def test_a_picture_without_words_is_for_people(company: Company):
    from saas_admin.adapters.channels.base import MessageKind

    message = company.write("", kind=MessageKind.IMAGE)
    (answer,) = company.answer(message.conversation_id)
    assert "Todavía no puedo abrir archivos" in answer.text
    assert company.receipts(message.conversation_id)[0].reason == "file"


def test_the_customer_is_answered_in_their_language(company: Company):
    message = company.write("do you sell to astronauts on the moon?")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text.startswith("I'm Alba, the automatic assistant of Café Alborada.")


def test_thanks_end_an_episode_as_confirmed(company: Company):
    message = company.write("cuanto tarda el envio?")
    company.answer(message.conversation_id)
    (answer,) = company.ask("perfecto, muchas gracias")
    assert answer.text == "¡De nada! Si necesitas algo más, aquí estoy."
    assert [(e.outcome, e.answers) for e in episodes(company)] == [(Outcome.CONFIRMED, 2)]
    company.ask("oye, y puedo devolver un café?")
    first, second = episodes(company)
    assert first.reopened_at is not None
    assert second.outcome is Outcome.OPEN


def test_outside_its_hours_the_bot_is_silent_and_the_thread_waits_for_people(company: Company):
    with Work(company.shop.admin) as work:
        service.set_manner(work, service.Manner(name="Alba", schedule="closed"))
    message = company.write("cuanto tarda el envio?")
    assert company.answer(message.conversation_id) == []
    thread = company.conversation(message.conversation_id)
    assert (thread.bot_due_at, thread.waiting_since) == (None, message.at)


def test_a_bot_that_is_off_is_not_even_asked(company: Company):
    with Work(company.shop.admin) as work:
        service.switch_channel(work, company.shop.whatsapp_id, False)
    message = company.write("cuanto tarda el envio?")
    assert company.conversation(message.conversation_id).bot_due_at is None


def test_a_sensitive_faq_is_not_said_without_a_second_look(company: Company):
    from saas_admin.faqs import service as faqs
    from saas_admin.faqs.content import Content, Phrase

    with Work(company.shop.admin) as work:
        content = Content(
            phrasings=(Phrase("¿El café tiene gluten?"), Phrase("¿Es apto para celíacos?")),
            answer="Se tuesta donde también hay cereales.",
            is_sensitive=True,
        )
        faqs.create(work, content, is_published=True)
    message = company.write("¿El café tiene gluten?")
    company.answer(message.conversation_id)
    assert company.receipts(message.conversation_id)[0].reason == "sensitive"
    assert company.conversation(message.conversation_id).voice is Voice.PERSON


def test_the_model_answers_the_middle_and_its_citation_is_kept(company: Company):
    never_sure(company)

    def model(question: Question, setup: Setup, sources: list[Source]) -> ModelAnswer:
        del setup
        assert question.joined == "a que hora abren"
        return ModelAnswer(
            "Abrimos a las 9.",
            frozenset({str(sources[0].faq.id)}),
            model="probe-1",
            tokens_in=90,
            tokens_out=9,
            cost=12,
        )

    message = company.write("a que hora abren")
    (answer,) = company.answer(message.conversation_id, lambda *_: model)
    assert answer.text == f"{OPENING}\n\nAbrimos a las 9."
    (receipt,) = company.receipts(message.conversation_id)
    assert (receipt.route, receipt.model, receipt.tokens_in, receipt.tokens_out, receipt.cost) == (
        Route.MODEL,
        "probe-1",
        90,
        9,
        12,
    )
    assert [source["cited"] for source in receipt.sources][:2] == [True, False]


@pytest.mark.parametrize(
    ("said", "route", "reason"),
    [
        (ModelAnswer(failure="timeout", is_trouble=True), Route.OFFER, "timeout"),
        (ModelAnswer(failure="invented_number"), Route.OFFER, "invented_number"),
        (ModelAnswer(failure="unsupported"), Route.OFFER, "unsupported"),
        (ModelAnswer(failure="invented_contact"), Route.PERSON, "invented_contact"),
        (ModelAnswer(failure="unknown"), Route.PERSON, "unknown"),
    ],
)
def test_a_model_that_fails_ends_in_closest_questions_or_a_person(
    company: Company, said: ModelAnswer, route: Route, reason: str
):
    never_sure(company)
    message = company.write("a que hora abren")
    (answer,) = company.answer(message.conversation_id, lambda *_: lambda _q, _s, _f: said)
    (receipt,) = company.receipts(message.conversation_id)
    assert (receipt.route, receipt.reason) == (route, reason)
    assert answer.text


def test_a_bot_that_breaks_hands_over(company: Company):
    never_sure(company)

    def broken(_question: Question, _setup: Setup, _sources: list[Source]) -> ModelAnswer:
        raise RuntimeError("boom")

    message = company.write("a que hora abren")
    (answer,) = company.answer(message.conversation_id, lambda *_: broken)
    assert "te paso con una persona" in answer.text
    assert hand_overs(company)[0].reason == "trouble"


def test_a_worker_that_dies_each_time_ends_in_a_person(company: Company):
    message = company.write("cuanto tarda el envio?")
    for _ in range(3):
        # As if it had been killed between the claim and the answer.
        assert reply.claim(company.shop.company_id, message.conversation_id) is not None
        # Whoever has it in hand is waited for.
        assert reply.claim(company.shop.company_id, message.conversation_id) is None
        with Work(company.shop.system) as work:
            work.get(Conversation, message.conversation_id).bot_due_at = now()
    (said,) = company.answer(message.conversation_id)
    assert "te paso con una persona del equipo" in said.text
    assert hand_overs(company)[0].reason == "trouble"
    assert [(r.route, r.reason) for r in company.receipts(message.conversation_id)] == [(Route.PERSON, "trouble")]
    assert company.conversation(message.conversation_id).voice is Voice.PERSON


def test_a_person_who_answers_while_the_bot_thinks_is_the_only_one_to_answer(company: Company):
    never_sure(company)

    def slow(_question: Question, _setup: Setup, _sources: list[Source]) -> ModelAnswer:
        with Work(company.shop.support) as work:
            conversations.reply(work, message.conversation_id, "Abrimos a las 9.", draft_id="toni-draft-2")
        return ModelAnswer("A las 10.", frozenset())

    message = company.write("a que hora abren")
    assert company.answer(message.conversation_id, lambda *_: slow) == []
    (receipt,) = company.receipts(message.conversation_id)
    assert receipt.route is Route.NONE
    assert company.conversation(message.conversation_id).voice is Voice.PERSON


def test_what_the_bot_has_queued_and_nobody_took_is_called_off_when_a_person_answers(company: Company):
    message = company.write("cuanto tarda el envio?")
    (answer,) = company.answer(message.conversation_id)
    assert answer.status is MessageStatus.QUEUED
    with Work(company.shop.support) as work:
        conversations.reply(work, message.conversation_id, "En 48 horas.", draft_id="toni-draft-3")
    with Work(company.shop.system) as work:
        called_off = work.get(Message, answer.id)
    assert (called_off.status, called_off.error_code, called_off.next_attempt_at) == (
        MessageStatus.FAILED,
        "superseded",
        None,
    )


def test_given_back_the_bot_answers_what_waited(company: Company):
    message = company.write("quiero hablar con una persona")
    company.answer(message.conversation_id)
    company.write("bueno, cuanto tarda el envio?")
    with Work(company.shop.support) as work:
        conversations.give_back(work, message.conversation_id)
    thread = company.conversation(message.conversation_id)
    assert thread.voice is Voice.BOT
    assert thread.bot_due_at is not None
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == f"{OPENING}\n\n{FAQS['shipping'][0]}"
    assert hand_overs(company)[0].ended_at is not None


def test_a_closed_thread_that_goes_on_is_the_bots_again(company: Company):
    message = company.write("quiero hablar con una persona")
    company.answer(message.conversation_id)
    with Work(company.shop.support) as work:
        conversations.close(work, message.conversation_id)
    again = company.write("cuanto tarda el envio?")
    assert again.conversation_id == message.conversation_id
    assert company.conversation(message.conversation_id).voice is Voice.BOT
    (answer,) = company.answer(message.conversation_id)
    assert FAQS["shipping"][0] in answer.text


def test_what_the_provider_says_was_written_before_the_answer_is_answered_too(company: Company):
    first = company.write("hola", at=now() - timedelta(seconds=3))
    company.answer(first.conversation_id)
    # Stored after the answer, written before it by a clock of whole seconds that runs behind.
    company.write("cuanto tarda el envio?", at=now() - timedelta(seconds=2))
    (answer,) = company.answer(first.conversation_id)
    assert answer.text == FAQS["shipping"][0]


def test_an_older_message_that_comes_in_while_the_bot_thinks_is_answered_with_the_other(company: Company):
    message = company.write("se puede pagar con tarjeta", at=now())
    taken = reply.claim(company.shop.company_id, message.conversation_id)
    assert taken is not None
    company.write("cuanto tarda el envio?", at=now() - timedelta(seconds=5))
    decision = reply.decide(taken.question, taken.setup, company.library, company.library.get(company.shop.company_id))
    reply.say_it(company.shop.company_id, message.conversation_id, taken, decision)
    assert company.said(message.conversation_id) == []
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == f"{OPENING}\n\n{FAQS['shipping'][0]}\n\n{FAQS['pay'][0]}"


def test_thanks_beside_a_question_do_not_swallow_it(company: Company):
    never_sure(company)
    company.write("¿hacen envíos a Canarias?")
    message = company.write("gracias")
    (offer,) = company.answer(message.conversation_id)
    assert offer.kind == "interactive"
    assert episodes(company)[0].outcome is Outcome.OPEN


def test_of_two_questions_the_one_that_is_not_known_is_not_forgotten(company: Company):
    company.write("¿vendéis máquinas Gaggia de segunda mano?")
    message = company.write("¿aceptáis Bizum?")
    said = company.answer(message.conversation_id)
    assert said[0].text == f"{OPENING}\n\n{FAQS['pay'][0]}"
    assert len(said) == 2
    (receipt,) = company.receipts(message.conversation_id)
    assert receipt.route in (Route.OFFER, Route.PERSON)
    assert receipt.review is Review.OPEN


def test_given_back_without_another_word_the_promise_is_kept(company: Company):
    message = company.write("¿quién ganó el mundial de 1930?")
    company.answer(message.conversation_id)
    assert [row.reason for row in hand_overs(company)] == ["low"]
    with Work(company.shop.support) as work:
        conversations.give_back(work, message.conversation_id)
    (said,) = company.answer(message.conversation_id)
    assert "te paso con una persona" in said.text
    assert [row.ended_at is None for row in hand_overs(company)] == [False, True]
    assert company.conversation(message.conversation_id).voice is Voice.PERSON


def test_an_answer_the_provider_refuses_goes_to_a_person(company: Company):
    message = company.write("cuanto tarda el envio?")
    (answer,) = company.answer(message.conversation_id)
    with Work(company.shop.system) as work:
        outcomes_of = work.get(Message, answer.id)
        outcomes_of.status = MessageStatus.SENDING
    refused = Failure(FailureCode.NOT_REACHABLE, "131026", "Message undeliverable")
    outcomes.record(company.shop.company_id, company.shop.whatsapp_id, [outcomes.Outcome(answer.id, refused)])
    assert company.answer(message.conversation_id) == []
    (row,) = hand_overs(company)
    assert (row.reason, row.ended_at) == ("undelivered", None)
    thread = company.conversation(message.conversation_id)
    assert (thread.voice, thread.bucket, thread.bot_due_at) == (Voice.PERSON, "pending", None)


def test_what_was_called_off_by_a_take_is_answered_when_it_is_given_back(company: Company):
    message = company.write("cuanto tarda el envio?")
    company.answer(message.conversation_id)
    with Work(company.shop.support) as work:
        conversations.take(work, message.conversation_id)
    assert company.conversation(message.conversation_id).bucket == "pending"
    with Work(company.shop.support) as work:
        conversations.give_back(work, message.conversation_id)
    (again,) = company.answer(message.conversation_id)
    assert again.text == FAQS["shipping"][0]
    assert [m.status for m in company.said(message.conversation_id)] == [MessageStatus.FAILED, MessageStatus.QUEUED]


def test_undo_of_a_close_brings_the_hand_over_and_what_the_bot_owes_back(company: Company):
    handed = company.write("quiero hablar con una persona", "34611000011")
    company.answer(handed.conversation_id)
    owed = company.write("cuanto tarda el envio?", "34611000012")
    for thread in (handed.conversation_id, owed.conversation_id):
        with Work(company.shop.support) as work:
            conversations.close(work, thread)
        with Work(company.shop.support) as work:
            conversations.reopen(work, thread)
    assert [row.ended_at for row in hand_overs(company)] == [None]
    assert len(company.answer(owed.conversation_id)) == 1


def test_a_closed_thread_starts_anew_for_the_bot(company: Company):
    message = company.write("esto es una estafa, son unos ladrones")
    with Work(company.shop.support) as work:
        conversations.close(work, message.conversation_id)
    company.write("cuanto tarda el envio?")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text.endswith(FAQS["shipping"][0])


def test_a_sticker_is_answered_by_nobody_and_nobody_waits(company: Company):
    message = company.write("", kind=MessageKind.STICKER)
    assert company.answer(message.conversation_id) == []
    (receipt,) = company.receipts(message.conversation_id)
    assert (receipt.route, receipt.reason) == (Route.NONE, "acknowledged")
    thread = company.conversation(message.conversation_id)
    assert (thread.bucket, thread.unread, thread.unanswered) == ("in_progress", 0, [])


def test_goodbye_after_thanks_belongs_to_the_confirmed_episode(company: Company):
    message = company.write("cuanto tarda el envio?")
    for text in ("gracias, me sirvió", "chau"):
        company.answer(message.conversation_id)
        company.write(text)
    (bye,) = company.answer(message.conversation_id)
    assert bye.text == "¡Hasta pronto! Cuando quieras, aquí estoy."
    (episode,) = episodes(company)
    assert (episode.outcome, episode.reopened_at) == (Outcome.CONFIRMED, None)


def test_thanks_for_nothing_confirm_nothing_and_a_greeting_resolves_nothing(company: Company):
    message = company.write("hola")
    company.answer(message.conversation_id)
    company.write("gracias")
    company.answer(message.conversation_id)
    (episode,) = episodes(company)
    assert episode.outcome is Outcome.OPEN
    with Work(company.shop.system) as work:
        work.get(BotEpisode, episode.id).last_at = now() - timedelta(hours=25)
    with Work(company.shop.system) as work:
        assume_resolved(work, episode.id)
    assert episodes(company)[0].outcome is Outcome.UNRESOLVED


def test_who_comes_back_with_a_question_had_not_been_helped_whoever_answers(company: Company):
    message = company.write("cuanto tarda el envio?")
    company.answer(message.conversation_id)
    company.write("gracias, me sirvió")
    company.answer(message.conversation_id)
    company.write("quiero hablar con una persona")
    company.answer(message.conversation_id)
    assert episodes(company)[0].reopened_at is not None


def test_a_letter_perfect_question_of_the_shop_goes_before_every_rule(company: Company):
    with Work(company.shop.admin) as work:
        content = Content(phrasings=(Phrase("¿Es una estafa?"),), answer="No: llevamos 12 años en Sevilla.")
        faqs.create(work, content, is_published=True)
    (answer,) = company.ask("es una estafa")
    assert answer.text.endswith("No: llevamos 12 años en Sevilla.")


def test_an_older_list_may_still_be_tapped(company: Company):
    company.ask("quisiera saber algo de unos cafés que vi")
    company.ask("hola")
    key = str(company.faq_ids["returns"])
    message = company.write("¿Puedo devolver un…", data={"interactive": "list", "id": f"faq:{key}"})
    (answer,) = company.answer(message.conversation_id)
    assert answer.text.endswith(FAQS["returns"][0])
    with Work(company.shop.admin) as work:
        work.get(Faq, company.faq_ids["returns"]).is_sensitive = True
    company.library.forget()
    message = company.write("¿Puedo devolver un…", data={"interactive": "list", "id": f"faq:{key}"})
    (handed,) = company.answer(message.conversation_id)
    assert "te paso con una persona" in handed.text


def test_a_shop_that_has_not_said_when_it_is_open_promises_no_hour(company: Company):
    with Work(company.shop.admin) as work:
        shop = work.get(Shop, company.shop.company_id)
        shop.hours, shop.time_zone = {}, "Europe/Madrid"
    (answer,) = company.ask("quiero hablar con una persona")
    assert answer.text == f"{OPENING}\n\nTe paso con una persona del equipo. Te contestará en cuanto pueda."
    due = hand_overs(company)[0].due_at.astimezone(ZoneInfo("Europe/Madrid"))
    # Somebody is asked by day, whatever the hour the customer wrote; what is left of the evening counts.
    assert time(9, 0) < due.time() <= time(21, 0)
    assert noted(company)["is_told"] is False


@pytest.mark.parametrize(
    ("locale", "language", "at", "said"),
    [
        ("es-ES", "es", "13:15", "Te contestará a más tardar hoy a las 13:15."),
        ("es-ES", "es", "01:15", "Te contestará a más tardar hoy a la 1:15."),
        ("es-MX", "es", "13:15", "Te contestará a más tardar hoy a la 1:15 p.m."),
        ("es-CO", "es", "14:00", "Te contestará a más tardar hoy a las 2:00 p. m."),
        ("en-US", "en", "13:15", "They'll answer today at 1:15 PM at the latest."),
        ("pt-BR", "pt", "01:15", "A resposta chega o mais tardar hoje à 01:15."),
    ],
)
def test_a_moment_is_said_as_it_is_said_there(locale: str, language: str, at: str, said: str):
    zone = ZoneInfo("America/Bogota")
    due = datetime.combine(date(2026, 11, 26), time.fromisoformat(at), zone)
    when = phrases.moment(due, due - timedelta(minutes=5), zone, language, locale)
    assert phrases.sentences(phrases.say("wait_until", language, when=when)) == said


@pytest.mark.parametrize(("minutes", "said"), [(1, "1 minuto"), (25, "25 minutos"), (180, "3 horas")])
def test_a_usual_wait_is_said_in_words(minutes: int, said: str):
    assert phrases.length(minutes, "es", "es-MX") == said


def test_a_thumb_up_is_thanks_and_a_thumb_down_is_for_a_person(company: Company):
    message = company.write("cuanto tarda el envio?")
    company.answer(message.conversation_id)
    company.write("👍🏼")
    (thanked,) = company.answer(message.conversation_id)
    company.write("👎")
    (sorry,) = company.answer(message.conversation_id)
    assert thanked.text == "Perfecto. Si necesitas algo más, aquí estoy."
    assert sorry.text.startswith("Siento lo ocurrido. Te paso con una persona del equipo.")


def test_a_loose_wish_gives_way_to_a_sure_faq_and_to_nothing_else(company: Company):
    with Work(company.shop.admin) as work:
        content = Content(
            phrasings=(Phrase("¿Me podéis llamar antes de llegar con el paquete?"),), answer="Sí, llamamos."
        )
        faqs.create(work, content, is_published=True)
    (known,) = company.ask("me podeis llamar antes de llegar con el paquete?", "34611000031")
    (unknown,) = company.ask("¿cómo hago una reclamación si llega roto?", "34611000032")
    assert known.text.endswith("Sí, llamamos.")
    assert "Te paso con una persona del equipo." in unknown.text
