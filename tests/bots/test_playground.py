"""The playground says what the bot would say, keeps nothing, and tells when nobody answers."""

import asyncio
import time
from dataclasses import asdict
from typing import Any

import pytest

from saas_admin.bots import modelling, playground, service
from saas_admin.bots.decision import ModelAnswer
from saas_admin.bots.playground import Tried
from saas_admin.core import jobs
from saas_admin.core.errors import AppError, Invalid
from saas_admin.core.jobs import Job
from saas_admin.core.work import Work
from saas_admin.models import Channel
from saas_admin.models.bot import Route
from tests.bots.company import FAQS, Company, never_sure


class Talk:
    """Turns in a row, as the page sends them."""

    def __init__(self, company: Company, channel: str = "") -> None:
        self.company, self.channel = company, channel
        self.turns: list[dict[str, Any]] = []

    def ask(self, text: str, tapped: str = "", model_of: Any = modelling.model_of) -> Tried:
        asked = {"text": text, "tapped": tapped, "channel_id": self.channel, "turns": self.turns}
        said = playground.try_out(self.company.shop.company_id, asked, shelves=self.company.library, model_of=model_of)
        self.turns.append(asdict(said))
        return said


@pytest.fixture
def talk(company: Company) -> Talk:
    return Talk(company, str(company.shop.whatsapp_id))


def test_it_says_word_by_word_what_a_customer_gets_and_keeps_the_same_receipt(company: Company, talk: Talk):
    message = company.write("¿cuanto tarda el envio?")
    (answer,) = company.answer(message.conversation_id)
    (receipt,) = company.receipts(message.conversation_id)
    said = talk.ask("¿cuanto tarda el envio?")
    assert said.texts == [answer.text]
    assert (said.route, said.reason, said.faq_id) == ("exact", "sure", str(company.faq_ids["shipping"]))
    assert (said.sources, said.probability, said.encoders) == (receipt.sources, receipt.probability, receipt.encoders)
    assert (said.is_first, said.is_over, said.silence, said.language) == (True, False, "", "es")
    assert list(said.steps) == ["rank"]


def test_nothing_is_written_and_nobody_is_told(company: Company, talk: Talk):
    before = company.write("hola").conversation_id
    talk.ask("¿Tenéis té?")
    talk.ask("quiero hablar con una persona")
    assert (company.receipts(before), company.said(before)) == ([], [])


def test_the_disclosure_is_said_once(talk: Talk):
    talk.ask("¿Aceptáis Bizum?")
    assert talk.ask("¿Moléis el café?").texts == [FAQS["grind"][0]]


def test_what_was_offered_is_chosen_by_tap_number_and_words(company: Company):
    for answer in ("tap", "1", "words"):
        talk = Talk(company, str(company.shop.whatsapp_id))
        offer = _offer(talk)
        option = offer.choices[0]
        if answer == "tap":
            said = talk.ask(option["title"], tapped=option["id"])
        else:
            said = talk.ask("1" if answer == "1" else option["description"] or option["title"])
        assert (said.route, said.reason, f"faq:{said.faq_id}") == ("faq", "chosen", option["id"])


def test_a_third_question_nobody_knows_goes_to_a_person_and_then_it_is_over(company: Company, talk: Talk):
    _offer(talk)
    _offer(talk)
    last = talk.ask(UNSURE)
    assert (last.route, last.reason, last.is_over) == ("person", "loop", True)
    assert last.due_at
    assert last.texts[0].startswith("Te paso con una persona del equipo.")
    with pytest.raises(Invalid) as refused, Work(company.shop.admin) as work:
        playground.start(work, "¿hola?", company.shop.whatsapp_id, talk.turns)
    assert refused.value.code == "playground_over"


def test_after_a_yes_the_next_question_begins_anew_and_nobody_is_introduced_twice(talk: Talk):
    for _ in range(2):
        talk.ask("¿Aceptáis Bizum?")
    assert talk.ask("muchas gracias").is_confirmed
    again = talk.ask("¿Aceptáis Bizum?")
    # In one episode a third time would be a loop.
    assert (again.route, again.is_first, again.texts) == ("exact", False, ["Aceptamos tarjeta, Bizum y transferencia."])


def test_thanks_for_a_list_of_questions_confirm_nothing(company: Company, talk: Talk):
    _offer(talk)
    assert not talk.ask("gracias").is_confirmed
    talk.ask("¿Aceptáis Bizum?")
    assert talk.ask("gracias").is_confirmed


def test_the_same_answer_three_times_is_a_loop(talk: Talk):
    for _ in range(2):
        assert talk.ask("¿Aceptáis Bizum?").route == "exact"
    assert (talk.ask("¿Aceptáis Bizum?").route, talk.turns[-1]["reason"]) == ("person", "loop")


