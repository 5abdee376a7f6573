import pytest

from saas_admin.bots.answering.spelling import repair


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
    assert repair("el modelo fedorra", "es", {"fedorra"}) == "el modelo fedorra"
    assert repair("la promo", "es") == "la promoción"
    assert repair("la promo", "es", {"promo"}) == "la promo"
    assert repair("el modelo trilbi", "es", {"trilby"}) == "el modelo trilby"


@pytest.mark.parametrize("typed", ["how much is the shiping", "quanto custa a entrega para o meu endereco"])
def test_a_question_in_another_language_stays_as_it_is(typed: str):
    assert repair(typed, "es") == typed


def test_a_language_without_a_list_of_words_is_left_alone():
    assert repair("wieviel kostett das 😅", "de") == "wieviel kostett das "


def test_an_endless_word_is_left_alone():
    assert repair("zq" * 5000, "es") == "zq" * 5000
