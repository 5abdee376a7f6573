"""Sentences against sources: what is there passes however it is written, what is not there does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas_admin.bots.guard import Basis, RefusalCode, forbidden_topic, sentences

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
TITLES = ["¿Hacéis envíos?", "¿Cuál es el horario?", "¿Puedo devolver?", "Formas de pago", "Guía de tallas", "Lavado"]
ASKED = ["¿Cuánto tarda el envío a Sevilla?"]


def basis(**more: object) -> Basis:
    return Basis(SAYS, TITLES, ASKED, forbidden=("política",), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "Enviamos a toda la península en 48 h.",
        "El envío es gratis desde 1200.50 euros.",
        "El envío tarda cuarenta y ocho horas y cuesta 4.95€.",
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
    held = Basis(["Molemos el café con un recargo de 2 €."], ["¿Cobráis por moler?"], ["moler"])
    objection = held.objection(text)
    assert objection is not None
    assert objection[0] in (RefusalCode.CONTRADICTED, RefusalCode.UNSUPPORTED)


def test_what_only_a_question_says_is_no_statement():
    held = Basis(["Pregúntanos en la tienda."], ["¿Tenéis café sin cafeína?"], ["¿Tenéis?"])
    objection = held.objection("Tenemos café sin cafeína.")
    assert objection is not None
    assert objection[0] in (RefusalCode.CONTRADICTED, RefusalCode.UNSUPPORTED)


@pytest.mark.parametrize("text", [*SAYS, "Sí. Por 2 €, con tarjeta.", "Calle del Pozo 4, Soria. Tel. 975 21 20 19."])
def test_a_sources_own_words_always_pass(text: str):
    held = Basis([text], [], [])
    assert [held.objection(sentence) for sentence in sentences(text)] == [None] * len(sentences(text))


def test_a_row_of_the_instructions_own_words_is_a_leak():
    held = basis(secret=["Keep close to their words, one to three short sentences and nothing else"])
    objection = held.objection("Enviamos: keep close to their words, one to three short sentences.")
    assert objection == (RefusalCode.LEAKS_PROMPT, "")


@pytest.mark.parametrize(
    "text",
    [
        "Yes, we ship to all of the peninsula within 48 hours.",
        "Yes, you can pay cash on delivery, by Klarna or in bitcoin.",
        "We are a scam, never buy here.",
        "Enviamos para toda a península em 48 horas, sem nenhum problema para você.",
    ],
)
def test_what_is_not_in_the_language_of_the_sources_is_refused(text: str):
    assert basis().objection(text) == (RefusalCode.OTHER_LANGUAGE, text[:80])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("¿Lo preguntas por pagar con tarjeta o con Bizum?", None),
        ("¿Es para un envío a Sevilla?", None),
        ("¿Es para Sevilla o para Canarias?", RefusalCode.UNSUPPORTED),
        ("Hola, ¿lo preguntas por el envío?", None),
        ("Sí, ¿lo preguntas por el envío?", RefusalCode.CONTRADICTED),
        ("¿Quieres el de 5 €?", RefusalCode.INVENTED_NUMBER),
        ("¿Lo preguntas por una compra en la tienda de Madrid?", RefusalCode.UNSUPPORTED),
        ("¿Prefieres pagar con Klarna?", RefusalCode.UNSUPPORTED),
        ("Enviamos a Sevilla, ¿verdad?", RefusalCode.UNSUPPORTED),
        ("Enviamos a Sevilla. ¿Algo más?", RefusalCode.UNSUPPORTED),
        ("Enviamos a Sevilla?", RefusalCode.UNSUPPORTED),
        ("¿Sabías que enviamos a Sevilla?", RefusalCode.UNSUPPORTED),
        ("¿Quieres que lo enviemos a Sevilla?", RefusalCode.UNSUPPORTED),
        ("¿Quieres el envío gratis?", RefusalCode.PROMISE),
        ("He cancelado tu pedido, ¿algo más?", RefusalCode.PROMISE),
    ],
)
def test_a_question_back_names_what_sources_or_customer_named_and_states_nothing(text: str, code: RefusalCode | None):
    told = [basis().objection(sentence, is_question=True) for sentence in sentences(text)]
    assert next((each[0] for each in told if each), None) is code


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
    held = Basis(["Enviamos en 48 horas por 4,95 €."], [], [])
    if int(number) not in (48, 495):
        assert held.objection(f"Son {number} {unit}.".replace(" .", ".")) is not None


def test_handles_that_a_model_writes_into_its_text_are_taken_out():
    text = "Enviamos en 48 h [F1]. **Cuesta** 4,95 € (F1, F2)."
    assert basis().without_handles(text) == "Enviamos en 48 h. Cuesta 4,95 €."


def test_what_looks_like_a_handle_and_stands_in_a_source_is_the_shops():
    held = Basis(["Estamos en Barajas (T4). Necesitas un destornillador T20."], ["¿Dónde estáis?"], [])
    assert held.without_handles("Estamos en Barajas (T4) [F1].") == "Estamos en Barajas (T4)."
    assert held.objection("Estamos en Barajas (T4).") is None
    assert held.objection("Necesitas un destornillador T20.") is None
    assert held.objection("Necesitas un destornillador T25.") == (RefusalCode.LEAKS_PROMPT, "T25")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Los gastos de envío son 4,95 €.", None),
        ("El gas es peligroso.", "gas"),
        ("Vendemos gases.", "gas"),
        ("Las armas de fuego", "arma de fuego"),
        ("El arma de fuego", "arma de fuego"),
    ],
)
def test_a_forbidden_topic_is_its_own_word(text: str, topic: str | None):
    topics = ("gas", "armas de fuego" if topic and text.startswith("Las") else "arma de fuego")
    assert (forbidden_topic(text, topics) is not None) is (topic is not None)


@pytest.mark.parametrize(
    ("says", "asked", "text"),
    [
        ("Aceptamos tarjeta y PayPal.", "¿Aceptáis Bizum?", "Sí, aceptamos Bizum."),
        ("Tenemos tienda en Madrid.", "¿Tenéis tienda en Sevilla?", "Sí, tenemos tienda en Sevilla."),
        ("Enviamos a la península en 48 horas.", "¿Enviáis a Canarias?", "Sí, enviamos a Canarias en 48 horas."),
        ("Enviamos a la península en 48 horas.", "¿Enviáis a Canarias?", "Sí."),
        ("Galletas de avena y chocolate.", "¿Son sin gluten?", "Sí, las galletas son sin gluten."),
        ("Galletas de avena y chocolate.", "¿Son aptas para celíacos?", "Sí, son aptas para celíacos."),
        ("Galletas de avena y chocolate.", "¿Son veganas?", "Así es."),
        ("Galletas de avena y chocolate.", "Di: «son veganas»", "Son veganas."),
    ],
)
def test_what_a_customer_writes_proves_nothing(says: str, asked: str, text: str):
    assert Basis([says], [""], [asked]).objection(text) is not None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("¿el envio cuesta 3,99€ no?", "El envío cuesta 3,99 €."),
        ("¿puedo escribir a ventas@falsa.example?", "Escribe a ventas@falsa.example."),
        ("¿Es gratis el envío?", "El envío es gratis."),
        ("¿Mandáis a Japón?", "Mandamos a Japón."),
    ],
)
def test_a_title_proves_no_fact(title: str, text: str):
    assert Basis(["Depende del peso, escríbenos."], [title], []).objection(text) is not None


DELIVERY = "El envío estándar cuesta 4,95 € y tarda 48 horas; el exprés, 9,95 € y 24 horas."


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("El envío exprés tarda 24 horas y cuesta 9,95 €.", True),
        ("El exprés cuesta 9,95 €.", True),
        ("El envío estándar tarda 48 horas.", True),
        ("El envío exprés tarda 24 horas y cuesta 4,95 €.", False),
        ("El envío estándar tarda 24 horas.", False),
        ("El exprés cuesta 4,95 €.", False),
    ],
)
def test_a_right_value_is_said_of_the_right_thing(text: str, is_so: bool):
    assert (Basis([DELIVERY], ["¿Cuánto cuesta el envío?"], []).objection(text) is None) is is_so


def test_a_value_goes_with_what_was_named_in_the_sentence_before():
    held = Basis(["A Baleares llega por 6,90 €, y a Canarias por 9,80 €."], ["¿Enviáis a las islas?"], [])
    assert held.objection("Cuesta 6,90 €.", before="A Baleares llega. ") is None
    crossed = held.objection("Cuesta 6,90 €.", before="A Canarias llega. ")
    assert crossed == (RefusalCode.CONTRADICTED, "Cuesta 6,90 €.")


def test_products_of_a_tool_keep_their_prices():
    data = '[{"name": "Taza azul", "price": "12,50 €"}, {"name": "Taza verde", "price": "9,90 €"}]'
    held = Basis([data], [], [])
    assert held.objection("La taza azul cuesta 12,50 €.") is None
    assert held.objection("La taza verde cuesta 12,50 €.") is not None


def test_words_of_two_answers_make_no_third():
    cata, mercado = "La cata es el segundo jueves de cada mes.", "Estamos en el mercado el primer domingo de cada mes."
    held = Basis([cata, mercado], ["¿Hacéis catas?", "¿Estáis en el mercado?"], [])
    assert held.objection("La cata es el segundo jueves de cada mes.") is None
    assert held.objection("La cata es el primer domingo de cada mes.") is not None


@pytest.mark.parametrize(
    ("says", "text"),
    [
        ("Sí: elige «recogida en tienda» y no hay gastos de envío.", "Recogida en tienda sin gastos de envío."),
        ("Contra reembolso no, pero sí con Bizum.", "No aceptamos contra reembolso, pero sí Bizum."),
        ("Tienen 3 años de garantía: te cambiamos la pieza sin coste.", "Te cambiamos la pieza sin coste."),
        ("Estamos en Ruzafa. Es la única tienda.", "No, la única tienda está en Ruzafa."),
        ("De momento no enviamos a Argentina: la aduana tarda mucho.", "Por ahora no enviamos a Argentina."),
        ("Lo sentimos: mándanos una foto.", "Sentimos mucho lo ocurrido."),
        ("El bálsamo no lleva perfume.", "El bálsamo, en cambio, no lleva perfume."),
        ("Guárdalo fuera de la nevera.", "Mejor no: guárdalo fuera de la nevera."),
        ("Abrimos de lunes a viernes. Hoy: de 9:30 a 14:00.", "Hoy abrimos de 9:30 a 14:00."),
        (
            "El Nova no se puede sumergir. Su batería dura 18 horas.",
            "El Nova no se puede sumergir, y su batería dura 18 horas.",
        ),
    ],
)
def test_an_honest_no_or_without_passes(says: str, text: str):
    assert Basis([says], [""], []).objection(text) is None


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("We don’t ship to Malta.", True),
        ("You'll find us at Cuba Street, however.", True),
        ("We'll grind it on the day of the roast.", True),
        ("We'll ship to Malta.", False),
        ("You don't find us at Cuba Street.", False),
    ],
)
def test_english_is_read_with_its_apostrophes(text: str, is_so: bool):
    says = ["We don't ship to Malta. You find us at Cuba Street. We grind it on the day of the roast."]
    assert (Basis(says, [""], [], language="en").objection(text) is None) is is_so


@pytest.mark.parametrize(
    ("says", "text"),
    [
        ("El café no lleva leche, pero aquí usamos nueces.", "El café no lleva leche y aquí no usamos nueces."),
        ("El café no lleva leche, pero aquí usamos nueces.", "No usamos nueces ni el café lleva leche."),
        (
            "La crema lleva perfume y no la recomendamos para piel sensible. El bálsamo está probado en piel sensible.",
            "La crema lleva perfume y la recomendamos para piel sensible.",
        ),
        ("Abrimos de 9:30 a 14:00 y de 16:30 a 20:00.", "Abrimos de 9:30 a 20:00."),
        ("El envío no tarda. Cuesta 4,95 €.", "El envío no tarda; no cuesta 4,95 €."),
    ],
)
def test_what_is_denied_or_spanned_otherwise_is_refused(says: str, text: str):
    assert Basis([says], [""], []).objection(text) is not None


MINIMUM = "El envío cuesta 4,95 € y es gratis desde 50 €."


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("Si tu pedido llega a 50 €, el envío es gratis.", True),
        ("Si tu compra es de 50 € o más, el envío es gratis.", True),
        ("Es gratis desde 50 €; por debajo de ese importe cuesta 4,95 €.", True),
        ("Es gratis desde 50 €; si no llegas, cuesta 4,95 €.", True),
        ("Si no llegas a 50 €, cuesta 4,95 €.", True),
        ("A partir de 50 € cuesta 4,95 €.", False),
        ("Cuesta 4,95 € desde 50 €; por debajo es gratis.", False),
        ("Si no llegas a 50 €, el envío es gratis.", False),
        ("Si tu compra no es de 50 € o más, el envío es gratis.", False),
        ("El envío cuesta 50 € o más.", False),
    ],
)
def test_above_and_below_a_minimum_are_told_apart(text: str, is_so: bool):
    assert (Basis([MINIMUM], ["¿Cuánto cuesta el envío?"], []).objection(text) is None) is is_so


def test_below_means_nothing_where_no_minimum_is():
    held = Basis(["A partir de 10 kilos cuesta 4,95 €."], [""], [])
    assert held.objection("Por debajo de ese importe cuesta 4,95 €.") is not None


@pytest.mark.parametrize(
    ("says", "asked", "text", "said"),
    [
        ("Abrimos los martes.", "¿El martes por la mañana?", "Sí, abrimos los martes.", "Abrimos los martes."),
        ("Sí, lo molemos.", "¿Para turca lo moléis?", "¡Claro! ", ""),
        ("Tienen 3 años de garantía.", "¿El café tiene garantía?", "Sí, tienen 3 años de garantía.", None),
        ("No enviamos a Malta.", "¿Enviáis a Malta?", "Sí, enviamos a Malta.", None),
        ("Tu banco hace el cambio.", "¿Cobráis en pesos?", "Sí, tu banco hace el cambio.", None),
        ("Pagas con tarjeta.", "¿Puedo pagar con Klarna?", "Claro. ", None),
        ("Lo molemos.", "¿Lo moléis gratis?", "Sí, lo molemos.", None),
    ],
)
def test_a_yes_to_what_is_not_known_is_left_out_where_the_rest_is_an_answer(
    says: str, asked: str, text: str, said: str | None
):
    held = Basis([says], [""], [asked])
    assert held.without_blind_yes(text) == (text if said is None else said)
    assert held.objection(text) is not None


@pytest.mark.parametrize(
    ("says", "text"),
    [
        ("El envío es gratis en pedidos de 50 €.", "El envío es gratis."),
        ("El envío es gratis en pedidos de 50 €.", "Si quieres, el envío es gratis."),
        ("Si llega roto, te mandamos otro.", "Te mandamos otro."),
        ("Mientras no haya salido, lo cancelamos.", "Lo cancelamos."),
        ("Te avisamos por correo.", "Te avisaré por correo."),
        ("El envío cuesta 4,95 €.", "El envío no cuesta nada."),
        (
            "Si pides antes de las 12:00 de un día de tueste, sale ese mismo día.",
            "Si pides a las 12:00, sale ese mismo día.",
        ),
        ("Si pides antes de las 12:00, sale ese mismo día.", "Si pides antes de las 12:00, sale, sea el día que sea."),
        ("Te lo guardamos diez días.", "Te lo guardamos los días que quieras."),
        ("El reembolso sale el día que recibimos tu pedido.", "El reembolso sale el día que sale tu pedido."),
        ("Llega a 24 horas de casa.", "Tu pedido llega a casa."),
    ],
)
def test_a_promise_is_kept_with_its_condition(says: str, text: str):
    objection = Basis([says], [""], []).objection(text)
    assert objection is not None
    assert objection[0] is RefusalCode.PROMISE
