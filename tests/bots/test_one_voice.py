"""A person and the bot never both answer, and the bot never keeps a thread in silence."""

from tests.bots.company import with_bot
from tests.bots.interleavings import play


def test_in_any_order_there_is_one_voice(db: object, valkey: object):
    del db, valkey
    assert play(with_bot(), range(30)) == 30
