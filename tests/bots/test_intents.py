"""What is said to a bot and is no question. A wish for a person is granted by a rule, with and without a model.

`golden/heard.jsonl`: part 1 was written before the rules of firm and loose wordings, 2 and 3 blind after them. The rules
have been mended on all three since: the list keeps what is heard, it does not foretell how new messages are heard.
"""

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from saas_admin.bots import intents

PERSON = """
Quiero hablar con una persona
quiero hablar con alguien
kiero ablar con un umano
humano
Necesito hablar con un asesor
Me gustaría hablar con el encargado
¿Puedo hablar con alguien de la tienda?
¿Puedo hablar directamente con el gerente?
Me comunica con un agente, por favor
Comunícame con un ejecutivo
Comuníqueme con un asesor
¿Me pasas con una persona?
pásame con alguien
pásame a alguien
pasame con el dueño porfa
Pásenme con un supervisor
¿Me pasás con un humano?
Me pueden pasar con una persona
¿me transfieres con un agente?
Derivame con un asesor
¿Me derivás con alguien?
Que me atienda una persona
que me conteste alguien
Prefiero que me atienda un humano
Prefiero una persona
Quiero un humano
Necesito ayuda de una persona
Un agente por favor
asesor por favor
humano
persona
con una persona
Me regala un asesor
regálame un asesor porfa
¿Me das un asesor?
Deme con el encargado
Quiero tratar con el encargado
¿Hay alguien ahí?
hay algún humano disponible
¿hay algún humano ahí?
¿Alguien me puede atender?
¿Alguien me puede ayudar?
No quiero hablar con un bot
ya no quiero seguir con la máquina
no quiero máquinas
nada de robots
Basta de bots
atención humana
Quiero atención personalizada
servicio al cliente humano
Llámame
llámenme
Podéis llamarme?
¿Me pueden llamar?
¿Me pueden marcar?
exijo hablar con un responsable
busco a un vendedor
busco un vendedor
¿Eres un bot? quiero una persona
eres un robot? pásame con alguien
Hola, necesito que me atienda alguien
Hola, quisiera conversar con un asesor
quiero chatear con una persona real
quiero contactar con un agente
necesito contactar a alguien
I want to talk to a human
Can I speak to a person?
can i talk with someone
Let me speak to a manager
I need a human
agent please
human please
Talk to an agent
real person please
Could a person help me?
connect me to a representative
connect me with a representative
put me through to someone
no more bots
customer service rep
Quero falar com um atendente
Posso falar com alguém?
quero uma pessoa
preciso falar com um humano
atendimento humano
me passa para um atendente
quero conversar com um atendente
Tem alguém aí?
¿Con quién puedo hablar de esto?
ponme con un compañero
comunícame con servicio al cliente
quiero poner una queja
is there a human I can talk to
tem alguém aí que me atenda
"""
NO_PERSON = """
¿Cuánto tarda el envío?
¿Qué pasa si no hay nadie en casa?
¿Qué pasa si no hay alguien para recibirlo?
¿Puede pasar otra persona a recogerlo?
¿Puedo pasar a recogerlo con otra persona?
¿Pueden escribir el nombre de la persona en la tarjeta?
Es un regalo para una persona mayor
El regalo es para una persona muy especial
Busco un regalo para alguien que no toma leche
Quiero reservar la cata para dos personas por favor
¿La cata es para muchas personas?
¿Cuántas personas caben en la tienda?
¿Ya me pueden pasar mi número de guía?
¿Me pueden pasar el enlace de pago?
¿Me pueden pasar una receta?
¿Me puedes pasar los precios?
¿Me pueden transferir el dinero a otra cuenta?
pásame el menú
pásame la dirección
¿Puedo comunicar el cambio por correo?
¿Se puede llamar por teléfono a la tienda?
¿Cuál es el teléfono?
¿Cómo contacto para hacer un pedido grande?
¿Tenéis asesoramiento para elegir la molienda?
¿Hacéis envíos a empresas?
¿Vendéis máquinas?
¿Tienen máquinas de espresso?
Mi máquina es una Gaggia
No tengo máquina de café
¿Sirve para máquina automática?
¿Es un programa mensual?
¿Es una máquina de espresso?
¿Es una persona la que lo tuesta?
Soy persona física, ¿me hacéis factura?
¿Me facturan a persona moral?
Trabajo en recursos humanos de una empresa y quiero cajas de regalo
¿Cuál es el consumo humano recomendado?
¿Alguien me puede decir si hacen envíos?
¿Alguien sabe si abren hoy?
La llamada no entra
¿Cómo se llama el café de Huila?
me llamo Marta y pedí dos bolsas
¿Cómo se llama vuestra web?
¿Habláis catalán?
¿Hablan inglés en la tienda?
hablo poco español
mi jefe me pidió cotizar 10 kilos
Soy la dueña de un bar y quiero la tarifa
Soy el encargado de compras de un hotel
Necesito un agente de aduanas?
Can I send it to someone else?
Do you have a gift for someone who likes tea?
Is there a personal discount?
Can I pay in person at the shop?
Do you sell machines?
I want to order 3 bags
Which coffee do you recommend for an espresso machine?
Vocês entregam no Brasil?
Qual é o prazo de entrega?
Posso pagar com cartão?
Falta alguma coisa no meu pedido
Quanto custa o frete?
No he recibido ningún correo
Quiero cancelar mi pedido
¿Puedo pagar con tarjeta?
¿Tienen persona de contacto en México?
¿Hay alguna persona que hable inglés en la tienda?
¿Para cuántas personas rinde una bolsa?
quiero regalarlo a una persona que vive en León
¿Se puede poner el nombre de alguien en la caja?
¿Puedo dejarlo pagado para que lo recoja alguien?
mi abuela odia los robots de cocina, ¿sirve la italiana?
me das el precio por kilo?
"""
ANGER = """
Esto es una vergüenza
sois unos estafadores
Me siento estafado
Son unos ladrones
Voy a poner una hoja de reclamaciones
los voy a denunciar
Voy a hablar con mi abogado y los demando
los reporto a profeco
pésimo servicio
Estoy harta de esperar
me estáis tomando el pelo
qué mierda de servicio
son unos chorros
qué falta de respeto
esto es el colmo
estoy re caliente con ustedes
nunca más les compro
son unos inútiles
INACEPTABLE LLEVO UN MES ESPERANDO!!
This is ridiculous
I am furious
worst service ever
this is a scam
É uma vergonha
isso é golpe
que raiva
menuda tomadura de pelo
me han timado
son unos rateros
"""
NO_ANGER = """
La caja llegó con un golpe
El paquete llegó golpeado
Es para la hija de mi amiga
Es el cumpleaños del hijo de mi jefa
¿Dónde tiro la bolsa, en la basura orgánica?
Soy abogada y necesito factura
Me da vergüenza preguntar, ¿qué es un V60?
¿Hay mucha demanda de El Mirador?
¿Tenéis el robot de cocina?
me gustó harto el café
¿La taza es para espresso doble?
¿Puedo pagar en efectivo?
"""
THANKS = """
gracias
Muchas gracias!!
mil gracias 😊
muchísimas gracias, muy amable
ok gracias
ok
vale, gracias
ok gracias majos
perfecto, gracias
va, gracias
órale, gracias
dale, gracias che
joya, mil gracias
listo, muchas gracias
súper, gracias por la info
gracias por tu ayuda
buenísimo, era eso
eso era
me sirvió, gracias
ah ok, perfecto
graciassss
de acuerdo, gracias
gràcies
thanks
thank you so much
thx
perfect, thanks
obrigada
okis, gracias
listo pues, gracias
gracias a ustedes
muchas gracias por contestar tan rápido
muito obrigado
valeu
"""
GREETING = """
hola
holaaaa
hola hola
Buenas
buenas tardes
Buenas noches
Buenos días!
buen día
muy buenas
Hola, buenas tardes
hola qué tal
qué onda
hola, ¿cómo están?
hola cómo andan?
Buenas tardes, ¿cómo me le va?
quiubo
hola qué más
bon dia
aupa
hola, una consulta
Hola, tengo una pregunta
hola amigos
hey
hi
hi there
hello
good morning
oi, tudo bem?
bom dia
boa tarde
buenas noches familia
hola equipo
"""
BYE = """
adiós
chau
chao
hasta luego
vale, hasta luego!
hasta pronto
nos vemos
chau, gracias por todo
bueno, chao, feliz día
bye
bye, gracias
gracias, hasta mañana
buen finde
que tengas buen día
see you
goodbye
tchau
até logo
chaito
gracias y un saludo
"""
IDENTITY = """
¿Eres un bot?
eres un robot?
sos un bot?
¿Eres una persona?
¿Estoy hablando con una persona o es automático?
¿hablo con una máquina?
¿Esto es un bot?
¿Eres humano?
are you a bot?
are you human?
am I talking to a real person?
você é um robô?
"""
NOT_HELPED = """
Eso no es lo que pregunté
no me sirve
no me ayudas
No has entendido
no es eso
that's not what I asked
you don't understand
não ajudou
"""
QUESTION = """
hola, ¿hacéis envíos a Canarias?
Buenas tardes, ¿abren mañana?
gracias, ¿y cuánto cuesta?
ok, ¿y a México?
perfecto, quiero dos bolsas
hola quiero devolver un pedido
buen café
el vale no funciona
hasta qué hora abren?
¿qué tal es El Mirador?
thanks, how much is shipping?
good coffee for french press?
"""


