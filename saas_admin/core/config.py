"""Settings: the only reader of the environment.

Three sources, first one wins: environment variables, `<data_dir>/runtime.json` (written by a running
`saas-admin up`, so that any command given only the data directory finds its engines), defaults.

Behind a reverse proxy: PUBLIC_URL is the address people type, and TRUSTED_PROXIES names the machines whose
`X-Forwarded-For` is believed (addresses and networks, separated by commas: `10.0.0.5, 2001:db8::/48`). A proxy on this
machine needs no entry. Without an entry a proxy elsewhere counts as one visitor: all that come through it share its limits.
"""

import ipaddress
import json
import os
import sys
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, Field, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from saas_admin.core.private_files import write_private

DATA_DIR_VARIABLE = "SAAS_ADMIN_DATA_DIR"
RUNTIME_FILE = "runtime.json"
IN_RUNTIME = (
    *("host", "port", "public_url", "demo", "allow_private_hosts", "log_level", "database_url", "owner_database_url"),
    *("redis_url", "chroma_url", "meta_graph_url", "telegram_api_url", "twilio_api_url", "openai_base_url"),
    *(
        "smtp_url",
        "mail_from",
        "openai_models",
        "openai_monthly_cap",
        "vector_shards",
        "send_pace",
        "sandbox_port",
        "web_workers",
        "worker_concurrency",
        "trusted_proxies",
    ),
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _env(name: str) -> Any:
    """A setting is read as NAME, or as SAAS_ADMIN_NAME where the plain name is taken by something else."""
    return AliasChoices(name, f"SAAS_ADMIN_{name}")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True, frozen=True, env_ignore_empty=True)

    data_dir: Path = Field(default=Path(".data"), validation_alias=DATA_DIR_VARIABLE)
    # Not the plain HOST and PORT: shells and containers set those for reasons of their own.
    host: str = Field(default="127.0.0.1", validation_alias="SAAS_ADMIN_HOST")
    port: int = Field(default=8080, validation_alias="SAAS_ADMIN_PORT")
    public_url: str = Field(default="", validation_alias=_env("PUBLIC_URL"))
    trusted_proxies: str = Field(default="", validation_alias=_env("TRUSTED_PROXIES"))
    demo: bool = Field(default=False, validation_alias="SAAS_ADMIN_DEMO")
    allow_private_hosts: bool = Field(default=False, validation_alias=_env("ALLOW_PRIVATE_HOSTS"))
    log_level: str = Field(default="INFO", validation_alias=_env("LOG_LEVEL"))

    database_url: str | None = Field(default=None, validation_alias=_env("DATABASE_URL"))
    owner_database_url: str | None = Field(default=None, validation_alias=_env("OWNER_DATABASE_URL"))
    redis_url: str | None = Field(default=None, validation_alias=_env("REDIS_URL"))
    chroma_url: str | None = Field(default=None, validation_alias=_env("CHROMA_URL"))

    vector_shards: int = Field(default=16, ge=1, le=4096, validation_alias=_env("VECTOR_SHARDS"))
    """Collections the vectors of all companies are spread over; at most 10,000 vectors should lie in each. After a change:
    `saas-admin faq reindex`."""

    meta_graph_url: str = Field(default="https://graph.facebook.com", validation_alias=_env("META_GRAPH_URL"))
    meta_graph_version: str = Field(default="v23.0", validation_alias=_env("META_GRAPH_VERSION"))
    telegram_api_url: str = Field(default="https://api.telegram.org", validation_alias=_env("TELEGRAM_API_URL"))
    twilio_api_url: str = Field(default="https://api.twilio.com", validation_alias=_env("TWILIO_API_URL"))
    openai_base_url: str = Field(default="https://api.openai.com/v1", validation_alias=_env("OPENAI_BASE_URL"))
    openai_api_key: str | None = Field(default=None, repr=False, validation_alias=_env("OPENAI_API_KEY"))
    openai_models: str = Field(default="", validation_alias=_env("OPENAI_MODELS"))
    """Models that companies without a key of their own may use on OPENAI_API_KEY, with what a million tokens cost in USD:
    `gpt-4.1-mini 0.40 1.60, text-embedding-3-small 0.02` (read and written; one price alone: a model for vectors)."""
    openai_monthly_cap: Decimal = Field(
        default=Decimal(0), ge=0, le=1_000_000, validation_alias=_env("OPENAI_MONTHLY_CAP")
    )
    """USD that each of them may spend on it in a month. Without it and OPENAI_MODELS the key serves no company."""

    smtp_url: str | None = Field(default=None, repr=False, validation_alias=_env("SMTP_URL"))
    mail_from: str = Field(default="", validation_alias=_env("MAIL_FROM"))
    secret_keys: str | None = Field(default=None, repr=False, validation_alias=_env("SECRET_KEYS"))
    metrics_token: str | None = Field(default=None, repr=False, validation_alias=_env("METRICS_TOKEN"))

    send_pace: float = Field(default=1.0, ge=0, le=1, validation_alias=_env("SEND_PACE"))
    """Share of what providers allow that is used; 0 sends without pacing (load tests against the sandbox)."""
    sandbox_port: int = Field(default=0, validation_alias="SAAS_ADMIN_SANDBOX_PORT")
    web_workers: int = Field(default=1, validation_alias=AliasChoices("GRANIAN_WORKERS", "SAAS_ADMIN_WEB_WORKERS"))
    worker_concurrency: int = Field(default=8, validation_alias="SAAS_ADMIN_WORKER_CONCURRENCY")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        _networks(value)
        return value

    @field_validator("openai_models")
    @classmethod
    def _are_models(cls, value: str) -> str:
        _models(value)
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        given = init_settings()
        chosen = given.get("data_dir") or given.get(DATA_DIR_VARIABLE) or os.environ.get(DATA_DIR_VARIABLE) or ".data"
        return init_settings, env_settings, _RuntimeFile(settings_cls, Path(chosen))

    def model_post_init(self, _context: Any, /) -> None:
        # One spelling of each derived value, so that no reader has to remember the rule.
        object.__setattr__(self, "data_dir", self.data_dir.expanduser().absolute())
        object.__setattr__(self, "host", "127.0.0.1" if self.host == "localhost" else self.host)
        object.__setattr__(self, "public_url", (self.public_url or f"http://localhost:{self.port}").rstrip("/"))
        object.__setattr__(self, "mail_from", self.mail_from or f"no-reply@{self.public_host}")

    @classmethod
    def from_environment(cls, **given: Any) -> "Settings":
        """For `up`, which decides: what a running or dead instance wrote down is not asked."""
        return _Given(**given)

    @property
    def public_host(self) -> str:
        return self.public_url.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_local(self) -> bool:
        return self.public_host in ("localhost", "127.0.0.1", "[::1]")

    @property
    def allowed_origins(self) -> list[str]:
        """Who may open the event socket and post: PUBLIC_URL, and on one's own machine both of its names."""
        if not self.is_local:
            return [self.public_url]
        scheme, rest = self.public_url.split("://", 1)
        port = rest[len(self.public_host) :]
        return [f"{scheme}://{name}{port}" for name in ("localhost", "127.0.0.1")]

    @property
    def browser_url(self) -> str:
        """Baked into the frontend. Reflex replaces the name `localhost` (only that) by the one in the address bar, so
        both names of one's own machine work, each with its own cookies."""
        return self.public_url.replace(self.public_host, "localhost", 1) if self.is_local else self.public_url

    @property
    def proxy_networks(self) -> tuple[Network, ...]:
        """Whose word about the caller's address is believed, beside this machine's own."""
        return _networks(self.trusted_proxies)

    @property
    def lent_models(self) -> Mapping[str, tuple[Decimal, ...]]:
        """OPENAI_MODELS by name: prices of reading and writing, or the one of a model for vectors."""
        return _models(self.openai_models)

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def secrets_dir(self) -> Path:
        return self.data_dir / "secrets"

    @property
    def is_connected(self) -> bool:
        return bool(self.database_url and self.redis_url)


