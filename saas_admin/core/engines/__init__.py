"""The embedded engines: PostgreSQL and Valkey from Python wheels, in the data directory, without root or Docker.

`Layout` says where things live, `Postgres` and `Valkey` prepare, start and stop one engine each.
`saas-admin up` runs their `command()` under the supervisor; tests and benches use `start()` and `stop()`.
"""

from saas_admin.core.engines.layout import Layout
from saas_admin.core.engines.postgres import Postgres
from saas_admin.core.engines.valkey import Valkey

__all__ = ["Layout", "Postgres", "Valkey"]