LABELLED = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden" / "heard.jsonl").read_text(encoding="utf-8").splitlines()
]
LOOSELY_HEARD = """
¿Pueden llamarme cuando llegue?
¿Cuál es el teléfono para llamar a atención al cliente?
¿Cómo puedo hacer una reclamación si llega roto?
¿cómo pongo una queja o reclamo?
¿dónde puedo poner una queja?
¿dónde está la hoja de reclamaciones?
¿tienen libro de quejas?
How do I make a complaint?
¿dónde está el botón de arrepentimiento y el libro de quejas?
¿cómo hago un reclamo por garantía?
¿cómo radico una PQR?
"""
DECLINED = """
no gracias
No, gracias.
no, muchas gracias
no, gracias, nada más
no thanks
nope, thanks
no, thank you
não, obrigado
nao obrigada
"""
ENOUGH = """
nada más
así está bien
eso es todo
no, nada más
por ahora nada más
con eso basta
that's all
nothing else
só isso
nada mais
"""
HELPED = """
gracias
me sirvió
muchas gracias, eso era
eso es todo, gracias
nada más, gracias
that's all, thanks
era só isso, obrigado
"""


def lines(block: str) -> list[str]:
    return block.strip().splitlines()


@pytest.mark.parametrize(
    ("intent", "block"),
    [
        ("person", PERSON),
        ("anger", ANGER),
        ("thanks", THANKS),
        ("greeting", GREETING),
        ("bye", BYE),
        ("identity", IDENTITY),
        ("not_helped", NOT_HELPED),
    ],
)
def test_what_is_said_is_heard(intent: str, block: str):
    heard = {text: intents.hear(text) for text in lines(block)}
    assert {
        text: found and found.intent.value for text, found in heard.items() if not found or found.intent != intent
    } == {}


