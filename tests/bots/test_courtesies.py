"""What people say around a question, and to the questions they are offered: none of it costs them an answer."""

import pytest

from saas_admin.adapters.channels.base import MessageKind
from saas_admin.adapters.embeddings import registry
from saas_admin.bots import intents, language, service
from saas_admin.bots.intents import Intent
from saas_admin.bots.small_talk import without_courtesies
from saas_admin.core.work import Work
from saas_admin.models.bot import Route
from saas_admin.models.conversation import Voice
from tests.bots.company import FAQS, Company, never_sure

OPENING = "Soy Alba, el asistente automático de Café Alborada."


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("hola, abris hoy?", "abris hoy?"),
        ("¡Hola! ¿Cuánto cuesta el envío?", "Cuánto cuesta el envío?"),
        ("hola buenas tardes quería saber el horario", "quería saber el horario"),
        ("hola q tal, una consulta: mandan a Córdoba?", "mandan a Córdoba?"),
        ("buen día! se puede retirar por el local? gracias", "se puede retirar por el local?"),
        ("Buenos días.\nQuería saber\nsi abren. Un saludo", "Quería saber\nsi abren."),
        ("oi, vocês abrem hoje? obrigada", "vocês abrem hoje?"),
        # Nothing of these is a courtesy.
        ("abren a las 10:30 o a las 11?", "abren a las 10:30 o a las 11?"),
        ("el kilo sale 52.40, no?", "el kilo sale 52.40, no?"),
        ("gracias a vosotros perdí 20 €", "gracias a vosotros perdí 20 €"),
        # And these are nothing else.
        ("hola", "hola"),
        ("Muchas gracias, un saludo", "Muchas gracias, un saludo"),
        ("¿?", "¿?"),
    ],
)
def test_a_question_is_asked_without_what_is_said_around_it(text: str, asked: str):
    assert without_courtesies(text) == asked


def test_with_a_greeting_around_it_a_phrasing_is_still_letter_by_letter(company: Company):
    message = company.write("Hola, buenas tardes, ¿cuánto tarda el envío? ¡Gracias!")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == f"{OPENING}\n\n{FAQS['shipping'][0]}"
    assert company.receipts(message.conversation_id)[0].route is Route.EXACT


def test_a_greeting_in_slang_before_a_question_is_no_question(company: Company):
    company.write("ola q tal")
    message = company.write("se puede pagar con tarjeta?")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == f"{OPENING}\n\n{FAQS['pay'][0]}"


def _offered(company: Company) -> list[str]:
    never_sure(company)
    (offer,) = company.ask("a que hora abren")
    return [option["id"] for option in offer.data["choices"]["options"]]


def test_a_place_in_the_list_chooses(company: Company):
    ids = _offered(company)
    (answer,) = company.ask("la última, porfa")
    key = next(key for key, faq_id in company.faq_ids.items() if ids[2] == f"faq:{faq_id}")
    assert answer.text == FAQS[key][0]


def test_none_of_them_is_for_a_person(company: Company):
    _offered(company)
    message = company.write("ninguna de esas")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text.startswith("Te paso con una persona del equipo.")
    assert company.receipts(message.conversation_id)[1].reason == "none_fits"
    assert company.conversation(message.conversation_id).voice is Voice.PERSON


def test_none_of_them_and_a_question_is_a_question(company: Company):
    _offered(company)
    company.write("ninguna")
    message = company.write("¿Aceptáis Bizum?")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == FAQS["pay"][0]


def test_yes_is_asked_which_of_them_and_not_for_ever(company: Company):
    ids = _offered(company)
    (which,) = company.ask("sí")
    assert which.text == "¿Cuál de ellas?"
    assert [option["id"] for option in which.data["choices"]["options"]] == ids
    (person,) = company.ask("sí, eso")
    assert person.text.startswith("Te paso con una persona del equipo.")


def test_without_a_list_yes_and_ok_are_noted(company: Company):
    (answer,) = company.ask("ok")
    assert answer.text == f"{OPENING}\n\nPerfecto. Si necesitas algo más, aquí estoy."


def test_a_likely_question_is_offered_without_excuses(company: Company):
    never_sure(company)
    (likely,) = company.ask("hasta cuando puedo devolver un cafe que compre")
    (unlikely,) = company.ask("y de que color son las paredes", who="34600000001")
    assert likely.text == f"{OPENING}\n\n¿Te refieres a alguna de estas preguntas?"
    assert unlikely.text == f"{OPENING}\n\nNo estoy seguro de haberte entendido. ¿Es alguna de estas preguntas?"


def test_an_angry_face_is_not_met_with_silence(company: Company):
    message = company.write("😡😡")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text.startswith(f"{OPENING}\n\nSiento lo ocurrido. Te paso con una persona del equipo.")
    assert company.receipts(message.conversation_id)[0].reason == "anger"


def test_kind_words_are_thanked_for(company: Company):
    message = company.write("qué buenísimo estaba el café!! felicidades")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == f"{OPENING}\n\n¡Muchas gracias! Nos alegra leerlo. Si necesitas algo, aquí estoy."
    assert company.conversation(message.conversation_id).voice is Voice.BOT


