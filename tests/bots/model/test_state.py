"""The handlers behind the settings of the model, with whatever a client sends."""

from typing import Any

import pytest

from saas_admin.bots.state.ai import AiState
from saas_admin.sandbox.openai_script import KEY
from tests.channels.test_state import Desk
from tests.llm import Llm
from tests.shop import Shop, open_shop

pytestmark = pytest.mark.usefixtures("db", "valkey")


@pytest.fixture
def shop() -> Shop:
    return open_shop()


@pytest.fixture
def desk(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch).sit(shop.admin)


def form(llm: Llm, **more: str) -> dict[str, str]:
    prices = {"price_in": "0,15", "price_out": "0,6", "monthly_cap": "20"}
    return {"key": KEY, "base_url": llm.url, "model": "sandbox-mini", "embedding_model": "", **prices, **more}


def test_what_is_saved_is_tried_at_once(desk: Desk, llm: Llm):
    desk.call(AiState, "load")
    state = desk.of(AiState)
    assert (state.is_loaded, state.ai["silence"]) == (True, "none_set")
    desk.call(AiState, "save", form(llm))
    assert (state.errors, state.verdict, state.done, state.ai["silence"]) == ({}, "", 1, "")
    assert desk.notice["key"] == "bots.ai.act.works"
    assert KEY not in repr(state.dict())


def test_a_wrong_key_is_said_in_words_and_a_right_one_ends_it(desk: Desk, llm: Llm):
    state = desk.of(AiState)
    desk.call(AiState, "save", form(llm, key="sk-equivocada"))
    assert (state.verdict, state.ai["trouble"], state.ai["silence"]) == ("refused_key", "refused_key", "trouble")
    desk.call(AiState, "save", form(llm))
    assert (state.verdict, state.ai["trouble"], state.ai["silence"]) == ("", "", "")


def test_a_key_that_works_is_only_replaced_by_one_that_does(desk: Desk, llm: Llm):
    desk.call(AiState, "load")
    desk.call(AiState, "save", form(llm))
    state = desk.of(AiState)
    desk.call(AiState, "save", form(llm, key="sk-equivocada", model="otro"))
    assert (state.errors, state.is_busy, state.done) == ({"key": "ai_key_refused"}, False, 1)
    assert desk.notice["key"] == "errors.ai_key_refused"
    desk.call(AiState, "load")
    assert (state.ai["key_hint"], state.ai["model"], state.ai["silence"]) == (f"…{KEY[-4:]}", "sandbox-mini", "")
    # Nor where nobody answers.
    desk.call(AiState, "save", form(llm, base_url="http://127.0.0.1:9"))
    assert (state.errors, desk.notice["key"]) == ({"key": "ai_key_silent"}, "errors.ai_key_silent")
    desk.call(AiState, "save", form(llm, monthly_cap="30"))
    assert (state.errors, state.ai["monthly_cap"], state.ai["silence"]) == ({}, "30", "")


def test_what_is_wrong_with_the_search_is_shown_and_nothing_is_said_to_work(desk: Desk, llm: Llm):
    state = desk.of(AiState)
    llm.will_embed("no_model")
    desk.call(AiState, "save", form(llm, embedding_model="sandbox-embeding"))
    assert (state.verdict, state.ai["silence"], state.ai["embedding_trouble"]) == ("", "", "model_unknown")
    assert desk.notice == {}
    desk.call(AiState, "test")
    assert (state.ai["embedding_trouble"], desk.notice["key"]) == ("", "bots.ai.act.works")


def test_a_problem_stands_beside_its_field(desk: Desk, llm: Llm):
    state = desk.of(AiState)
    desk.call(AiState, "save", form(llm, base_url="sin esquema", monthly_cap="mucho"))
    assert (state.errors, state.done) == ({"base_url": "ai_url", "monthly_cap": "ai_amount"}, 0)
    assert llm.asked == []


def test_off_on_and_without_a_key(desk: Desk, llm: Llm):
    state = desk.of(AiState)
    desk.call(AiState, "save", form(llm))
    desk.call(AiState, "switch", False)
    assert (state.ai["silence"], desk.notice["key"]) == ("off", "bots.ai.act.off")
    desk.call(AiState, "switch", True)
    assert state.ai["silence"] == ""
    desk.call(AiState, "remove_key")
    assert (state.ai["silence"], state.ai["has_key"]) == ("none_set", False)
    desk.call(AiState, "test")
    assert state.problem == "ai_nothing_to_check"


@pytest.mark.parametrize("junk", ["", None, 7, ["x"], {"key": ["a"], "model": {"b": 1}}, {"price_in": "1e999"}])
def test_junk_changes_nothing(desk: Desk, junk: Any):
    state = desk.of(AiState)
    desk.call(AiState, "save", junk)
    assert state.done == 0
    desk.call(AiState, "load")
    assert state.ai["has_key"] is False


def test_whoever_only_answers_customers_does_not_get_in(shop: Shop, desk: Desk, llm: Llm):
    desk.sit(shop.support)
    for name, arguments in (
        ("load", ()),
        ("save", (form(llm),)),
        ("test", ()),
        ("switch", (True,)),
        ("remove_key", ()),
    ):
        desk.call(AiState, name, *arguments)
    assert (desk.of(AiState).is_loaded, llm.asked) == (False, [])
