"""Logs: one line each, no secret, no query string (the event socket carries a token there)."""

import logging
import sys

from saas_admin.core.config import get_settings
from saas_admin.core.secrets import redact


class _Redacting(logging.Formatter):
    """Over the finished line: a secret may stand in an argument or in the words of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def formatter() -> logging.Formatter:
    return _Redacting("%(asctime)s %(levelname)s %(name)s %(message)s")


def set_up() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(get_settings().log_level)
    for noisy in ("httpx", "httpcore", "celery.worker.strategy", "celery.app.trace", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
