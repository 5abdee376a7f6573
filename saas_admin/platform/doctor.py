"""`saas-admin doctor`: what is wrong with this install, in words."""

import re
import shutil
import stat
import subprocess
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
import psutil
import psycopg

from saas_admin.core.config import Settings, child_environment, read_runtime
from saas_admin.core.engines import Layout
from saas_admin.platform.health import CONNECT_SECONDS, Check, ask, database, disk, migrated, valkey, valkey_client
from saas_admin.platform.supervisor import Supervisor

LEAST_NODE = (22, 22)
LEAST_BUN = (1, 4, 4)
OLDEST_UNHANDLED = timedelta(minutes=5)
OLDEST_QUEUED = timedelta(minutes=15)
MOST_VECTORS = 10_000
"""In one collection: beyond it a filtered question takes long."""
EXPECTED_PROGRAMS = {"web", "worker", "sender", "answerer", "beat"}


def examine(settings: Settings) -> list[Check]:
    checks = ask((running, disk, secret_files, tools, addresses, private_hosts, mail), settings)
    if not settings.is_connected:
        return checks
    checks += ask((database, valkey, migrated, valkey_durability, vectors, programs, web), settings)
    if all(check.ok for check in checks if check.name in ("database", "migrations")):
        checks += ask((app_role, row_security, unhandled_events, stuck_messages), settings)
    return checks


def running(settings: Settings) -> Check:
    runtime = read_runtime(settings.data_dir)
    if not runtime and settings.is_connected:
        return Check(
            "instance", True, "The engines are given by settings; no `saas-admin up` runs on this data directory."
        )
    if not runtime:
        sentence = f"No instance is running on {settings.data_dir}: start it with `saas-admin up`."
        return Check("instance", False, sentence, "What needs the engines was not examined.")
    if not psutil.pid_exists(int(runtime.get("pid", 0))):
        sentence = "`saas-admin up` ended without cleaning up (killed?): start it again, it recovers by itself."
        return Check("instance", False, sentence)
    return Check("instance", True, f"Running at {settings.public_url}" + (" as a demo." if settings.demo else "."))


def secret_files(settings: Settings) -> Check:
    places = [settings.secrets_dir, *settings.secrets_dir.rglob("*")] if settings.secrets_dir.exists() else []
    open_ones = [str(place) for place in places if stat.S_IMODE(place.stat().st_mode) & 0o077]
    if open_ones:
        return Check("secrets", False, f"Others can read {', '.join(open_ones)}: chmod go= them.")
    return Check("secrets", True, "Only their owner can read the secret files.")


def tools(_settings: Settings) -> Check:
    wrong: list[str] = []
    found: list[str] = []
    for name, least in (("node", LEAST_NODE), ("bun", LEAST_BUN)):
        version = _version(name)
        found.append(f"{name} {'.'.join(map(str, version)) or 'not found'}")
        if version < least:
            wrong.append(f"{name} {'.'.join(map(str, least))} or newer")
    if wrong:
        return Check(
            "tools", False, f"The dashboard cannot be built: it needs {' and '.join(wrong)}.", ", ".join(found)
        )
    return Check("tools", True, "Node and Bun are recent enough to build the dashboard.", ", ".join(found))


def addresses(settings: Settings) -> Check:
    if settings.is_local or settings.is_https:
        return Check("public_url", True, f"PUBLIC_URL is {settings.public_url}.")
    sentence = f"PUBLIC_URL is {settings.public_url}: without https, cookies are not Secure and Meta sends no webhooks."
    return Check("public_url", False, sentence)


def private_hosts(settings: Settings) -> Check:
    if not settings.allow_private_hosts:
        return Check("private_hosts", True, "Addresses that companies enter cannot reach this machine's own network.")
    sentence = "ALLOW_PRIVATE_HOSTS is on: what companies enter can reach this machine's own network."
    fine = settings.demo or settings.is_local
    return Check("private_hosts", fine, sentence + (" Meant for the demo." if fine else " Turn it off in production."))


def mail(settings: Settings) -> Check:
    if settings.smtp_url:
        return Check("mail", True, f"Mail leaves by SMTP as {settings.mail_from}.")
    return Check("mail", True, "SMTP_URL is not set: mails can be read in the local outbox and go nowhere else.")


def valkey_durability(settings: Settings) -> Check:
    with valkey_client(settings.redis_url or "") as client:
        facts = cast("dict[str, Any]", client.info("persistence"))
        policy = cast("dict[str, str]", client.config_get("maxmemory-policy")).get("maxmemory-policy")
    if policy != "noeviction":
        return Check(
            "valkey_durability", False, f"Valkey may drop jobs when memory is full ({policy}): use noeviction."
        )
    if not facts.get("aof_enabled"):
        return Check("valkey_durability", False, "Valkey keeps nothing on disk: set appendonly yes.")
    if facts.get("aof_last_write_status") != "ok":
        return Check("valkey_durability", False, "Valkey cannot write its append-only file: is the disk full?")
    return Check("valkey_durability", True, "Valkey writes its jobs to disk and drops none.")


