"""The handlers behind the bot's pages, called as a browser's socket calls them: by name, with whatever a client sends."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import OperationalError

from saas_admin.bots import playground, queries, service, thresholds, unanswered
from saas_admin.bots.service import TopicChange
from saas_admin.bots.state.behaviour import BehaviourState, ChannelBotState
from saas_admin.bots.state.overview import BotState
from saas_admin.bots.state.playground import PlaygroundState
from saas_admin.bots.state.thresholds import ThresholdsState
from saas_admin.bots.state.unanswered import UnansweredState
from saas_admin.core.work import Work
from saas_admin.faqs import service as faqs
from saas_admin.models.bot import Review, Route
from saas_admin.ui.base_state import SessionState
from tests.bots.company import Company
from tests.bots.history import asked, source
from tests.channels.test_state import Desk

STRANGE: list[Any] = [
    "",
    "nope",
    None,
    7,
    -1,
    1e300,
    {"a": 1},
    ["x"],
    "01890000-0000-7000-8000-00000000dead",
    "' or 1=1 --",
]
FORM: dict[str, Any] = {
    "name": "  Beto ",
    "address_form": "usted",
    "language": "es",
    "greeting": "Buenas.",
    "schedule": "closed",
    "most_answers": "6",
    "forbidden_topics": {"added": ["alergia", " "], "removed": []},
    "give_back": "after_hours",
    "give_back_hours": 3,
    "answer_within": 45,
}


@pytest.fixture
def desk(company: Company, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch).sit(company.shop.admin)


def tried(question: str) -> playground.Tried:
    numbers: dict[str, Any] = {"tokens_in": 0, "tokens_out": 0, "cost": 0, "milliseconds": 9, "steps": {}}
    flags = {"is_first": True, "is_over": False, "is_lost": False, "is_confirmed": False}
    words = dict.fromkeys(("opener", "faq_id", "encoders", "model", "due_at", "silence"), "")
    lists: dict[str, Any] = {"texts": ["Con tarjeta."], "choices": [], "files": [], "sources": []}
    return playground.Tried(
        question=question,
        route="faq",
        reason="sure",
        probability=0.93,
        language="es",
        **numbers,
        **flags,
        **words,
        **lists,
    )


def bot(company: Company) -> queries.BotView:
    with Work(company.shop.admin) as work:
        return queries.find_overview(work).bot


def test_switching_off_can_be_undone(company: Company, desk: Desk):
    desk.call(BotState, "load")
    assert (desk.of(BotState).bot["is_on"], desk.of(BotState).figures["days"]) == (True, 7)
    desk.call(BotState, "switch", False)
    assert (bot(company).is_on, desk.of(BotState).channels[0]["silence"]) == (False, "off")
    desk.call(SessionState, "undo", desk.notice["id"])
    assert bot(company).is_on


def test_a_channel_is_switched_by_name_and_it_can_be_undone(company: Company, desk: Desk):
    key = str(company.shop.webchat_id)
    desk.call(BotState, "load")

    def is_on() -> bool:
        return next(row["is_on"] for row in desk.of(BotState).channels if row["id"] == key)

    before, name = is_on(), next(row["name"] for row in desk.of(BotState).channels if row["id"] == key)
    desk.call(BotState, "switch_channel", key, not before)
    words = "bots.switch.channel_off" if before else "bots.switch.channel_on"
    assert (is_on(), desk.notice["key"], desk.notice["params"]) == (not before, words, {"name": name})
    desk.call(SessionState, "undo", desk.notice["id"])
    desk.call(BotState, "refresh")
    assert is_on() is before
    path = f"/bots/channels/{key}"
    desk.call(ChannelBotState, "load", path=path)
    desk.call(ChannelBotState, "switch", not before, path=path)
    desk.call(SessionState, "undo", desk.notice["id"])
    desk.call(ChannelBotState, "refresh", path=path)
    assert desk.of(ChannelBotState).channel["is_on"] is before


@pytest.mark.parametrize("typed", ["0", "99999", "1.5", "-5", "", "doce", "9" * 5000])
def test_a_number_is_taken_as_it_was_typed_or_not_at_all(company: Company, desk: Desk, typed: str):
    desk.call(BehaviourState, "load")
    desk.call(BehaviourState, "save", {"answer_within": typed})
    assert desk.of(BehaviourState).errors == {"answer_within": "number"}
    assert bot(company).answer_within == 30


def test_a_long_greeting_is_refused_and_not_cut(company: Company, desk: Desk):
    desk.call(BehaviourState, "load")
    before = bot(company).greeting
    desk.call(BehaviourState, "save", {"greeting": "a" * 601})
    assert (desk.of(BehaviourState).errors, bot(company).greeting) == ({"greeting": "too_long"}, before)


def test_who_may_only_read_is_told_whom_to_ask(company: Company, desk: Desk):
    desk.call(ThresholdsState, "load")
    assert desk.of(ThresholdsState).admins == bot(company).admins != []


def test_both_halves_of_the_form_are_saved_or_none(company: Company, desk: Desk):
    desk.call(BehaviourState, "load")
    state = desk.of(BehaviourState)
    desk.call(BehaviourState, "save", {**FORM, "name": "x" * 41, "answer_within": 1})
    assert (state.errors, state.done) == ({"name": "too_long", "answer_within": "number"}, 0)
    assert (bot(company).name, bot(company).most_answers) == ("Alba", 12)
    desk.call(BehaviourState, "save", FORM)
    assert (state.errors, state.done, state.bot["name"]) == ({}, 1, "Beto")
    saved = bot(company)
    assert (saved.address_form, saved.schedule, saved.most_answers, saved.answer_within) == ("usted", "closed", 6, 45)
    assert (saved.give_back, saved.give_back_hours) == ("after_hours", 3)


def test_what_somebody_else_saved_meanwhile_stays(company: Company, desk: Desk):
    desk.call(BehaviourState, "load")
    with Work(company.shop.admin) as work:
        service.set_behaviour(work, {"persona": "Cercana."}, TopicChange(added=["alergia"]))
    desk.call(BehaviourState, "save", {"greeting": "Buenas.", "forbidden_topics": {"added": ["factura"]}})
    saved = bot(company)
    assert (saved.greeting, saved.persona, saved.forbidden_topics) == ("Buenas.", "Cercana.", ["alergia", "factura"])
    assert desk.of(BehaviourState).bot["forbidden_topics"] == ["alergia", "factura"]
    desk.call(BehaviourState, "save", {"forbidden_topics": {"added": [], "removed": ["alergia"]}})
    assert (bot(company).greeting, bot(company).forbidden_topics) == ("Buenas.", ["factura"])


def test_a_channel_keeps_what_somebody_else_said_differently(company: Company, desk: Desk):
    path = f"/bots/channels/{company.shop.webchat_id}"
    desk.call(ChannelBotState, "load", path=path)
    with Work(company.shop.admin) as work:
        service.set_channel(work, company.shop.webchat_id, {"name": "Beto", "schedule": "closed"})
    desk.call(ChannelBotState, "save", {"greeting": "¡Hola!", "schedule": ""}, path=path)
    assert desk.of(ChannelBotState).channel["differs"] == {"name": "Beto", "greeting": "¡Hola!"}


def test_a_threshold_that_was_not_moved_is_not_set(company: Company, desk: Desk):
    desk.call(ThresholdsState, "load")
    with Work(company.shop.admin) as work:
        service.set_thresholds(work, person_at=0.3)
    desk.call(ThresholdsState, "save", 0.8, None)
    state = desk.of(ThresholdsState)
    assert (bot(company).direct_at, bot(company).person_at, state.person_at) == (0.8, 0.3, 0.3)


def test_a_channel_of_the_address(company: Company, desk: Desk):
    path = f"/bots/channels/{company.shop.webchat_id}"
    desk.call(ChannelBotState, "load", path=path)
    desk.call(ChannelBotState, "save", {"name": "", "greeting": "¡Hola!"}, path=path)
    assert desk.of(ChannelBotState).channel["differs"] == {"greeting": "¡Hola!"}
    desk.call(ChannelBotState, "load", path=f"/bots/channels/{uuid4()}")
    assert (desk.of(ChannelBotState).is_missing, desk.of(ChannelBotState).channel) == (True, {})


def test_thresholds_are_looked_at_and_set(company: Company, desk: Desk):
    desk.call(ThresholdsState, "load")
    desk.call(ThresholdsState, "look", 0.8, 0.1)
    assert bot(company).direct_at == 0.9
    desk.call(ThresholdsState, "save", 0.3, 0.1)
    assert desk.of(ThresholdsState).errors == {"direct_at": "threshold"}
    desk.call(ThresholdsState, "save", 0.8, 0.1)
    assert (bot(company).direct_at, bot(company).person_at, desk.of(ThresholdsState).direct_at) == (0.8, 0.1, 0.8)


def test_a_question_is_taught_by_two_clicks_and_dismissed_with_undo(company: Company, desk: Desk):
    one = company.write("hola").conversation_id
    pay = company.faq_ids["pay"]
    for text in ("¿Bizun?", "jajaja"):
        asked(
            company,
            one,
            company.conversation(one).created_at,
            text,
            Route.OFFER,
            review=Review.OPEN,
            sources=[source(pay)],
        )
    desk.call(UnansweredState, "load")
    state = desk.of(UnansweredState)
    rows = {row["question"]: row["id"] for row in state.rows}
    desk.call(UnansweredState, "search_faqs", "bizum")
    assert [each["faq_id"] for each in state.found] == [str(pay)]
    desk.call(UnansweredState, "teach", rows["¿Bizun?"], str(pay), "")
    assert (desk.notice["key"], desk.notice["params"]) == (
        "bots.unanswered.taught",
        {"title": "¿Cómo puedo pagar?", "n": 1},
    )
    desk.call(UnansweredState, "dismiss", rows["jajaja"])
    assert state.rows == []
    desk.call(SessionState, "undo", desk.notice["id"])
    desk.call(UnansweredState, "refresh")
    assert [row["question"] for row in state.rows] == ["jajaja"]


@pytest.fixture
def waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What happens while an answer is waited for; then it comes."""
    meanwhile: list[Callable[[], None]] = []

    async def collect(_ticket: str) -> playground.Tried:
        for each in meanwhile:
            each()
        return tried("¿Puedo pagar con tarjeta?")

    monkeypatch.setattr(playground, "collect", collect)
    desk.call(PlaygroundState, "load")
    return meanwhile


