"""Whole conversations, as people have them: what was said before decides what is meant now."""

from uuid import UUID

import pytest
from sqlalchemy import select

from saas_admin.adapters.embeddings import registry
from saas_admin.bots import asked, choosing, health, intents, service, setup
from saas_admin.bots.decision import Model, ModelAnswer, Question, Source
from saas_admin.bots.intents import Intent, People
from saas_admin.bots.setup import Setup
from saas_admin.core.text import fold
from saas_admin.core.work import Work
from saas_admin.faqs import service as faqs
from saas_admin.faqs.content import Content, Phrase
from saas_admin.models import BotAnswer, Channel, Faq, HandOver
from saas_admin.models.bot import Route
from saas_admin.models.conversation import Voice
from tests.bots.company import FAQS, Company, never_sure

PEOPLE = People("alba", frozenset({"nuria", "rosa"}))
OPENING = "Soy Alba, el asistente automático de Café Alborada."


def last(company: Company, text: str) -> BotAnswer:
    """The receipt of what is said to this."""
    message = company.write(text)
    company.answer(message.conversation_id)
    return company.receipts(message.conversation_id)[-1]


def publish(company: Company, *phrasings: str, answer: str, is_sensitive: bool = False) -> UUID:
    content = Content(phrasings=tuple(map(Phrase, phrasings)), answer=answer, is_sensitive=is_sensitive)
    with Work(company.shop.admin) as work:
        return UUID(faqs.create(work, content, is_published=True).id)


# What the shop has to look up


@pytest.mark.parametrize(
    "text",
    [
        "numero 88123",
        "pedido 5521, calle Mayor 3 de Sagunto",
        "me llamo Marta Soler, marta@example.com",
        "B12345678, Cafés Soler SL",
        "mi tel es 611 22 33 44",
    ],
)
def test_details_after_an_answer_are_for_the_team(company: Company, text: str):
    company.ask("¿Cómo hago una devolución?")
    message = company.write(text)
    (answer,) = company.answer(message.conversation_id)
    assert answer.text.startswith("Gracias, paso estos datos al equipo. Te contestará a más tardar ")
    receipt = company.receipts(message.conversation_id)[-1]
    assert (receipt.route, receipt.reason) == (Route.PERSON, "details")
    assert company.conversation(message.conversation_id).voice is Voice.PERSON


@pytest.mark.parametrize(
    "text",
    [
        "tengo 1500 pesos",
        "necesito 2500 g",
        "cuesta 4,90 €",
        "son 12 tazas",
        "¿el pedido 88123 ha salido?",
        "$ 3500",
        "para un coche de 2007",
        "el 12/03/2026 por la tarde",
    ],
)
def test_amounts_and_questions_are_no_details(text: str):
    assert not asked.gives_details(text)


@pytest.mark.parametrize(
    "text", ["a@" * 1000, "1 " * 1000 + "€", "no quiero " * 200, "ja" * 1000, "a" * 2000 + ".", "y tambien " * 200]
)
def test_a_strange_text_takes_no_longer_than_its_length(text: str):
    """A wall of text is what somebody tries first; the test's own time-out is the bound."""
    asked.gives_details(text)
    asked.is_contrary(text, text)
    asked.only_thanks(text)
    health.is_harm(fold(text))
    intents.hear(text, PEOPLE)
    choosing.placed(text, choosing.listed((), "Hablar con alguien", ""))


@pytest.mark.parametrize(
    "text", ["soy Antonio Ruiz Pardo", "pues una bandeja de madera clara", "que ponga «Feliz cumple, mamá»"]
)
def test_what_an_answer_asked_for_is_noted_by_a_person(company: Company, text: str):
    publish(
        company,
        "¿Hacéis cajas de regalo?",
        "¿Preparáis regalos?",
        answer="Sí. Dinos para quién es y qué debe decir la tarjeta.",
    )
    company.ask("¿Hacéis cajas de regalo?")
    receipt = last(company, text)
    assert (receipt.route, receipt.reason) == (Route.PERSON, "details")


