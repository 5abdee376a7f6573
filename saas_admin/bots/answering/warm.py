"""What a process does before its first customer asks: read the encoders and the lists of words, about two seconds."""

from saas_admin.adapters.embeddings import registry
from saas_admin.bots.answering.spelling import LANGUAGES, lexicon


def warm() -> str:
    """Answers which encoders there are: `use3+e5s`, one of them, or `lexical`."""
    for language in LANGUAGES:
        lexicon(language)
    return registry.warm()
