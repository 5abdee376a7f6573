"""The page about adding a channel says what the adapters say."""

import importlib.util
from pathlib import Path
from types import ModuleType

from saas_admin.adapters.channels import registry
from saas_admin.channels.kinds import PROVIDERS, connectable, describe
from saas_admin.core.i18n import catalogue

SCRIPT = Path(__file__).parents[2] / "deploy" / "channel_table.py"
FRAME = ("called", "first", "another", "effort", "pitch", "line", "waiting_line")
OF_A_PROVIDER = ("need", "after", "open", "by_hand", "steps.s1")


def the_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("channel_table", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_in_the_page_is_the_one_of_the_code() -> None:
    script = the_script()
    page = script.PAGE.read_text("utf-8")

    assert all(f"`{kind}`" in script.table().splitlines()[0] for kind in registry.kinds())
    assert script.page_with(script.table(), page) == page, "run: python deploy/channel_table.py --write"


def test_every_kind_and_every_field_has_its_words() -> None:
    words = catalogue("es")
    missing = [f"wizard.{kind}.{what}" for kind in connectable() for what in FRAME]
    for kind in connectable():
        if registry.get(kind).is_local:
            continue
        assert kind in PROVIDERS
        missing += [f"wizard.{kind}.{what}" for what in OF_A_PROVIDER]
        missing += [f"channels.{kind}.{field['name']}.label" for field in describe(kind)]
        missing += [f"channels.{kind}.{field['name']}.hint" for field in describe(kind)]
        missing += [f"channels.{kind}.{field['name']}.required" for field in describe(kind) if field["required"]]
    assert [key for key in missing if key not in words] == []