@pytest.mark.parametrize(
    "text",
    [
        "a que hora abren el domingo",
        "tambien muelen para filtro",
        "quisiera saber el horario",
        "y para la cafetera de mi madre que me vale",
    ],
)
def test_a_question_without_its_mark_is_still_one(company: Company, text: str):
    publish(company, "¿Hacéis cajas de regalo?", answer="Sí. Dinos para quién es.")
    company.ask("¿Hacéis cajas de regalo?")
    assert last(company, text).reason != "details"


def test_after_an_answer_that_asks_for_nothing_it_is_none(company: Company):
    company.ask("¿Aceptáis Bizum?")
    assert last(company, "soy Antonio Ruiz Pardo").reason != "details"


def test_thanks_for_an_answer_that_asked_are_thanks(company: Company):
    publish(company, "¿Hacéis cajas de regalo?", answer="Sí. Dinos para quién es.")
    company.ask("¿Hacéis cajas de regalo?")
    assert last(company, "re lindo, gracias genia").route is Route.SMALL_TALK


# Several things at once


def test_each_question_of_one_message_is_answered(company: Company):
    (answer,) = company.ask("Hola. ¿Cuánto tarda el envío? ¿Y aceptáis Bizum? Gracias")
    assert answer.text == f"{OPENING}\n\n{FAQS['shipping'][0]}\n\n{FAQS['pay'][0]}"


@pytest.mark.parametrize("other", ["y el bote es de vidrio?", "y hay parking?"])
def test_a_question_that_is_not_known_is_not_dropped_behind_one_that_is(company: Company, other: str):
    message = company.write(f"cuanto tarda el envio? {other}")
    answers = company.answer(message.conversation_id)
    assert [answer.text.split(":")[0] for answer in answers] == [
        f"{OPENING}\n\n{FAQS['shipping'][0]}",
        "Prefiero no darte un dato equivocado",
    ]
    (receipt,) = company.receipts(message.conversation_id)
    assert (receipt.route, receipt.reason) == (Route.PERSON, "low")
    # Whoever takes over is told what was close to it, and not what was said already.
    with Work(company.shop.system) as work:
        (handed,) = work.all(select(HandOver))
    assert handed.note["closest"]["title"] != "¿Cuánto tarda el envío?"


def test_what_belongs_to_the_question_before_is_no_other(company: Company):
    message = company.write("cuanto tarda el envio? y cuanto cuesta?")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == f"{OPENING}\n\n{FAQS['shipping'][0]}"


def test_one_more_thing_is_no_thing_by_itself(company: Company):
    company.write("una cosa más")
    message = company.write("¿aceptáis Bizum?")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == f"{OPENING}\n\n{FAQS['pay'][0]}"


# A person that is not wanted


@pytest.mark.parametrize(
    "text",
    [
        "no me pases con un asesor, ¿cuánto tarda el envío?",
        "sin pasarme con nadie, ¿cuánto tarda el envío?",
        "no hace falta que me pases con nadie. cuánto tarda el envío",
        "no quiero que me llamen, ¿cuánto tarda el envío?",
        "cuánto tarda el envío? no me transfieras, porfa",
    ],
)
def test_who_wants_no_person_gets_the_answer(company: Company, text: str):
    (answer,) = company.ask(text)
    assert answer.text == f"{OPENING}\n\n{FAQS['shipping'][0]}"


@pytest.mark.parametrize(
    "text",
    [
        "please don't transfer me to an agent, what are your hours?",
        "I don't want a human, just tell me if you grind",
        "no humans please, do you ship?",
        "não precisa me passar pra um atendente, qual o horário?",
        "I don't need to transfer anymore and I want to cancel it",
        "don't connect it to my phone anymore",
    ],
)
def test_nor_in_other_languages(text: str):
    assert intents.hear(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "no quiero hablar con un bot, pásame con un asesor",
        "no me pases con el robot, quiero una persona",
        "no me pases con ventas, pásame con el encargado",
        "ahora sí, pásame con uno",
        "necesito resolver esto con alguien que sepa",
        "ya hablé con vuestra compañera y me dijo que me llamaría",
    ],
)
def test_who_wants_one_all_the_same_gets_one(text: str):
    found = intents.hear(text)
    assert found is not None
    assert found.intent is Intent.PERSON


