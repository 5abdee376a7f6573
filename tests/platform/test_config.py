"""Settings: environment over the running instance over defaults; addresses derive from PUBLIC_URL."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from saas_admin.core import config
from saas_admin.core.config import Settings, child_environment


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("PUBLIC_URL", "DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "ALLOW_PRIVATE_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_running_instance_is_found_by_its_data_directory(bare: Path) -> None:
    (bare / "runtime.json").write_text(json.dumps({"port": 8123, "database_url": "postgresql://x", "pid": 1}))

    settings = Settings(data_dir=bare)

    assert settings.port == 8123
    assert settings.database_url == "postgresql://x"
    assert settings.public_url == "http://localhost:8123"


def test_environment_wins_over_the_running_instance(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare / "runtime.json").write_text(json.dumps({"public_url": "http://localhost:1", "meta_graph_url": "http://a"}))
    monkeypatch.setenv("PUBLIC_URL", "https://tienda.example/")

    settings = Settings(data_dir=bare)

    assert settings.public_url == "https://tienda.example"
    assert settings.meta_graph_url == "http://a"


def test_up_does_not_ask_what_an_earlier_instance_wrote_down(bare: Path) -> None:
    (bare / "runtime.json").write_text(json.dumps({"port": 8123, "demo": True}))

    settings = Settings.from_environment(data_dir=bare)

    assert (settings.port, settings.demo) == (8080, False)


@pytest.mark.parametrize("broken", ["", "{"])
def test_unreadable_runtime_file_is_no_instance(bare: Path, broken: str) -> None:
    (bare / "runtime.json").write_text(broken)

    assert not Settings(data_dir=bare).is_connected


@pytest.mark.parametrize(
    ("public_url", "origins", "baked"),
    [
        ("http://localhost:8080", ["http://localhost:8080", "http://127.0.0.1:8080"], "http://localhost:8080"),
        ("http://127.0.0.1:9", ["http://localhost:9", "http://127.0.0.1:9"], "http://localhost:9"),
        ("https://tienda.example", ["https://tienda.example"], "https://tienda.example"),
        ("https://tienda.example:444", ["https://tienda.example:444"], "https://tienda.example:444"),
    ],
)
def test_both_names_of_ones_own_machine_may_connect(
    bare: Path, public_url: str, origins: list[str], baked: str
) -> None:
    settings = Settings(data_dir=bare, public_url=public_url)

    assert settings.allowed_origins == origins
    assert settings.browser_url == baked


def test_children_do_not_inherit_what_the_instance_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://left-in-the-shell")
    monkeypatch.setenv("OPENAI_API_KEY", "kept")

    environment = child_environment(SAAS_ADMIN_DATA_DIR="/x")

    assert "DATABASE_URL" not in environment
    assert environment["OPENAI_API_KEY"] == "kept"
    assert environment["SAAS_ADMIN_DATA_DIR"] == "/x"


def test_what_the_operators_key_is_lent_for_is_read_by_name() -> None:
    settings = Settings(openai_models=" gpt-4.1-mini 0.40 1.60, text-embedding-3-small 0.02 ,")

    assert settings.lent_models == {
        "gpt-4.1-mini": (Decimal("0.40"), Decimal("1.60")),
        "text-embedding-3-small": (Decimal("0.02"),),
    }


@pytest.mark.parametrize("said", ["gpt-4.1-mini", "gpt-4.1-mini free", "m 1 2 3", "m -1 2", "m NaN", "m 5000"])
def test_a_price_that_is_none_stops_the_start(said: str) -> None:
    with pytest.raises(ValueError, match="price"):
        Settings(openai_models=said)


def test_secrets_are_not_written_to_the_runtime_file(bare: Path) -> None:
    settings = Settings(data_dir=bare, openai_api_key="hush-1", secret_keys="hush-2", metrics_token="hush-3")

    config.write_runtime(settings)

    written = (bare / "runtime.json").read_text()
    assert "hush" not in written
    assert (bare / "runtime.json").stat().st_mode & 0o777 == 0o600