def told(desk: Desk, name: str, *arguments: Any) -> None:
    """From within another handler, as the event of the same tab that overtakes it."""
    state = desk.of(PlaygroundState)
    coroutine = PlaygroundState.event_handlers[name].fn(state, *arguments)
    with pytest.raises(StopIteration):
        coroutine.send(None)


def test_an_answer_of_another_channel_is_not_shown_and_the_next_question_may_be_asked(
    company: Company, desk: Desk, waiting: list[Callable[[], None]]
):
    state = desk.of(PlaygroundState)
    desk.call(PlaygroundState, "ask", "¿tarjeta?", "")
    assert (len(state.turns), state.pending, state.turns[0]["certainty"]) == (1, "", "high")
    waiting.append(lambda: told(desk, "choose_channel", str(company.shop.webchat_id)))
    for _ in range(2):  # behind an earlier turn, and as the first question
        desk.call(PlaygroundState, "ask", "¿y Bizum?", "")
        assert (state.turns, state.pending, state.problem) == ([], "", "")
    waiting.clear()
    desk.call(PlaygroundState, "ask", "¿tarjeta?", "")
    assert ([turn["question"] for turn in state.turns], state.pending) == (["¿Puedo pagar con tarjeta?"], "")


def test_whatever_goes_wrong_the_playground_is_open_again(
    desk: Desk, waiting: list[Callable[[], None]], monkeypatch: pytest.MonkeyPatch
):
    state = desk.of(PlaygroundState)

    async def broken(_ticket: str) -> playground.Tried:
        raise RuntimeError

    del waiting
    monkeypatch.setattr(playground, "collect", broken)
    with pytest.raises(RuntimeError):
        desk.call(PlaygroundState, "ask", "¿tarjeta?", "")
    assert (state.pending, state.problem, state.turns) == ("", "playground_trouble", [])
    desk.call(PlaygroundState, "ask", "  ", "")
    assert (state.pending, state.problem) == ("", "message_empty")