@pytest.mark.parametrize(
    "text",
    [
        "hola, ¿tenéis menú sin gluten para una persona?",
        "hola, quiero un vale sin fecha para una persona",
        "hola, no necesito factura de persona jurídica sino de autónomo",
        "buenas, se puede comprar sin hablar con nadie?",
    ],
)
def test_a_person_in_a_question_is_no_person_that_is_not_wanted(text: str):
    assert intents.without_declining(text) == text
    assert intents.hear(text) is None


def test_that_nobody_is_wanted_is_noted(company: Company):
    (answer,) = company.ask("no quiero hablar con nadie")
    assert answer.text == f"{OPENING}\n\nPerfecto. Si necesitas algo más, aquí estoy."


# Courtesies


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ahh vale vale", "Perfecto. Si necesitas algo más, aquí estoy."),
        ("ok lo miro", "Perfecto. Si necesitas algo más, aquí estoy."),
        ("jajaja vale", "Perfecto. Si necesitas algo más, aquí estoy."),
        ("no", "Perfecto. Si necesitas algo más, aquí estoy."),
        ("vaya, qué pena", "Lo siento. Si necesitas algo más, aquí estoy."),
        ("gracias Nuria", "¡De nada! Si necesitas algo más, aquí estoy."),
        ("muchas gracias Alba!", "¡De nada! Si necesitas algo más, aquí estoy."),
        ("no necesito nada, gracias", "¡De nada! Si necesitas algo más, aquí estoy."),
        ("gracias majo, a ver si nos vemos por ahí", "¡De nada! Si necesitas algo más, aquí estoy."),
        ("feliz navidad!", "¡Hasta pronto! Cuando quieras, aquí estoy."),
        ("bien gracias, y tú?", "¡Hola! ¿En qué te puedo ayudar?"),
        ("sigues ahí?", "¡Hola! ¿En qué te puedo ayudar?"),
        ("felices fiestas", "¡Hasta pronto! Cuando quieras, aquí estoy."),
        ("listo, quedo atento al mensaje", "Aquí estoy para lo que necesites."),
    ],
)
def test_what_asks_for_nothing_gets_no_list(company: Company, text: str, said: str):
    company.ask("¿Aceptáis Bizum?")
    (answer,) = company.ask(text)
    assert answer.text == said


@pytest.mark.parametrize(
    "text",
    [
        "gracias, pero no me ha llegado",
        "gracias por nada",
        "gracias, sigue sin funcionar",
        "mi pedido es el 4471, gracias",
        "gracias por arruinarme el cumpleaños",
        "muchas gracias por el café roto",
        "cómo se dice gracias en catalán",
    ],
)
def test_thanks_with_something_missing_are_no_thanks(text: str):
    assert not asked.only_thanks(text)


@pytest.mark.parametrize("text", ["jajajaja", "ah", "bueno", "uf jaja"])
def test_what_says_nothing_is_not_answered(company: Company, text: str):
    company.ask("¿Aceptáis Bizum?")
    assert company.ask(text) == []


def test_a_few_words_that_say_little_are_asked_about_before_anybody_is_called(company: Company):
    company.ask("¿Aceptáis Bizum?")
    (first,) = company.ask("el grito azul")
    assert first.text == "¿Me das un poco más de detalle?"
    assert last(company, "el grito verde").reason == "low"


def test_a_mark_alone_is_asked_what_it_means_and_then_somebody_looks(company: Company):
    (first,) = company.ask("?")
    (second,) = company.ask("??")
    assert first.text == f"{OPENING}\n\n¿Me das un poco más de detalle?"
    assert second.text.startswith("Te paso con una persona del equipo.")


