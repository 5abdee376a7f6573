"""`python -m saas_admin.sandbox`: serve the simulators on loopback."""

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from saas_admin.core.config import get_settings


def main() -> None:
    Server(
        "saas_admin.sandbox.app:create",
        factory=True,
        # Loopback, whatever host the product listens on: nothing here asks who you are.
        address="127.0.0.1",
        port=get_settings().sandbox_port or 8090,
        interface=Interfaces.ASGI,
        workers=1,
        respawn_failed_workers=True,
        # An open phone page would hold the stop back.
        workers_kill_timeout=2,
        websockets=True,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
