"""The embedded engines: PostgreSQL, Valkey and Chroma from Python wheels, in the data directory, without root or Docker.

`Layout` says where things live, `Postgres`, `Valkey` and `Chroma` prepare, start and stop one engine each.
`saas-admin up` runs their `command()` under the supervisor; tests and benches use `start()` and `stop()`.
"""

from saas_admin.core.engines.chroma import Chroma
from saas_admin.core.engines.layout import Layout
from saas_admin.core.engines.postgres import Postgres
from saas_admin.core.engines.valkey import Valkey

__all__ = ["Chroma", "Layout", "Postgres", "Valkey"]
