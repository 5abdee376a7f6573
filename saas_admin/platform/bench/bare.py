"""What the intake is measured against, in the same web server: a route that only answers, and one that only inserts."""

import sys
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from saas_admin.core.config import get_settings

TABLE = "CREATE TABLE bench_bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea NOT NULL)"
GRANT = "GRANT INSERT ON bench_bare TO app"
INSERT = "INSERT INTO bench_bare (body) VALUES (%s)"

_pools: list[AsyncConnectionPool[Any]] = []


async def answer(request: Request) -> Response:
    await request.body()
    return PlainTextResponse("")


async def insert(request: Request) -> Response:
    body = await request.body()
    if not _pools:
        _pools.append(await _open())
    async with _pools[0].connection() as connection:
        await connection.execute(INSERT, [body])
    return PlainTextResponse("")


async def _open() -> AsyncConnectionPool[Any]:
    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
        get_settings().database_url or "",
        min_size=16,
        max_size=16,
        kwargs={"autocommit": True, "prepare_threshold": None},
        open=False,
    )
    await pool.open()
    return pool


def load() -> Any:
    return Starlette(routes=[Route("/bare", answer, methods=["POST"]), Route("/insert", insert, methods=["POST"])])


def main(port: int) -> None:
    """The options of `platform/serve.py`."""
    Server(
        "saas_admin.platform.bench.bare:load",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
