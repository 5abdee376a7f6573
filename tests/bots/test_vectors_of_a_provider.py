"""Vectors of a company's own model: whatever its server does, a customer is answered in time."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from saas_admin.bots import decide, provider, setup
from saas_admin.bots import library as shelves
from saas_admin.bots.library import Library, Shelf
from saas_admin.core.engines import Chroma
from saas_admin.core.work import Work
from saas_admin.models import Channel
from saas_admin.sandbox.openai_script import EMBEDDING_MODEL, KEY, MODEL
from tests.bots.company import FAQS, Company
from tests.llm import Llm

HANGS = {"kind": "hang", "seconds": 8, "count": 99}


def settings(llm: Llm, **more: str) -> dict[str, str]:
    prices = {"price_in": "0", "price_out": "0", "monthly_cap": "20"}
    return {"base_url": llm.url, "key": KEY, "model": MODEL, "embedding_model": EMBEDDING_MODEL, **prices, **more}


def save(company: Company, llm: Llm, **more: str) -> None:
    with Work(company.shop.admin) as work:
        provider.save(work, settings(llm, **more))


@pytest.fixture
def own(company: Company, llm: Llm) -> Company:
    """It compares by a model of its provider."""
    provider._embedder.cache_clear()
    save(company, llm)
    return company


def get(company: Company, library: Library | None = None) -> Shelf:
    return (library or company.library).get(company.shop.company_id)


def test_nobody_waits_longer_than_three_seconds():
    assert shelves.QUESTION_SECONDS == 3.0


def test_of_a_server_that_hangs_the_first_question_waits_alone(own: Company, llm: Llm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shelves, "QUESTION_SECONDS", 0.5)
    shelf = get(own)
    assert shelf.is_whole
    shelf.ask("¿y molido?", "whatsapp_cloud", "es")
    asked = len(llm.embedded)
    llm.will_embed(HANGS)
    started = time.monotonic()
    first = shelf.ask("cuanto tarda un envio", "whatsapp_cloud", "es")
    after_one = time.monotonic()
    second = shelf.ask("puedo devolver el cafe", "whatsapp_cloud", "es")
    assert 0.5 <= after_one - started < 1.0
    assert time.monotonic() - after_one < 0.1
    assert len(llm.embedded) == asked + 1
    assert {first.ranked[0].faq_id, second.ranked[0].faq_id} == {
        str(own.faq_ids["shipping"]),
        str(own.faq_ids["returns"]),
    }


def test_what_is_a_faq_letter_by_letter_waits_for_nobody(own: Company, llm: Llm):
    shelf = get(own)
    asked = len(llm.embedded)
    llm.will_embed(HANGS)
    (answer,) = own.ask("¿aceptáis bizum?")
    assert answer.text.endswith(FAQS["pay"][0])
    ranking = shelf.ask("ACEPTAIS BIZUM", "whatsapp_cloud", "es")
    assert (ranking.route, ranking.confidence, len(llm.embedded)) == ("exact", 0.999, asked)


def test_customers_of_a_shelf_that_is_not_made_yet_do_not_wait_one_after_another(
    own: Company, llm: Llm, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shelves, "QUESTION_SECONDS", 0.5)
    get(own)
    asked = len(llm.embedded)
    provider._embedder.cache_clear()
    llm.will_embed(HANGS)
    fresh = Library()
    started = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: get(own, fresh), range(8)))
    assert time.monotonic() - started < 2.0
    assert {shelf.is_whole for shelf in found} == {False}
    assert len(llm.embedded) == asked + 1


def test_of_a_slow_server_several_messages_wait_together_no_longer_than_one(
    own: Company, llm: Llm, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(decide, "QUESTION_SECONDS", 0.3)
    shelf = get(own)
    shelf.ask("¿y molido?", "whatsapp_cloud", "es")
    with Work(own.shop.system) as work:
        chosen = setup.of_channel(work, work.get(Channel, own.shop.whatsapp_id))
    assert chosen is not None
    texts = ("cuanto tarda un envio?", "puedo devolver el cafe?", "cogeis bizum?", "y molido, se puede?")
    question = decide.Question(texts, "es", answers=1)
    decide.decide(question, chosen, own.library, shelf)
    asked = len(llm.embedded)
    llm.will_embed({"kind": "slow", "seconds": 0.4, "count": 99})
    started = time.monotonic()
    decide.decide(question, chosen, own.library, shelf)
    assert time.monotonic() - started < 1.0
    assert len(llm.embedded) == asked + 1


def test_after_a_while_the_server_is_asked_again(own: Company, llm: Llm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("saas_admin.adapters.embeddings.openai.AWAY", 0.3)
    shelf = get(own)
    llm.will_embed("error_500")
    shelf.ask("¿y cuanto me costaria el envio?", "whatsapp_cloud", "es")
    asked = len(llm.embedded)
    shelf.ask("¿y si lo quiero devolver?", "whatsapp_cloud", "es")
    assert len(llm.embedded) == asked
    time.sleep(0.35)
    shelf.ask("¿y si lo quiero devolver?", "whatsapp_cloud", "es")
    assert len(llm.embedded) == asked + 1


def test_after_another_key_the_former_one_is_used_no_more(own: Company, llm: Llm):
    shelf = get(own)
    assert get(own) is shelf
    llm.wants_key("sk-new")
    save(own, llm, key="sk-new")
    asked = len(llm.embedded)
    again = get(own)
    assert again is not shelf
    again.ask("cuanto tarda un envio", "whatsapp_cloud", "es")
    assert len(llm.embedded) > asked
    assert again.coder.each[0].model_id == shelf.coder.each[0].model_id


def test_the_same_name_with_vectors_of_another_size_is_another_shelf(own: Company, llm: Llm, chroma: Chroma):
    del chroma
    assert own.library.reindex(own.shop.company_id) == 21
    assert get(own).is_stored
    # Another account of the same server calls another model by that name.
    llm.wants_key("sk-new")
    llm.has_dimensions(64)
    save(own, llm, key="sk-new")
    shelf = get(own)
    assert (shelf.is_whole, shelf.is_stored) == (True, False)
    assert shelf.ask("cuanto tarda un envio", "whatsapp_cloud", "es").route == "scored"
    assert own.library.reindex(own.shop.company_id) == 21
    assert get(own, Library()).is_stored


def used(company: Company) -> tuple[int, int, int, str]:
    with Work(company.shop.admin) as work:
        seen = provider.find(work)
    return seen.calls, seen.tokens_in, seen.tokens_out, seen.cost


def tokens(texts: list[str]) -> int:
    """As the sandbox counts."""
    return sum(len(text) // 4 + 1 for text in texts)


def test_vectors_are_counted_at_their_price(own: Company, llm: Llm):
    save(own, llm, price_embedding="0.02")
    shelf = get(own)
    made = sum(tokens(texts) for texts in llm.embedded)
    # «hola» for the size of its vectors, and the FAQs: each call rounded up to a millionth.
    assert (made, len(llm.embedded), used(own)) == (206, 2, (2, 206, 0, "0.000006"))
    shelf.ask("cuanto tarda un envio", "whatsapp_cloud", "es")
    asked = tokens(llm.embedded[-1])
    assert used(own)[:3] == (3, made + asked, 0)


def test_vectors_nobody_could_wait_for_are_counted_by_their_letters(
    own: Company, llm: Llm, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shelves, "QUESTION_SECONDS", 0.4)
    shelf = get(own)
    before = used(own)
    llm.will_embed(HANGS)
    shelf.ask("cuanto tarda un envio", "whatsapp_cloud", "es")
    # «cuanto tarda un envió»: 21 letters.
    assert used(own)[:2] == (before[0] + 1, before[1] + 7)


def test_at_the_cap_no_more_vectors_are_bought(own: Company, llm: Llm):
    save(own, llm, price_embedding="2000", monthly_cap="0.1")
    shelf = get(own)
    bought = len(llm.embedded)
    ranking = shelf.ask("cuanto tarda un envio", "whatsapp_cloud", "es")
    assert (ranking.ranked[0].faq_id, len(llm.embedded)) == (str(own.faq_ids["shipping"]), bought)
    # From then on those that come with the program compare.
    assert get(own).encoders == "use3+e5s"