def test_at_the_limit_thanks_call_nobody(company: Company):
    with Work(company.shop.admin) as work:
        service.set_limits(work, service.Limits(most_answers=1))
    company.ask("¿Aceptáis Bizum?")
    message = company.write("gracias")
    assert company.answer(message.conversation_id) == []
    assert company.conversation(message.conversation_id).voice is Voice.BOT
    assert last(company, "¿Moléis el café?").reason == "limit"


def test_thanks_in_between_make_nobody_less_lost(company: Company):
    never_sure(company)
    company.ask("y de que color son las paredes")
    company.ask("gracias")
    company.ask("y de que color es el techo")
    assert last(company, "y de que color es el suelo").reason == "loop"


def test_likely_lists_of_different_questions_are_no_circle(company: Company):
    never_sure(company)
    asked_for = [
        "puedo devolver el cafe molido",
        "puedo pagar con la tarjeta del trabajo al recibirlo",
        "y si lo quiero para revender en mi bar",
    ]
    assert [last(company, text).reason for text in asked_for] == ["middle"] * 3


# Names


def test_who_is_asked_for_by_name_comes(company: Company):
    assert last(company, "quiero que me atienda Nuria").reason == "asked"


@pytest.mark.parametrize(
    "text",
    ["¿tenéis té de rosa?", "la taza rosa cuánto cuesta", "quiero hablar de la taza rosa", "la camiseta está rosa"],
)
def test_a_name_that_is_a_word_calls_nobody(text: str):
    assert intents.hear(text, PEOPLE) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("buenos días Nuria", Intent.GREETING),
        ("Alba?", Intent.GREETING),
        ("pásame con Rosa", Intent.PERSON),
        ("¿está Nuria?", Intent.PERSON),
        ("hola, está la Nuria?", Intent.PERSON),
        ("no me pases con Nuria, gracias", Intent.THANKS),
    ],
)
def test_names_of_the_team_and_the_bot(text: str, intent: Intent):
    found = intents.hear(text, PEOPLE)
    assert found is not None
    assert found.intent is intent


def test_the_team_is_who_works_there_now(company: Company):
    with Work(company.shop.system) as work:
        chosen = setup.of_channel(work, work.get(Channel, company.shop.whatsapp_id))
    assert chosen is not None
    assert chosen.team == {"nuria", "toni", "aina"}


# What goes on from before


def test_a_question_of_small_words_may_be_about_what_was_just_said(company: Company):
    abroad = publish(
        company,
        "¿Enviáis a México?",
        "¿Mandan pedidos a México?",
        "¿Hacen envíos a Guadalajara?",
        answer="A México enviamos con FedEx: el pedido tarda de 8 a 12 días y cuesta 24 €.",
    )
    company.ask("¿Enviáis a México?")
    message = company.write("y en cuantos dias llega el pedido?")
    (offer,) = company.answer(message.conversation_id)
    receipt = company.receipts(message.conversation_id)[-1]
    assert (receipt.route, receipt.reason) == (Route.OFFER, "follows")
    offered = [option["id"] for option in offer.data["choices"]["options"]]
    assert offered[:2] == [f"faq:{abroad}", f"faq:{company.faq_ids['shipping']}"]


def test_another_question_is_another(company: Company):
    company.ask("¿Aceptáis Bizum?")
    (answer,) = company.ask("y cuanto tarda el envio")
    assert answer.text == FAQS["shipping"][0]


def test_a_place_in_an_earlier_list_still_chooses(company: Company):
    never_sure(company)
    (offer,) = company.ask("a que hora abren")
    ids = [option["id"] for option in offer.data["choices"]["options"]]
    company.ask("la primera")
    (answer,) = company.ask("y la segunda")
    key = next(key for key, faq_id in company.faq_ids.items() if ids[1] == f"faq:{faq_id}")
    assert answer.text == FAQS[key][0]


