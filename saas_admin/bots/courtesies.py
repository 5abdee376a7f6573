"""What is said to greetings, thanks, goodbyes, and to who asks what it talks to: nothing of it has to be looked up."""

from saas_admin.bots import intents, small_talk
from saas_admin.bots.decision import CLARIFY, GREETING, Decision, Question
from saas_admin.bots.intents import Heard, Intent
from saas_admin.bots.phrases import say
from saas_admin.bots.setup import Setup
from saas_admin.core.text import fold
from saas_admin.models.bot import Route

_SAID = {
    Intent.IDENTITY: "identity",
    Intent.THANKS: "thanks",
    Intent.BYE: "bye",
    Intent.GREETING: GREETING,
}
"""What is said to each, in the order it is looked for."""


def is_courtesy(text: str, setup: Setup) -> bool:
    found, folded = intents.hear(text, setup.people), fold(text)
    is_said = found is not None and found.intent in _SAID
    return is_said or not small_talk.spelled(folded) or small_talk.is_no(folded) or small_talk.is_filler(folded)


def heard(question: Question, setup: Setup) -> list[Heard]:
    return [found for text in question.texts if (found := intents.hear(text, setup.people))]


def answer(question: Question, setup: Setup) -> Decision:
    """To a question without a question in it."""
    found = {each.intent for each in heard(question, setup)}
    if "?" in question.joined and not found:
        # «?» alone wants to know whether anybody is there; asked again, somebody is.
        return Decision(Route.PERSON, "nothing_said") if question.unsure else clarify(question, setup)
    if small_talk.disapproves(question.joined) and question.answers:
        return Decision(Route.PERSON, "not_helped")
    if small_talk.is_angry(question.joined):
        return Decision(Route.PERSON, "anger")
    for intent, phrase in _SAID.items():
        if intent in found:
            return _say(intent, phrase, question, setup)
    if small_talk.is_no(fold(question.joined)):
        return _say(Intent.THANKS, "noted", question, setup)
    # A sticker, laughter, or marks alone, says nothing that has to be answered.
    return Decision(Route.NONE, "acknowledged")


def thanks(question: Question, setup: Setup) -> Decision:
    """To thanks in words of the customer's own."""
    return _say(Intent.THANKS, "thanks", question, setup)


def clarify(question: Question, setup: Setup) -> Decision:
    """What is meant was not understood: said once, before somebody has to look."""
    text = say("clarify", setup.speaks(question.language), setup.address_form)
    return Decision(Route.SMALL_TALK, CLARIFY, text, is_lost=True)


def talk(question: Question, setup: Setup) -> Decision:
    return Decision(Route.SMALL_TALK, "talk", say("talk", setup.speaks(question.language), setup.address_form))


def praise(question: Question, setup: Setup) -> Decision:
    return Decision(Route.SMALL_TALK, "praise", say("praise", setup.speaks(question.language), setup.address_form))


def _say(intent: Intent, phrase: str, question: Question, setup: Setup) -> Decision:
    language, form = setup.speaks(question.language), setup.address_form
    helped = intent in (Intent.THANKS, Intent.BYE) and intents.confirms(question.joined)
    if intent is Intent.THANKS and not intents.thanks(question.joined):
        phrase = "regret" if small_talk.regrets(fold(question.joined)) else "noted"
    text = (
        say(phrase, language, form) if phrase != GREETING else f"{say('hello', language)} {say('help', language, form)}"
    )
    if intent is Intent.IDENTITY and question.is_introduced:
        # Else it is said anyway.
        text = f"{setup.introduction(language)} {text}"
    return Decision(Route.SMALL_TALK, phrase, text, is_confirmation=helped)