@pytest.mark.parametrize("block", [NO_PERSON, NO_ANGER, QUESTION])
def test_a_question_is_a_question(block: str):
    heard = {text: intents.hear(text) for text in lines(block)}
    assert {text: found.intent.value for text, found in heard.items() if found} == {}


def labelled(expect: str) -> list[str]:
    return [each["text"] for each in LABELLED if each["expect"] == expect]


def test_the_labelled_list_is_what_it_says():
    assert Counter(each["expect"] for each in LABELLED) == {
        "question": 317,
        "person": 175,
        "anger": 129,
        "not_helped": 53,
    }
    assert {each["country"] for each in LABELLED} == {"ES", "MX", "AR", "CO", "BR", "EN"}
    assert len({each["text"] for each in LABELLED}) == len(LABELLED)


def test_no_question_of_the_business_is_taken_for_a_wish_or_anger():
    heard = {text: found for text in labelled("question") if (found := intents.hear(text))}
    assert {text: found for text, found in heard.items() if found.is_firm} == {}
    assert {text: found.intent.value for text, found in heard.items()} == dict.fromkeys(lines(LOOSELY_HEARD), "person")


@pytest.mark.parametrize("expect", ["person", "anger", "not_helped"])
def test_what_is_meant_for_us_is_heard_and_firm(expect: str):
    heard = {text: intents.hear(text) for text in labelled(expect)}
    wanted = intents.Heard(intents.Intent(expect), is_firm=True)
    assert {text: found for text, found in heard.items() if found != wanted} == {}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("¿Podéis llamarme cuando tengáis la talla 40?", "person"),
        ("¿Cómo hablo con el vendedor de la feria?", "person"),
        ("no me dan una solución", "anger"),
        ("el molinillo es pésimo", "anger"),
        ("¿esto es una estafa?", "anger"),
        ("quiero mi dinero de vuelta", "anger"),
        ("no entiendo", "not_helped"),
        ("eso no es lo que busco", "not_helped"),
    ],
)
def test_what_could_be_a_question_is_heard_loosely(text: str, intent: str):
    assert intents.hear(text) == intents.Heard(intents.Intent(intent), is_firm=False)


