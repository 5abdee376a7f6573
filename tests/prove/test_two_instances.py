"""Two instances of one checkout: messages of one never reach the other, and one goes on when the other stops."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.instance import Running
from tests.prove.storm import Size, Storm
from tests.prove.test_kill_matrix import judge


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_both_take_messages_and_one_goes_on_alone(instance: Running, tell: Callable[[str], None]) -> None:
    place = Path(tempfile.mkdtemp(prefix="saas-admin-other-", dir="/tmp"))
    size = Size(customers=6, each=3, pause=0.02)

    with Running(place, "--demo") as other, Storm(instance, size) as own:
        other.wait_ready()
        with Storm(other, size) as foreign:
            before = instance.pids()
            own.begin()
            foreign.begin()
            own.settle()
            foreign.settle()
            told = [judge(own), judge(foreign)]
            ours, theirs = own.export("messages"), foreign.export("messages")
            crossed = other.cli("export", "messages", "--company", own.company_id, ok=False)
        code = other.stop()
        with Storm(instance, size) as after:
            after.begin()
            after.settle()
            told.append(judge(after))

    assert (len(ours), len(theirs)) == (2 * size.messages, 2 * size.messages)
    assert not {row["id"] for row in ours} & {row["id"] for row in theirs}
    assert crossed.stdout == ""
    assert code == 0
    tell("; ".join(told))
    assert instance.pids() == before
    assert instance.readyz()["ok"]
    shutil.rmtree(place)