def test_a_channel_without_buttons_reads_numbers(company: Company):
    buttons = _offer(Talk(company, ""))
    assert buttons.choices[-1]["id"] == "faq:person"
    assert "1. " not in buttons.texts[0]
    with Work(company.shop.system) as work:
        work.get(Channel, company.shop.whatsapp_id).kind = "twilio"
    talk = Talk(company, str(company.shop.whatsapp_id))
    words = _offer(talk)
    assert words.choices == []
    assert [line[:3] for line in words.texts[0].splitlines()[-4:]] == ["1. ", "2. ", "3. ", "4. "]
    assert words.texts[0].endswith("4. Hablar con alguien")
    assert talk.ask("4").reason == "asked"


def test_it_says_why_production_would_be_silent(company: Company, talk: Talk):
    with Work(company.shop.admin) as work:
        service.set_channel(work, company.shop.whatsapp_id, {"name": "Beto", "address_form": "usted"})
        service.switch(work, False)
    said = talk.ask("quiero hablar con una persona")
    assert said.silence == "off"
    assert said.texts[0].startswith("Soy Beto, el asistente automático de Café Alborada.\n\nLe paso con una persona")
    assert Talk(company, "").ask("¿Aceptáis Bizum?").silence == ""


def test_what_a_model_said_and_cost_is_in_the_receipt(company: Company, talk: Talk):
    def model_of(company_id: object) -> Any:
        assert company_id == company.shop.company_id

        def model(question: Any, setup: Any, sources: Any) -> ModelAnswer:
            del question, setup
            time.sleep(0.05)
            cited = frozenset({str(sources[0].faq.id)})
            return ModelAnswer("Sí, también té.", cited, model="mini", tokens_in=900, tokens_out=12, cost=230)

        return model

    never_sure(company)
    said = talk.ask(UNSURE, model_of=model_of)
    assert (said.route, said.reason, said.texts[0].endswith("Sí, también té.")) == ("model", "grounded", True)
    assert (said.model, said.tokens_in, said.tokens_out, said.cost) == ("mini", 900, 12, 230)
    assert [each["cited"] for each in said.sources][:2] == [True, False]
    # Its time is its own, and not that of looking up.
    assert list(said.steps) == ["rank", "model"]
    assert said.steps["model"] >= 50
    assert said.milliseconds >= said.steps["model"] + said.steps["rank"] - 1


def test_the_page_asks_by_a_job_and_waits_for_its_ticket(company: Company, monkeypatch: pytest.MonkeyPatch):
    sent: list[tuple[Job, dict[str, Any]]] = []
    monkeypatch.setattr(jobs, "send", lambda job, **arguments: sent.append((job, arguments)) or True)
    with Work(company.shop.marketing) as work:
        ticket = playground.start(work, "  ¿Aceptáis Bizum?  ", company.shop.webchat_id)
        assert sent == []
    ((job, arguments),) = sent
    assert (job, arguments["company_id"], arguments["ticket"]) == (
        Job.PLAYGROUND,
        str(company.shop.company_id),
        ticket,
    )
    playground.play(company.shop.company_id, ticket, arguments["asked"], shelves=company.library)
    said = asyncio.run(playground.collect(ticket, 5))
    assert (said.route, said.question) == (Route.EXACT.value, "¿Aceptáis Bizum?")
    # One shot: the ticket is spent.
    with pytest.raises(AppError) as spent:
        asyncio.run(playground.collect(ticket, 0.1))
    assert (spent.value.code, spent.value.params) == ("playground_silent", {"seconds": 0})


def test_a_fault_is_said_at_once_and_a_late_job_does_nothing(company: Company, monkeypatch: pytest.MonkeyPatch):
    asked = {"text": "hola", "channel_id": "", "turns": [], "until": time.time() + 5}
    broken: Any = None
    playground.play(company.shop.company_id, "a" * 32, asked, shelves=broken)
    with pytest.raises(AppError) as trouble:
        asyncio.run(playground.collect("a" * 32, 1))
    assert trouble.value.code == "playground_trouble"
    monkeypatch.setattr(playground, "try_out", lambda *_, **__: pytest.fail("nobody waits"))
    playground.play(company.shop.company_id, "b" * 32, {**asked, "until": time.time() - 1})


@pytest.mark.parametrize("text", ["", "  \n ", "\x00"])
def test_nothing_asked_is_refused(company: Company, text: str):
    with pytest.raises(Invalid), Work(company.shop.admin) as work:
        playground.start(work, text)


UNSURE = "¿y los portes de un paquete grande?"


def _offer(talk: Talk) -> Tried:
    with_bot = talk.company
    with Work(with_bot.shop.admin) as work:
        service.set_thresholds(work, 0.99, 0.0)
    said = talk.ask(UNSURE)
    assert said.route == "offer", (said.route, said.reason, said.probability)
    return said
