"""A company with a bot."""

import pytest

from tests.bots.company import Company, with_bot


@pytest.fixture
def company(db: object, valkey: object) -> Company:
    del db, valkey
    return with_bot()
