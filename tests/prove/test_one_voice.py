"""500 orders of human reply, bot reply, webhook delay, hand-over and return."""

import pytest

from tests.bots.company import with_bot
from tests.bots.interleavings import play


@pytest.mark.prove
def test_five_hundred_orders(db: object, valkey: object):
    del db, valkey
    assert play(with_bot(), range(1000, 1500)) == 500
