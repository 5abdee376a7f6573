import pytest

from saas_admin.bots.answering.fold import words
from saas_admin.core.text import fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("¿Cuánto CUESTA?", "cuanto cuesta"),
        ("holaaaa!!! 😅🙏", "hola"),
        ("llamada", "llamada"),
        ("mañana, a las 10:30", "manana a las 10 30"),
        ("don’t   stop", "dont stop"),
        ("1000 €", "1000"),
        ("❤️", ""),
        ("", ""),
    ],
)
def test_what_is_typed_has_one_spelling(typed: str, folded: str):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "language", "read"),
    [
        ("xq no abren?", "es", ("porque", "no", "abren")),
        ("kiero saber q talla jajaja", "es", ("quiero", "saber", "que", "talla")),
        ("xfa pa mñn", "es", ("por", "favor", "para", "manana")),
        ("vc tb pode", "pt", ("voce", "tambem", "pode")),
        ("can u pls help", "en", ("can", "you", "please", "help")),
        ("x u", "de", ("x", "u")),
    ],
)
def test_slang_is_spelled_out_in_the_companys_language(typed: str, language: str, read: tuple[str, ...]):
    assert words(typed, language) == read