def test_the_tab_counts_what_is_left_and_more_is_as_much_as_comes(company: Company, desk: Desk):
    one = company.write("hola").conversation_id
    for number in range(33):
        asked(company, one, company.conversation(one).created_at, f"¿Té {number}?", Route.OFFER, review=Review.OPEN)
    desk.call(UnansweredState, "load")
    state = desk.of(UnansweredState)
    assert (len(state.rows), state.total, state.coming, desk.of(BotState).unanswered) == (30, 33, 3, 33)
    desk.call(UnansweredState, "dismiss", state.rows[0]["id"])
    assert (state.coming, desk.of(BotState).unanswered) == (2, 32)
    desk.call(UnansweredState, "teach", state.rows[0]["id"], str(company.faq_ids["pay"]), "")
    assert (state.coming, desk.of(BotState).unanswered) == (1, 31)
    desk.call(UnansweredState, "more")
    assert (len(state.rows), state.coming) == (31, 0)


def test_what_is_refused_while_teaching_says_why_until_it_is_accepted(company: Company, desk: Desk):
    one, pay = company.write("hola").conversation_id, company.faq_ids["pay"]
    row = asked(company, one, company.conversation(one).created_at, "¿Bizun?", Route.OFFER, review=Review.OPEN)
    with Work(company.shop.admin) as work:
        for number in range(47):
            faqs.add_phrasing(work, pay, f"¿Puedo pagar con {number}?")
    desk.call(UnansweredState, "load")
    state = desk.of(UnansweredState)
    desk.call(UnansweredState, "teach", str(row), str(pay), "x" * 301)
    assert (state.errors, state.params) == ({"phrasings.0": "faq_phrasing_long"}, {"longest": "300"})
    desk.call(UnansweredState, "teach", str(row), str(pay), "¿Bizun?")
    assert (state.errors, state.problem, state.params) == ({}, "faq_phrasings_many", {"most": "50"})
    desk.call(UnansweredState, "teach", str(row), str(company.faq_ids["grind"]), "¿Bizun?")
    assert (state.errors, state.problem, state.params, state.rows) == ({}, "", {}, [])