@lru_cache(maxsize=8)
def _networks(text: str) -> tuple[Network, ...]:
    """An address is a network of one; `10.0.0.5/8` means the network it lies in."""
    return tuple(ipaddress.ip_network(part, strict=False) for part in text.replace(",", " ").split())


@lru_cache(maxsize=8)
def _models(text: str) -> Mapping[str, tuple[Decimal, ...]]:
    found: dict[str, tuple[Decimal, ...]] = {}
    for part in filter(str.strip, text.split(",")):
        name, *prices = part.split()
        try:
            found[name] = tuple(Decimal(price) for price in prices)
        except InvalidOperation:
            raise ValueError(f"not a price: {part.strip()}") from None
        if len(prices) not in (1, 2) or not all(price.is_finite() and 0 <= price <= 2_000 for price in found[name]):
            raise ValueError(f"a model with one price or two is wanted: {part.strip()}")
    return found


class _RuntimeFile(PydanticBaseSettingsSource):
    """What the running instance of this data directory says about itself."""

    def __init__(self, settings_cls: type[BaseSettings], data_dir: Path) -> None:
        super().__init__(settings_cls)
        self._values = read_runtime(data_dir)

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self._values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        known = self.settings_cls.model_fields
        return {name: value for name, value in self._values.items() if name in known and value is not None}


class _Given(Settings):
    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **named: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return super().settings_customise_sources(settings_cls, *sources, **named)[:2]


def read_runtime(data_dir: Path) -> Mapping[str, Any]:
    try:
        return json.loads((data_dir / RUNTIME_FILE).read_text())
    except (OSError, ValueError):
        return {}


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    return Settings()


def child_environment(**variables: str) -> dict[str, str]:
    """For the processes of an instance: what this one was started with, less the settings. Those they read from
    `runtime.json`, or a variable left in the shell would contradict what `up` was told on its command line."""
    # Without its bytecode each process would compile half a million lines at every start: three seconds become ten.
    left_out = _variables_in_runtime() | {"PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    # The programs that come as packages (node, bun, celery) before those of the machine.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {**kept, "PATH": path, **variables}


def write_runtime(settings: Settings, **facts: object) -> None:
    """How other commands find this instance. Keys and passwords of third parties stay in the environment."""
    values = settings.model_dump(mode="json", include=set(IN_RUNTIME)) | facts
    write_private(settings.data_dir / RUNTIME_FILE, json.dumps(values, indent=1))


def forget_runtime(data_dir: Path) -> None:
    (data_dir / RUNTIME_FILE).unlink(missing_ok=True)


def _variables_in_runtime() -> set[str]:
    names: set[str] = set()
    for name in IN_RUNTIME:
        alias = Settings.model_fields[name].validation_alias
        names |= {str(each) for each in alias.choices} if isinstance(alias, AliasChoices) else {str(alias)}
    return names - {DATA_DIR_VARIABLE}


def point_at(**variables: str) -> Settings:
    """Set environment variables for this process and its children, and read the settings again."""
    os.environ.update(variables)
    get_settings.cache_clear()
    return get_settings()
