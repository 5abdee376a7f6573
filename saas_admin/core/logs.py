"""Logs: one line each, no secret, no query string (the event socket carries a token there)."""

import logging
import sys

from saas_admin.core.config import get_settings
from saas_admin.core.secrets import redact


class _Redacting(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(str(record.msg)) if isinstance(record.msg, str) else record.msg
        return True


def set_up() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.addFilter(_Redacting())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(get_settings().log_level)
    for noisy in ("httpx", "httpcore", "celery.worker.strategy", "celery.app.trace", "PIL"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
