"""Exact values on examples small enough to be worked out by hand."""

import math

import numpy as np
import pytest

from saas_admin.bots.answering.lexical import CharIndex, WordIndex, pieces


def test_pieces_are_two_to_five_letters_with_the_edges_of_the_word():
    assert pieces(["ab"]) == [" a", "ab", "b ", " ab", "ab ", " ab "]
    assert pieces(["a"]) == [" a", "a ", " a "]
    assert pieces([]) == []


def test_the_letters_of_two_words_are_compared_by_their_cosine():
    # Pieces of " a ": " a", "a ", " a "; of " b " the same with b. Seen once in two texts: idf = ln(3/2) + 1.
    index = CharIndex.build([["a"], ["b"], ["a", "b"]])

    assert index.scores(["a"]) == pytest.approx([1.0, 0.0, math.sqrt(0.5)])
    assert index.scores(["a", "a"]) == pytest.approx([1.0, 0.0, math.sqrt(0.5)])
    # A word said twice weighs 1 + ln 2, not two.
    twice = 1 + math.log(2)
    assert index.scores(["a", "a", "b"])[0] == pytest.approx(twice / math.hypot(twice, 1))
    assert index.scores(["z"]) == pytest.approx([0.0, 0.0, 0.0])


def test_words_are_bm25_as_a_share_of_what_the_question_could_reach():
    index = WordIndex.build([["sombrero", "negro"], ["sombrero", "rojo"]], "es")
    everywhere, once, unseen = math.log(1 + 0.5 / 2.5), math.log(1 + 1.5 / 1.5), math.log(1 + 2.5 / 0.5)

    # Both texts have the mean length, so a word that stands once in a text counts as its idf.
    assert index.scores(["sombrero", "negro"], "es") == pytest.approx([1.0, everywhere / (everywhere + once)])
    assert index.scores(["negros", "gorra"], "es") == pytest.approx([once / (once + unseen), 0.0])
    assert np.array_equal(index.scores([], "es"), [0.0, 0.0])