def test_capitals_alone_are_no_anger():
    assert intents.hear("HOLA!! TIENEN EL VESTIDO ROJO EN TALLA M?!") is None
    assert intents.hear("¡QUE LINDO ES EL VESTIDO QUE COMPRÉ!") is None
    shouted = "TODAVÍA NO HA LLEGADO MI PEDIDO!!"
    assert intents.hear(shouted) == intents.Heard(intents.Intent.ANGER, is_firm=True)
    assert intents.hear(f"{shouted} ¿DÓNDE ESTÁ?") == intents.Heard(intents.Intent.ANGER, is_firm=False)
    assert intents.hear(shouted.lower()) is None


@pytest.mark.parametrize(
    "text",
    ["y si no me sirve", "¿qué pasa si eso no me sirve?", "e se isso não me ajudar?", "what if that doesn't help?"],
)
def test_a_condition_is_no_complaint_about_the_answer(text: str):
    assert intents.hear(text) is None


def test_yes_is_no_condition():
    heard = intents.Heard(intents.Intent.NOT_HELPED, is_firm=True)
    assert intents.hear("sí, pero no me has entendido") == heard
    assert intents.hear("se nota que no me entiendes") == heard


@pytest.mark.parametrize("text", ["👍", "👌🏼", "🙏", "❤️", "👍👍!", "👍🏽 🙏", "🤝", "😊"])
def test_signs_of_approval_are_thanks(text: str):
    assert intents.hear(text) == intents.Heard(intents.Intent.THANKS, is_firm=True)


@pytest.mark.parametrize("text", ["?", "??", "!", "...", "", "👎", "😡", "🤔", "👋", "🇪🇸", "👍?", "👍👎", ":)"])
def test_other_signs_say_nothing(text: str):
    assert intents.hear(text) is None
    assert not intents.confirms(text)


@pytest.mark.parametrize("text", ["🙏", "❤️", "👍 🙏", *lines(HELPED)])
def test_thanks_say_that_it_helped(text: str):
    assert intents.hear(text) == intents.Heard(intents.Intent.THANKS, is_firm=True)
    assert intents.confirms(text)


@pytest.mark.parametrize("text", ["👍", "ok", "gracias 👎", *lines(DECLINED), *lines(ENOUGH)])
def test_thanks_that_decline_do_not(text: str):
    assert intents.hear(text) == intents.Heard(intents.Intent.THANKS, is_firm=True)
    assert not intents.confirms(text)


@pytest.mark.parametrize(
    "text", ["no me sirvió, gracias", "gracias por nada", "thanks for nothing", "não ajudou, obrigado"]
)
def test_thanks_for_nothing_are_no_thanks(text: str):
    assert intents.hear(text) == intents.Heard(intents.Intent.NOT_HELPED, is_firm=True)
    assert not intents.confirms(text)


@pytest.mark.parametrize("text", ["no", "no vale", "no entendido", "no solucionado", "no perfecto"])
def test_no_and_a_word_of_thanks_are_no_thanks(text: str):
    assert intents.hear(text) is None


def test_there_are_enough_wordings_to_mean_something():
    assert len(lines(PERSON)) >= 60
    assert len(lines(NO_PERSON)) >= 60


@pytest.mark.parametrize(
    "words",
    [
        "buenas ",
        "gracias muchas ",
        "quiero hablar ",
        "e y si ",
        "me pueden pasar ",
        "no no me ",
        "voy a ir ",
        "son unos ",
    ],
)
def test_a_long_message_is_heard_in_no_time(words: str):
    began = time.monotonic()
    intents.hear(words * 400 + "x")
    assert time.monotonic() - began < 1
