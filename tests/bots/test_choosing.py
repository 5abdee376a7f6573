"""What people write instead of tapping one of the questions they are offered."""

from uuid import UUID

import pytest

from saas_admin.adapters.channels.content import Choice
from saas_admin.bots import choosing
from saas_admin.bots.choosing import Reply

IDS = tuple(UUID(int=n) for n in (1, 2, 3))
TITLES = ("¿Cuánto cuesta el envío?", "¿Cuánto tarda en llegar el pedido?", "¿Puedo devolver un café?")
OFFERED = choosing.listed(tuple(zip(IDS, TITLES, strict=True)), "Hablar con alguien", "Ver preguntas")


def _read(said: str) -> object:
    """The number of the FAQ, or numbers; `person`, or what was said to all of them. None for something else."""
    found = choosing.read(said, OFFERED)
    return found if isinstance(found, Reply) else _numbers(found)


def _numbers(found: list[Choice]) -> object:
    each = ["person" if one.id == choosing.PERSON_CHOICE else UUID(one.id.removeprefix("faq:")).int for one in found]
    return each[0] if len(each) == 1 else tuple(each) or None


def test_a_list_holds_the_titles_and_a_person():
    assert [option.title for option in OFFERED.options] == [
        "¿Cuánto cuesta el envío?",
        "¿Cuánto tarda en llegar…",
        "¿Puedo devolver un café?",
        "Hablar con alguien",
    ]
    assert OFFERED.options[1].description == "¿Cuánto tarda en llegar el pedido?"


def test_two_titles_that_begin_alike_are_told_apart():
    alike = ("¿Cuánto cuesta el envío a Canarias?", "¿Cuánto cuesta el envío a Baleares?")
    listed = choosing.listed(tuple(zip(IDS, alike, strict=False)), "Hablar con alguien", "")
    assert [option.title for option in listed.options[:2]] == ["¿Cuánto cuesta el envío…", "2. ¿Cuánto cuesta el env"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2", 2),
        ("4", "person"),
        ("Hablar con alguien", "person"),
        ("¿Cuánto tarda en llegar el pedido?", 2),
        ("cuanto cuesta el envio", 1),
        ("la primera", 1),
        ("La segunda, por favor", 2),
        ("el tercero", 3),
        ("opción 3", 3),
        ("la 1", 1),
        ("es la dos", 2),
        ("the second one", 2),
        ("a primeira", 1),
        ("la última", 3),
        ("la de en medio", 2),
        ("la del medio", 2),
        ("la dos y la tres", (2, 3)),
        ("1 y 3", (1, 3)),
        ("las dos primeras", (1, 2)),
        ("todas", (1, 2, 3)),
        ("y la 1", 1),
        ("ninguna", Reply.NONE),
        ("Ninguna de esas 😕", Reply.NONE),
        ("no, ninguna de las tres", Reply.NONE),
        ("nada de eso", Reply.NONE),
        ("No", Reply.NONE),
        ("no, es otra cosa", Reply.NONE),
        ("none of these", Reply.NONE),
        ("nenhuma delas", Reply.NONE),
        ("sí", Reply.ONE),
        ("si, esa", Reply.ONE),
        ("yes", Reply.ONE),
        # Something else.
        ("no gracias", None),
        ("no, muchas gracias", None),
        ("2 bolsas", None),
        ("la dos y el recibo", None),
        ("todas las tazas", None),
        ("la primera vez que compro", None),
        ("ninguna tienda cerca de Cádiz?", None),
        ("no me llega el pedido", None),
        ("si pido hoy cuando llega", None),
        ("5", None),
        ("", None),
    ],
)
def test_what_is_written_instead_of_a_tap(said: str, meant: object):
    assert _read(said) == meant


def test_yes_to_one_question_is_that_question():
    one = choosing.listed(((IDS[0], TITLES[0]),), "Hablar con alguien", "")
    assert choosing.read("sí", one) == [one.options[0]]
    assert choosing.read("la segunda", one) == []


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("y la segunda", 2),
        ("primero", 1),
        ("la 3", 3),
        ("2", None),
        ("dos", None),
        ("sí", None),
        ("no", None),
        ("la taza", None),
    ],
)
def test_of_an_older_list_only_a_place_in_words_is_chosen(said: str, meant: object):
    assert _numbers(choosing.placed(said, OFFERED)) == meant
