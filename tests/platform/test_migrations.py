"""The database and the code agree about where the schema is."""

from alembic.script import ScriptDirectory

from saas_admin.platform import migrations
from tests.conftest import Engines


def test_head_read_from_the_files_is_the_one_alembic_finds() -> None:
    assert migrations.head() == ScriptDirectory.from_config(migrations.config()).get_current_head()


def test_migrated_database_is_current(engines: Engines) -> None:
    found = migrations.state(engines.postgres.dsn())

    assert found.is_current
    assert found.current == migrations.head()