def test_half_a_question_is_sure_only_where_nothing_else_is_close():
    assert [
        asked.is_elliptic(text)
        for text in ("¿y de Colombia?", "vaya, y el de México?", "y cuánto tarda en llegar el envío?", "de Colombia")
    ] == [
        True,
        True,
        False,
        False,
    ]


def test_what_points_at_the_list_just_shown_chooses_of_it(company: Company):
    never_sure(company)
    (offer,) = company.ask("y si quiero devolver el cafe que compre hace un mes")
    assert f"faq:{company.faq_ids['returns']}" in [option["id"] for option in offer.data["choices"]["options"]]
    (answer,) = company.ask("la de devolver el cafe")
    assert answer.text == FAQS["returns"][0]


def test_two_places_choose_two(company: Company):
    never_sure(company)
    (offer,) = company.ask("a que hora abren")
    ids = [option["id"] for option in offer.data["choices"]["options"]]
    (answer,) = company.ask("la 1 y la 3")
    keys = [next(key for key, faq_id in company.faq_ids.items() if ids[at] == f"faq:{faq_id}") for at in (0, 2)]
    assert answer.text == "\n\n".join(FAQS[key][0] for key in keys)


def test_yes_to_what_the_model_asked_back_is_an_answer(company: Company):
    never_sure(company)
    heard: list[tuple[tuple[str, ...], list[str]]] = []

    def model_of(*_: object) -> Model:
        def model(question: Question, _setup: Setup, sources: list[Source]) -> ModelAnswer:
            heard.append((question.texts, [source.faq.title for source in sources]))
            if len(heard) == 1:
                return ModelAnswer("¿Lo quieres molido?", is_question=True)
            return ModelAnswer("Lo molemos.", cited=frozenset({str(sources[0].faq.id)}))

        return model

    company.ask("como hago para que venga listo para mi cafetera", model_of=model_of)
    (answer,) = company.ask("sí", model_of=model_of)
    assert answer.text == "Lo molemos."
    assert [texts for texts, _ in heard] == [("como hago para que venga listo para mi cafetera",), ("sí",)]
    # It is ranked with what it belongs to.
    assert heard[1][1][0] == heard[0][1][0] == "¿Moléis el café?"


# Harm, and questions about a body


@pytest.mark.parametrize(
    "text",
    [
        "mi hijo se ha tragado un plástico de la bolsa",
        "me sentó mal y acabé en urgencias",
        "me he quemado con la tapa del molinillo",
        "había un trozo de cristal en la bolsa",
        "he encontrado un bicho en la bolsa",
        "the coffee made me sick",
        "passei mal com o café",
        "mi hija se ha puesto mala después de tomarlo",
        "mi bebé ha probado el café, ¿qué hago?",
        "se me ha hinchado la cara",
        "hola buenas, hay un problema: mi hijo se ha tragado una pieza",
        "tenéis que ayudarme, mi hijo se ha tragado una pieza",
        # No rule knows these; they are like it.
        "me rompí una muela con un grano",
        "la crema me ha irritado toda la cara",
        "my kid drank it and now she's shaking",
    ],
)
def test_harm_is_a_persons_at_once(company: Company, text: str):
    message = company.write(text)
    company.answer(message.conversation_id)
    (receipt,) = company.receipts(message.conversation_id)
    assert (receipt.route, receipt.reason) == (Route.PERSON, "harm")


def test_whoever_came_to_harm_is_told_where_help_is(company: Company):
    (answer,) = company.ask("mi hijo se ha tragado un plástico")
    assert answer.text.startswith(
        f"{OPENING}\n\nSiento mucho lo ocurrido. Si alguien se encuentra mal, llama ya a emergencias. Te paso con una persona"
    )