@pytest.mark.parametrize(
    "text",
    [
        "me encantó pero llegó rota la bolsa",
        "está buenísimo, ¿tenéis más?",
        "mi pedido llegó ayer y faltan dos tazas",
        "no me gustó nada, está amargo",
        "quiero dos bolsas del mismo",
        "busco algo rico para regalar",
    ],
)
def test_what_asks_for_something_is_no_praise(text: str):
    assert intents.meant(text, registry.installed()) is not Intent.PRAISE


def test_who_asks_for_the_name_is_told_it(company: Company):
    company.ask("hola")
    (answer,) = company.ask("¿y cómo te llamas?")
    assert answer.text.startswith(f"{OPENING} Soy un programa, no una persona.")


@pytest.mark.parametrize(
    "text",
    [
        "no quiero hablar con nadie, solo dime el horario",
        "no necesito hablar con una persona, solo el precio",
        "¿se puede comprar sin hablar con nadie?",
        "I don't want to talk to anyone, just tell me the price",
    ],
)
def test_who_wants_no_person_gets_none(text: str):
    assert intents.hear(text) is None
    assert intents.meant(text, registry.installed()) is None


@pytest.mark.parametrize("text", ["no quiero hablar con un bot", "¿no hay nadie que me pueda ayudar?"])
def test_who_wants_no_machine_gets_a_person(text: str):
    heard = intents.hear(text)
    assert heard is not None
    assert heard.intent is Intent.PERSON


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("cuando me vais a contestar?", "es"),
        ("a que hora cerrais", "es"),
        ("mandais a casa", "es"),
        ("aceptais cheque restaurante", "es"),
        ("no, na mas", "es"),
        ("voces tem cafe descafeinado?", "pt"),
        ("quero falar com uma pessoa", "pt"),
        ("quando vocês abrem amanhã", "pt"),
        ("vocês aceitam cartão?", "pt"),
        ("do you ship to Germany", "en"),
        ("quiero devolver mi pedido", "es"),
        ("Hi!", "en"),
        ("bom dia", "pt"),
        ("ola", "es"),
    ],
)
def test_a_language_is_told_by_its_words(text: str, spoken: str):
    assert language.guess(text, "es") == spoken


@pytest.mark.parametrize(("text", "is_certain"), [("hi", False), ("do you ship to Germany?", True), ("ok", False)])
def test_a_greeting_settles_no_language(text: str, is_certain: bool):
    assert language.is_certain(text) is is_certain


def _with_limits(company: Company, **limits: object) -> None:
    with Work(company.shop.admin) as work:
        service.set_limits(work, service.Limits(**limits))


def test_a_wish_for_a_person_is_one_at_the_limit_too(company: Company):
    _with_limits(company, most_answers=2)
    company.ask("¿Aceptáis Bizum?")
    company.ask("¿Moléis el café?")
    message = company.write("quiero hablar con una persona")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text.startswith("Te paso con una persona del equipo.")
    assert company.receipts(message.conversation_id)[-1].reason == "asked"


@pytest.mark.parametrize("text", ["necesito una factura", "me podéis mandar las FACTURAS?"])
def test_a_reserved_topic_is_one_in_its_plural_too(company: Company, text: str):
    _with_limits(company, forbidden_topics=["factura"])
    message = company.write(text)
    (answer,) = company.answer(message.conversation_id)
    assert answer.text.startswith(f"{OPENING}\n\nTe paso con una persona del equipo.")
    assert company.receipts(message.conversation_id)[0].reason == "topic"


def _greeting(company: Company, greeting: str) -> None:
    with Work(company.shop.admin) as work:
        service.set_manner(work, service.Manner(name="Alba", greeting=greeting))


@pytest.mark.parametrize(
    ("greeting", "text", "said"),
    [
        ("", "hola", f"¡Hola! {OPENING} ¿En qué te puedo ayudar?"),
        ("¡Buenas!", "hola", f"¡Buenas! {OPENING} ¿En qué te puedo ayudar?"),
        ("¡Buenas!", "hi there", "Hi! I'm Alba, the automatic assistant of Café Alborada. How can I help you?"),
        ("¡Buenas!", "¿Aceptáis Bizum?", f"¡Buenas! {OPENING}\n\n{FAQS['pay'][0]}"),
    ],
)
def test_who_greets_is_greeted_once(company: Company, greeting: str, text: str, said: str):
    _greeting(company, greeting)
    (answer,) = company.ask(text)
    assert answer.text == said


def test_in_another_language_the_shops_own_greeting_is_left_out(company: Company):
    _greeting(company, "¡Buenas!")
    (answer,) = company.ask("do you sell to astronauts on the moon, or to people who live in a submarine?")
    assert answer.text.startswith("I'm Alba, the automatic assistant of Café Alborada.")


def test_who_has_met_the_bot_today_is_not_told_again_who_it_is(company: Company):
    company.ask("¿Aceptáis Bizum?")
    company.ask("perfecto, muchas gracias")
    (answer,) = company.ask("¿Moléis el café?")
    assert answer.text == FAQS["grind"][0]


@pytest.mark.parametrize("words", ["aquí está la foto", "gracias", "¿Aceptáis Bizum?"])
def test_a_picture_is_for_a_person_whatever_is_written_beside_it(company: Company, words: str):
    message = company.write(words, kind=MessageKind.IMAGE)
    (answer,) = company.answer(message.conversation_id)
    assert answer.text.startswith(f"{OPENING}\n\nTodavía no puedo abrir archivos")
    assert company.receipts(message.conversation_id)[0].reason == "file"
    assert company.conversation(message.conversation_id).voice is Voice.PERSON
