from saas_admin.bots.answering.routes import DIRECT_AT, PERSON_AT
from saas_admin.models.bot import Bot


def test_a_new_bot_decides_at_the_probabilities_that_were_measured():
    bot = Bot()

    assert (bot.direct_at, bot.person_at) == (DIRECT_AT, PERSON_AT)