def test_each_visit_of_the_list_begins_without_a_search(company: Company, desk: Desk):
    desk.call(UnansweredState, "load")
    state = desk.of(UnansweredState)
    first = state.opened
    desk.call(UnansweredState, "narrow", "bizum", "")
    assert (state.query, state.opened) == ("bizum", first)
    desk.call(UnansweredState, "load")
    assert state.query == ""
    assert state.opened not in ("", first)


@pytest.mark.parametrize(
    ("state", "module", "read"),
    [
        (BotState, queries, "find_overview"),
        (BehaviourState, queries, "find_samples"),
        (ChannelBotState, queries, "find_overview"),
        (ThresholdsState, thresholds, "preview"),
        (PlaygroundState, queries, "find_overview"),
        (UnansweredState, unanswered, "list_unanswered"),
    ],
)
def test_a_page_that_could_not_be_read_says_so_and_is_read_again(
    company: Company, desk: Desk, monkeypatch: pytest.MonkeyPatch, state: Any, module: Any, read: str
):
    path = f"/bots/channels/{company.shop.webchat_id}"
    page = desk.of(state)
    for times, trouble in ((1, OperationalError("select", {}, Exception())), (2, RuntimeError("out of sorts"))):
        with monkeypatch.context() as away:
            away.setattr(module, read, fails_with(trouble))
            desk.call(state, "load", path=path)
        assert (page.failed, page.is_loaded, desk.notice) == (times, False, {})
    desk.call(state, "load", path=path)
    assert (page.failed, page.is_loaded) == (0, True)
    with monkeypatch.context() as away:
        away.setattr(module, read, fails_with(OperationalError("select", {}, Exception())))
        desk.call(state, "load", path=path)
    assert (page.failed, page.is_loaded, desk.notice["key"]) == (0, True, "errors.unavailable")


def fails_with(trouble: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise trouble

    return fail


def test_a_channel_does_not_stand_under_the_address_of_another(
    company: Company, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk.call(ChannelBotState, "load", path=f"/bots/channels/{company.shop.webchat_id}")
    monkeypatch.setattr(queries, "find_overview", fails_with(OperationalError("select", {}, Exception())))
    desk.call(ChannelBotState, "load", path=f"/bots/channels/{company.shop.whatsapp_id}")
    state = desk.of(ChannelBotState)
    assert (state.channel, state.is_loaded, state.failed) == ({}, False, 1)


def test_marketing_is_shown_no_customer_s_words(company: Company, desk: Desk):
    one = company.write("hola").conversation_id
    more: dict[str, Any] = {"review": Review.OPEN, "probability": 0.85, "sources": [source(company.faq_ids["pay"])]}
    asked(company, one, company.conversation(one).created_at, "¿Bizun?", Route.OFFER, **more)
    desk.sit(company.shop.marketing)
    for state in (BotState, ThresholdsState, UnansweredState):
        desk.call(state, "load")
    desk.call(ThresholdsState, "look", 0.8, 0.1)
    assert desk.call(UnansweredState, "narrow", "", "") is SessionState.say_forbidden
    preview = desk.of(ThresholdsState).preview
    assert (preview["total"], preview["moves"], preview["moved"]) == (1, 1, [])
    assert (desk.of(UnansweredState).rows, desk.of(UnansweredState).is_loaded) == ([], False)
    assert "Bizun" not in str(desk.root.dict())


@pytest.mark.parametrize("strange", STRANGE, ids=str)
def test_strange_arguments_change_nothing_and_never_crash(company: Company, desk: Desk, strange: Any):
    # All but the moment a person would answer by, which goes on with the clock.
    before = replace(bot(company), hand_over="")
    for state in (BotState, BehaviourState, ThresholdsState, UnansweredState):
        desk.call(state, "load")
    desk.call(BotState, "choose_period", strange)
    desk.call(BotState, "choose_channel", strange)
    desk.call(BotState, "switch_channel", strange, True)
    desk.call(BehaviourState, "save", strange)
    desk.call(BehaviourState, "save", dict.fromkeys(FORM, strange))
    desk.call(ChannelBotState, "save", strange)
    desk.call(ThresholdsState, "look", strange, strange)
    desk.call(ThresholdsState, "save", strange, strange)
    desk.call(UnansweredState, "narrow", strange, strange)
    desk.call(UnansweredState, "teach", strange, strange, strange)
    desk.call(UnansweredState, "dismiss", strange)
    desk.call(PlaygroundState, "choose_channel", strange)
    assert replace(bot(company), hand_over="") == before
