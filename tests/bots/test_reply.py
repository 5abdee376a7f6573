"""From a customer's question to the bot's answer, with its receipt."""

from saas_admin.models.bot import Route
from saas_admin.models.conversation import Voice
from tests.bots.company import FAQS, Company


def test_a_known_question_is_answered_with_the_faq_word_by_word(company: Company):
    message = company.write("¿cuanto tarda el envio?")
    (answer,) = company.answer(message.conversation_id)
    assert answer.text == f"Soy Alba, el asistente automático de Café Alborada.\n\n{FAQS['shipping'][0]}"
    (receipt,) = company.receipts(message.conversation_id)
    assert (receipt.route, receipt.reason, receipt.faq_id) == (Route.EXACT, "sure", company.faq_ids["shipping"])
    assert (receipt.message_id, receipt.question_id) == (answer.id, message.id)
    thread = company.conversation(message.conversation_id)
    assert (thread.voice, thread.bot_due_at, thread.waiting_since, thread.unread) == (Voice.BOT, None, None, 0)
