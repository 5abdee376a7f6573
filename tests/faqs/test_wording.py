import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas_admin.faqs import wording

CASES = [
    ("Abrimos a las 9.", "Abrimos a las 10.", [("same", "Abrimos a las "), ("del", "9."), ("ins", "10.")]),
    ("Abrimos hoy.", "Abrimos hoy. Y mañana.", [("same", "Abrimos hoy."), ("ins", " Y mañana.")]),
    ("Sí, abrimos hoy.", "abrimos hoy.", [("del", "Sí, "), ("same", "abrimos hoy.")]),
    ("uno\ndos tres", "uno\n\ndos tres", [("same", "uno"), ("del", "\n"), ("ins", "\n\n"), ("same", "dos tres")]),
    ("Sí, a toda España.", "Ya no enviamos.", []),
    ("", "Sí.", []),
]


@pytest.mark.parametrize(("before", "after", "parts"), CASES, ids=["word", "end", "start", "line", "other", "none"])
def test_words_that_went_and_came_stand_in_their_place(before: str, after: str, parts: wording.Parts):
    assert wording.compare(before, after) == parts


@given(st.text(" ab\n.", max_size=40), st.text(" ab\n.", max_size=40))
def test_both_versions_can_be_read_out_of_it(before: str, after: str):
    if parts := wording.compare(before, after):
        assert "".join(text for what, text in parts if what != "ins") == before
        assert "".join(text for what, text in parts if what != "del") == after


def test_reworded_texts_of_a_list_are_paired_with_the_nearest():
    found = wording.pairs(["haceis envios", "el horario"], ["otra cosa", "haceis envios a casa", "haceis los envios"])
    assert found == [[("same", "haceis "), ("ins", "los "), ("same", "envios")]]


def test_a_long_list_that_was_replaced_is_not_compared():
    assert wording.pairs([f"a {n}" for n in range(21)], [f"a {n} b" for n in range(21)]) == []
