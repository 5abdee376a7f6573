"""No secret reaches a log, wherever in the line it stands."""

import io
import logging
from collections.abc import Iterator

import pytest

from saas_admin.core import logs

SECRETS = ("EAAGm0PX4ZCpsBAKZ", "hunter2hunter2", "s3cr3t-pass")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    logs.set_up()
    yield written
    root.handlers[:] = before
    root.setLevel(level)


def test_secrets_in_words_arguments_and_exceptions_are_taken_out(lines: io.StringIO):
    log = logging.getLogger("saas_admin.test")
    log.warning("Bearer EAAGm0PX4ZCpsBAKZ in the words")
    log.warning("asked %s", "https://graph.example/?access_token=hunter2hunter2&x=1")
    try:
        raise ConnectionError("postgresql://app:s3cr3t-pass@db.example/saas did not answer")
    except ConnectionError:
        log.exception("it broke")
    said = lines.getvalue()
    assert not [secret for secret in SECRETS if secret in said]
    assert "asked https://graph.example/?access_token=…&x=1" in said
    assert "ConnectionError: postgresql://…@db.example/saas did not answer" in said