def vectors(settings: Settings) -> Check:
    """Without it bots go on with what their process remembers, then by words alone."""
    if not settings.chroma_url:
        return Check("vectors", False, "No vector store is configured or running: bots compare words alone.")
    try:
        ok = httpx.get(f"{settings.chroma_url}/api/v2/heartbeat", timeout=CONNECT_SECONDS, trust_env=False).is_success
    except httpx.HTTPError as failure:
        return Check("vectors", False, "The vector store does not answer: bots go on, less well.", str(failure))
    if not ok:
        return Check("vectors", False, "The vector store answers with an error: bots go on, less well.")
    crowded = crowded_shards(settings.chroma_url)
    if crowded:
        words = f"{', '.join(crowded)} hold more than {MOST_VECTORS} vectors: raise VECTOR_SHARDS, then `faq reindex`."
        return Check("vectors", False, words)
    return Check("vectors", True, "The vector store answers.")


def crowded_shards(url: str) -> list[str]:
    place = f"{url}/api/v2/tenants/default_tenant/databases/default_database/collections"
    with httpx.Client(timeout=CONNECT_SECONDS, trust_env=False) as client:
        found: list[dict[str, Any]] = client.get(place).json()
        counts = {each["name"]: client.get(f"{place}/{each['id']}/count").json() for each in found}
    return sorted(name for name, count in counts.items() if name.startswith("faq-") and count > MOST_VECTORS)


def programs(settings: Settings) -> Check:
    """By the supervisor where there is one; workers elsewhere are not ours to judge."""
    if not read_runtime(settings.data_dir):
        return Check("programs", True, "Not supervised from this data directory.")
    states = Supervisor(Layout.at(settings.data_dir)).states()
    down = sorted(name for name in EXPECTED_PROGRAMS | set(states) if states.get(name) not in ("RUNNING", "STARTING"))
    if down:
        words = f"{', '.join(down)} not running: read the logs in {settings.data_dir / 'logs'}."
        return Check("programs", False, words, str(states))
    return Check("programs", True, f"Running: {', '.join(sorted(states))}.")


def web(settings: Settings) -> Check:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - compared only
    try:
        with urllib.request.urlopen(f"http://{host}:{settings.port}/healthz", timeout=CONNECT_SECONDS) as answer:
            answer.read()
    except OSError as failure:
        return Check("web", False, f"The web process does not answer on port {settings.port}.", str(failure))
    return Check("web", True, f"The web process answers on port {settings.port}.")


def app_role(settings: Settings) -> Check:
    with _as_app(settings) as connection:
        role, mighty = connection.execute(
            "SELECT current_user::text, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone() or ("?", True)
        owned = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        ).fetchone() or (0,)
    if mighty:
        return Check("app_role", False, f"The role {role} can bypass row-level security: use a plain role.")
    if owned[0]:
        return Check(
            "app_role", False, f"The role {role} owns {owned[0]} relations, so row-level security does not bind it."
        )
    return Check("app_role", True, f"The role {role} owns nothing and cannot bypass row-level security.")


def row_security(settings: Settings) -> Check:
    with _as_app(settings) as connection:
        bare = connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'company_id'"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT a.attisdropped"
            " AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)) ORDER BY 1"
        ).fetchall()
    if bare:
        return Check("row_security", False, f"No row-level security on {', '.join(str(row[0]) for row in bare)}.")
    return Check("row_security", True, "Every table of the companies has row-level security.")


def unhandled_events(settings: Settings) -> Check:
    with _as_owner(settings) as connection:
        count, oldest = connection.execute(
            "SELECT count(*), min(received_at) FROM inbound_event WHERE handled_at IS NULL AND received_at < %s",
            [datetime.now(UTC) - OLDEST_UNHANDLED],
        ).fetchone() or (0, None)
    if count:
        return Check(
            "inbound_events", False, f"{count} inbound events wait for longer than five minutes, since {oldest}."
        )
    return Check("inbound_events", True, "No inbound event waits for longer than five minutes.")


def stuck_messages(settings: Settings) -> Check:
    with _as_owner(settings) as connection:
        row = connection.execute(
            "SELECT count(*) FROM message WHERE status = 'queued' AND created_at < %s",
            [datetime.now(UTC) - OLDEST_QUEUED],
        ).fetchone() or (0,)
    if row[0]:
        return Check("outbound_messages", False, f"{row[0]} messages are queued for longer than a quarter of an hour.")
    return Check("outbound_messages", True, "No message waits too long to be sent.")


def _as_app(settings: Settings) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(settings.database_url or "", connect_timeout=CONNECT_SECONDS)


def _as_owner(settings: Settings) -> "psycopg.Connection[tuple[object, ...]]":
    """Row-level security lets the owner see all companies."""
    return psycopg.connect(settings.owner_database_url or "", connect_timeout=CONNECT_SECONDS)


def _version(program: str) -> tuple[int, ...]:
    surroundings = child_environment()
    path = shutil.which(program, path=surroundings["PATH"])
    if path is None:
        return ()
    said = subprocess.run([path, "--version"], env=surroundings, capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:3])