@pytest.mark.parametrize(
    "text",
    [
        "¿el café está quemado?",
        "quiero mandar un ramo al hospital",
        "mi madre acaba de salir del hospital, qué flores mando",
        "se cortó la luz y no pude pagar",
        "¿la taza es de cristal?",
        "tenéis pendientes con cristales de swarovski?",
        "la pizza con hongos cuánto sale?",
        "hay gusanos de gominola?",
        "un peluche que vomita arcoíris",
        "trozos de madera para manualidades",
        "me he cortado el pelo y busco una diadema",
        "la falda me ha sentado mal",
        "el cajero se ha tragado mi tarjeta",
        "mi hijo se ha comido todas las galletas, cuándo reponéis?",
        "algo para la diarrea del perro tenéis?",
        "venden algo para la diarrea?",
        "me quedó mal la dirección",
        "the ATM swallowed my card",
    ],
)
def test_what_only_sounds_like_harm(text: str):
    assert not health.is_harm(fold(text))
    assert intents.meant(text, registry.installed()) is not Intent.HARM


def test_a_question_about_a_body_is_answered_from_what_speaks_of_it_only(company: Company):
    never_sure(company)
    assert last(company, "estoy embarazada, lo puedo tomar?").reason == "health"


def test_where_the_shop_has_written_about_it_its_question_is_offered(company: Company):
    publish(company, "¿El café tiene gluten?", "¿Es apto para celíacos?", answer="No, el café no lleva gluten.")
    never_sure(company)
    assert last(company, "el cafe que vendeis para espresso es sin gluten").route is Route.OFFER


# What is close and is not it


@pytest.mark.parametrize("text", ["no quiero devolver el café", "no quiero hacer una devolución, solo un cambio"])
def test_what_is_not_wanted_is_not_explained_as_if_it_were(company: Company, text: str):
    assert last(company, text).route is not Route.FAQ


@pytest.mark.parametrize(
    ("text", "phrasing", "is_contrary"),
    [
        ("no quiero cancelar el pedido, solo cambiar una bolsa", "Quiero cancelar mi pedido", True),
        ("ya no quiero darme de baja", "¿Cómo me doy de baja?", True),
        ("no quiero factura", "¿Me hacéis factura?", True),
        ("I don't want to return it", "How do I return something?", True),
        ("ya no lo quiero, lo puedo anular?", "¿Puedo anular un pedido?", False),
        ("no quiero que tengan mi información", "¿Qué hacen con mi información?", False),
        ("no quiero esperar, ¿cuánto tarda el envío?", "¿Cuánto tarda el envío?", False),
        ("no quiero cancelar", "No quiero cancelar, ¿qué hago?", False),
    ],
)
def test_the_contrary_is_told_by_what_is_not_wanted(text: str, phrasing: str, is_contrary: bool):
    assert asked.is_contrary(text, phrasing) is is_contrary


@pytest.mark.parametrize(
    ("text", "asked_for"),
    [
        ("quisiera cancelar la suscripción, no el pedido", "quisiera cancelar la suscripción"),
        ("no es el descafeinado lo que busco, es el normal", "es el normal"),
        ("¿lo mandáis molido en vez de en grano?", "¿lo mandáis molido ?"),
        ("quiero pagar, no me deja", "quiero pagar, no me deja"),
        ("no el pedido", "no el pedido"),
        ("cancelar, no la encuentro por ningún lado", "cancelar, no la encuentro por ningún lado"),
    ],
)
def test_what_is_not_meant_is_left_out(company: Company, text: str, asked_for: str):
    with Work(company.shop.system) as work:
        chosen = setup.of_channel(work, work.get(Channel, company.shop.whatsapp_id))
    assert chosen is not None
    assert asked.questions(Question((text,), "es"), chosen) == [asked_for]


def test_a_delicate_question_as_close_as_the_first_is_a_persons(company: Company):
    """Offered without the one that was meant, somebody with an allergy would be led astray."""
    never_sure(company)
    assert last(company, "a que hora abren").route is Route.OFFER
    with Work(company.shop.admin) as work:
        for key in ("shipping", "returns", "grind", "pay", "wholesale"):
            work.get(Faq, company.faq_ids[key]).is_sensitive = key == "grind"
    company.library.forget()
    receipt = last(company, "puedo devolver el cafe molido para cafetera")
    assert (receipt.route, receipt.reason) == (Route.PERSON, "sensitive")
