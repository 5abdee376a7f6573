"""Sentences against sources: what is there passes however it is written, what is not there does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas_admin.bots.guard import Basis, RefusalCode, sentences, without_handles

SAYS = [
    "Enviamos a toda la península en 48 horas. El envío cuesta 4,95 € y es gratis a partir de 1.200,50 €.",
    "Abrimos de lunes a viernes de 10 a 14 h y de 17:00 a 20:30, domingos cerrado. Llámanos al +34 960 31 82 74 o escribe"
    " a hola@alborada.example.",
    "No hacemos envíos a Canarias. Puedes devolver tu compra en los 30 días siguientes si está sin usar.",
    "Aceptamos tarjeta, Bizum y transferencia. No aceptamos contrareembolso.",
    "Tenemos tallas de la 36 a la 46. Si dudas entre dos tallas, elige la mayor. La guía está en www.alborada.example/tallas",
    "Las camisetas son de algodón orgánico y se lavan a 30 grados, del revés y sin secadora. Con el cupón HOLA10 tienes un"
    " 10 % de descuento en tu primera compra.",
    "La rebaja de verano termina el 31 de agosto de 2026.",
]
TOPICS = ["¿Hacéis envíos?", "¿Cuál es el horario?", "¿Puedo devolver?", "Formas de pago", "Guía de tallas", "Lavado"]
ASKED = ["¿Cuánto tarda el envío a Sevilla?"]


def basis(**more: object) -> Basis:
    return Basis(SAYS, TOPICS, ASKED, same_language=True, forbidden=("política",), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Enviamos a toda la península en 48 h.",
        "El envío es gratis desde 1200.50 euros.",
        "El envío tarda cuarenta y ocho horas y cuesta 4.95€.",
        "Sí, enviamos a Sevilla en 48 horas.",
        "Abrimos los martes de 10:00 a 14:00.",
        "Abrimos hasta las 20:30, de lunes a viernes.",
        "A las 5 de la tarde abrimos de nuevo.",
        "Los domingos cerramos.",
        "Puedes llamarnos al 960 318 274.",
        "Puedes escribirnos a HOLA@alborada.example.",
        "Tienes treinta días para devolver tu compra, siempre que esté sin usar.",
        "No enviamos a Canarias.",
        "Lo sentimos, pero no hacemos envíos a Canarias.",
        "Puedes pagar con tarjeta, Bizum o transferencia.",
        "El contrareembolso no lo aceptamos.",
        "Lava la camiseta del revés a 30 grados y no uses secadora.",
        "Si dudas entre dos tallas, te recomendamos la mayor.",
        "Tenemos de la 36 a la 46.",
        "Puedes mirar la guía de tallas aquí: https://www.alborada.example/tallas.",
        "Con el código HOLA10 tienes un 10% de descuento en la primera compra.",
        "Son de algodón orgánico.",
        "La rebaja termina el 31/08/2026.",
        "¡Hola! ¿Te puedo ayudar en algo más?",
    ],
)
def test_what_the_sources_say_may_be_said_in_other_words(text: str):
    assert [basis().objection(sentence) for sentence in sentences(text)] == [None] * len(sentences(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Enviamos en 24 h.", "invented_number"),
        ("El envío cuesta 48 €.", "invented_number"),
        ("El envío cuesta 3,99 €.", "invented_number"),
        ("El envío cuesta ３,99 €.", "invented_number"),
        ("El envío cuesta 3\u200b,99 €.", "invented_number"),
        ("Cuesta cuatro euros.", "invented_number"),
        ("El envío cuesta 4,95 dólares.", "invented_number"),
        ("Abrimos los sábados de 10 a 14 h.", "invented_number"),
        ("Abrimos los domingos de 10 a 14 h.", "contradicted"),
        ("Abrimos de 9 a 14 h.", "invented_number"),
        ("Abrimos a las 8:00.", "invented_number"),
        ("Te llega mañana.", "invented_number"),
        ("El envío llega el lunes 12 de noviembre.", "invented_number"),
        ("La rebaja termina el 30 de agosto.", "invented_number"),
        ("Tienes 30 semanas para devolver.", "invented_number"),
        ("Tienes un mes para devolver.", "invented_number"),
        ("Te enviamos la talla 48.", "invented_number"),
        ("Tienes un 20 % de descuento.", "invented_number"),
        ("Llama al 960 31 82 75.", "invented_contact"),
        ("Escribe a info@alborada.example.", "invented_contact"),
        ("Escríbenos a @alborada_ofertas.", "invented_contact"),
        ("Visita www.alborada.com/envios.", "invented_link"),
        ("Paga aquí: https://alborada.example.pago.example/x", "invented_link"),
        ("Usa el código GRATIS50.", "invented_code"),
        ("El envío es gratis.", "promise"),
        ("Te devolvemos el dinero sin preguntas.", "promise"),
        ("Te regalamos una camiseta.", "promise"),
        ("Garantizamos la entrega.", "promise"),
        ("Está en stock.", "promise"),
        ("He cancelado tu pedido.", "promise"),
        ("Ya he avisado a mi compañera.", "promise"),
        ("Voy a tramitar tu devolución.", "promise"),
        ("Tu pedido ha sido enviado.", "promise"),
        ("Sí, hacemos envíos a Canarias.", "contradicted"),
        ("Enviamos a Canarias.", "contradicted"),
        ("Aceptamos contrareembolso.", "contradicted"),
        ("Puedes pagar contrareembolso.", "contradicted"),
        ("Puedes devolverlo aunque esté usado.", "contradicted"),
        ("Se puede secar en secadora.", "contradicted"),
        ("Aceptamos PayPal y Klarna.", "unsupported"),
        ("Tenemos aparcamiento propio para clientes.", "unsupported"),
        ("El algodón es reciclado de Portugal.", "unsupported"),
        ("Somos una estafa.", "unsupported"),
        ("Enviamos a Portugal en 48 horas.", "unsupported"),
        ("Enviamos con Klarna en 48 horas.", "unsupported"),
        ("El envío cuesta 1.200,50 €.", "invented_number"),
        ("El envío es gratis a partir de 4,95 €.", "invented_number"),
        ("Puedes devolver tu compra cuando quieras.", "promise"),
        ("Tu pedido está en camino.", "promise"),
        ("Hablemos de política.", "forbidden_topic"),
        ("Mis instrucciones dicen otra cosa.", "leaks_prompt"),
        ("Lo dice F1.", "leaks_prompt"),
    ],
)
def test_what_they_do_not_say_is_refused(text: str, code: str):
    objection = basis().objection(text)
    assert objection is not None
    assert objection[0] is RefusalCode(code)


@pytest.mark.parametrize("text", ["No cobramos el porte.", "No molemos el café.", "Molemos el café sin recargo."])
def test_a_no_that_no_source_says_is_refused(text: str):
    held = Basis(["Molemos el café con un recargo de 2 €."], ["¿Cobráis por moler?"], ["moler"], same_language=True)
    objection = held.objection(text)
    assert objection is not None
    assert objection[0] in (RefusalCode.CONTRADICTED, RefusalCode.UNSUPPORTED)


def test_what_only_a_question_says_is_no_statement():
    held = Basis(["Pregúntanos en la tienda."], ["¿Tenéis café sin cafeína?"], ["¿Tenéis?"], same_language=True)
    objection = held.objection("Tenemos café sin cafeína.")
    assert objection is not None
    assert objection[0] in (RefusalCode.CONTRADICTED, RefusalCode.UNSUPPORTED)


@pytest.mark.parametrize("text", [*SAYS, "Sí. Por 2 €, con tarjeta.", "Calle del Pozo 4, Soria. Tel. 975 21 20 19."])
def test_a_sources_own_words_always_pass(text: str):
    held = Basis([text], [], [], same_language=True)
    assert [held.objection(sentence) for sentence in sentences(text)] == [None] * len(sentences(text))


def test_a_row_of_the_instructions_own_words_is_a_leak():
    held = basis(secret=["Keep close to their words, one to three short sentences and nothing else"])
    objection = held.objection("Enviamos: keep close to their words, one to three short sentences.")
    assert objection == (RefusalCode.LEAKS_PROMPT, "")


def test_in_another_language_facts_promises_and_days_are_held_all_the_same():
    held = Basis(SAYS, TOPICS, ["Do you ship to Seville?"], same_language=False)
    assert held.objection("Yes, we ship to all of the peninsula within 48 hours.") is None
    for text in ("We ship within 24 hours.", "Shipping costs $4.95.", "We give you a refund.", "I'll send it."):
        assert held.objection(text) is not None, text


def test_a_question_back_states_no_fact_of_its_own():
    assert basis().objection("¿Lo preguntas por una compra en la web o en la tienda?", is_question=True) is None
    objection = basis().objection("¿Quieres el de 5 €?", is_question=True)
    assert objection is not None
    assert objection[0] is RefusalCode.INVENTED_NUMBER


def test_sentences_put_together_are_the_text():
    text = "Sí. Enviamos en 48 h.\nCuesta 4,95 € (aprox.). ¿Algo más?"
    assert sentences(text) == ["Sí. ", "Enviamos en 48 h.\n", "Cuesta 4,95 € (aprox.). ", "¿Algo más?"]


@given(st.text())
def test_any_text_comes_apart_and_together(text: str):
    assert "".join(sentences(text)) == text


@given(st.text())
def test_any_text_is_judged(text: str):
    basis().objection(text)


@given(st.integers(0, 10**7).map(str), st.sampled_from(["€", "h", "días", "%", "unidades", ""]))
def test_no_number_passes_that_no_source_has(number: str, unit: str):
    held = Basis(["Enviamos en 48 horas por 4,95 €."], [], [], same_language=False)
    if int(number) not in (48, 495):
        assert held.objection(f"Son {number} {unit}.".replace(" .", ".")) is not None


def test_handles_that_a_model_writes_into_its_text_are_taken_out():
    assert without_handles("Enviamos en 48 h [F1]. **Cuesta** 4,95 € (F1, F2).") == "Enviamos en 48 h. Cuesta 4,95 €."
