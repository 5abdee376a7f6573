"""A company with a bot, and a language model on this machine."""

import pytest

from tests.bots.company import Company, with_bot
from tests.llm import llm, llm_process

__all__ = ["company", "llm", "llm_process"]


@pytest.fixture
def company(db: object, valkey: object) -> Company:
    del db, valkey
    return with_bot()
