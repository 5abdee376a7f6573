import pytest

from saas_admin.bots.answering.spelling import own_words, repair


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("cuantos dias tarda", "cuantos días tarda"),
        ("kiero un sombrero xfa 🙏", "quiero un sombrero por favor"),
        ("teneis sombreeros negros", "tenéis sombreros negros"),
        ("¿Tienen sombrersos?", "¿Tienen sombreros?"),
        ("holaaaa", "hola"),
        ("jajaja vale", "vale"),
    ],
)
def test_a_question_is_spelled_the_way_it_is_written_elsewhere(typed: str, spelled: str):
    assert repair(typed, "es") == spelled


def test_the_companys_own_words_are_right_as_they_are():
    assert repair("el modelo fedorra", "es") == "el modelo fedora"
    assert repair("el modelo fedorra", "es", {"fedorra": "fedorra"}) == "el modelo fedorra"
    assert repair("la promo", "es") == "la promoción"
    assert repair("la promo", "es", {"promo": "promo"}) == "la promo"
    assert repair("el modelo trilbi", "es", {"trilby": "trilby"}) == "el modelo trilby"


@pytest.mark.parametrize("typed", ["how much is the shiping", "quanto custa a entrega para o meu endereco"])
def test_a_question_in_another_language_stays_as_it_is(typed: str):
    assert repair(typed, "es") == typed


def test_a_language_without_a_list_of_words_is_left_alone():
    assert repair("wieviel kostett das 😅", "de") == "wieviel kostett das "


def test_an_endless_word_is_left_alone():
    assert repair("zq" * 5000, "es") == "zq" * 5000


def test_the_shops_own_spelling_goes_before_the_commonest():
    own = own_words(["¿Cuánto cuesta el envío?", "tiempo de envio", "¿Cuánto tarda?", "¿Tienen té?"])
    assert {plain: own[plain] for plain in ("envio", "cuanto", "tiempo", "te")} == {
        "envio": "envío",
        "cuanto": "cuánto",
        "tiempo": "tiempo",
        "te": "té",
    }
    assert repair("cuanto tarda el envio", "es") == "cuanto tarda el envió"
    # What is commonest without an accent may mean something else: it stays as it is.
    assert repair("cuanto tarda el envio", "es", own) == "cuanto tarda el envío"
    # One slip away from a word of the shop's.
    assert repair("cuanto tarda el envjo", "es", own) == "cuanto tarda el envío"
