"""The web process: granian serving the dashboard, the webhooks, the widget and the API on one port."""

import signal
from importlib import import_module
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from saas_admin.core.config import get_settings, point_at
from saas_admin.core.engines.process import die_with_parent

# Internal to Reflex, hence the double underscore: serve what `up` has built, do not compile again.
SERVE_ONLY = {"__REFLEX_SKIP_COMPILE": "true", "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true"}


def main() -> None:
    settings = get_settings()
    point_at(**SERVE_ONLY)
    Server(
        "saas_admin.platform.serve:load",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.web_workers,
        respawn_failed_workers=True,
        # An open event socket would otherwise hold a stopping server for as long as its tab stays open.
        workers_kill_timeout=8,
        log_level=LogLevels(settings.log_level.lower()),
    ).serve()


def load() -> Any:
    """In the worker. A worker must not outlive its parent: it would keep answering on the port with old code."""
    if follow := die_with_parent(signal.SIGKILL):
        follow()
    # By name: this module must stay importable without Reflex.
    return import_module("saas_admin.saas_admin").app()


if __name__ == "__main__":
    main()
