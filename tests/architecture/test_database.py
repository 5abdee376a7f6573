"""The second belt: what PostgreSQL itself refuses, asked from its catalogue and tried as the application role."""

import inspect
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from saas_admin.core import doors
from saas_admin.core.config import get_settings
from saas_admin.core.db import MightyRole, app_engine
from saas_admin.core.engines.postgres import OWNER, SUPERUSER
from tests.conftest import Engines
from tests.shop import open_shop, write_in

# Functions that run with the owner's rights. Each is called in core/doors.py and nowhere else.
DEFINERS = {
    "door_accept",
    "door_all_knowledge",
    "door_claim_checks",
    "door_claim_inbound",
    "door_claim_mail",
    "door_claim_media",
    "door_companies_to_remove",
    "door_drop_exchanges",
    "door_due_bots",
    "door_due_channels",
    "door_due_hand_overs",
    "door_drop_uploads",
    "door_find_address",
    "door_find_channel",
    "door_find_invitation",
    "door_find_login",
    "door_find_session",
    "door_find_token",
    "door_find_widgets",
    "door_housekeeping",
    "door_last_seen",
    "door_mail_done",
    "door_memberships",
    "door_outbox",
    "door_remove_company",
    "door_reset_two_factor",
    "door_search",
    "door_silent_episodes",
    "door_stale_knowledge",
}


def _column(db: Engines, query: str) -> list[Any]:
    with db.owner() as connection:
        return [row[0] for row in connection.execute(query)]  # type: ignore[call-overload]


def test_every_table_with_a_company_has_its_policy(db: Engines):
    tables = set(
        _column(
            db,
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'company_id' AND table_schema = 'public'",
        )
    )
    protected = set(
        _column(db, "SELECT relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relrowsecurity")
    )
    assert len(tables) == 29
    assert tables - protected == set()
    people = {"company", "user_account", "login_session", "one_time_token", "outbound_mail"}
    everything = set(_column(db, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
    assert everything - protected == {"alembic_version"}
    assert people <= protected


def test_the_application_role_owns_nothing_and_bypasses_nothing(db: Engines):
    assert (
        _column(
            db,
            "SELECT rolname FROM pg_roles WHERE rolname = 'app' AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)",
        )
        == []
    )
    assert _column(db, "SELECT relname FROM pg_class WHERE relowner = 'app'::regrole") == []
    assert (
        _column(
            db,
            "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE m.member = 'app'::regrole",
        )
        == []
    )


def test_the_doors_are_the_listed_ones_with_a_fixed_search_path(db: Engines):
    found = _column(db, "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
    assert set(found) == DEFINERS
    loose = "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace AND NOT proconfig @> ARRAY['search_path=pg_catalog, public, pg_temp']"
    assert _column(db, loose) == []
    anyone = "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE')"
    assert _column(db, anyone) == []
    source = inspect.getsource(doors)
    assert [name for name in DEFINERS if name not in source] == []


@pytest.mark.parametrize("setting", [None, "", "00000000-0000-0000-0000-000000000000"])
def test_without_a_company_plain_sql_sees_and_writes_nothing(db: Engines, valkey: object, setting: str | None):
    del valkey
    shop = open_shop()
    write_in(shop)
    tables = _column(
        db,
        "SELECT DISTINCT table_name::text FROM information_schema.columns WHERE column_name = 'company_id' AND table_schema = 'public'",
    )
    with db.app() as connection:
        if setting is not None:
            connection.execute("SELECT set_config('app.company_id', %s, false)", (setting,))
        seen = {
            name: connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
            for name in [*tables, "company", "user_account", "login_session", "one_time_token", "outbound_mail"]
        }
        assert {name: row for name, row in seen.items() if row != (0,)} == {}
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO tag (company_id, id, name, color, position) VALUES (%s, gen_random_uuid(), 'x', 'c1', 0)",
                (shop.company_id,),
            )


def test_inside_one_company_plain_sql_cannot_touch_another(db: Engines, valkey: object):
    del valkey
    ours, theirs = open_shop(), open_shop("Floristería", number_id="104857600445566")
    message = write_in(theirs)
    with db.app() as connection:
        connection.execute("SELECT set_config('app.company_id', %s, false)", (str(ours.company_id),))
        for query in (
            "SELECT id FROM message WHERE company_id = %s",
            "UPDATE message SET text = 'x' WHERE company_id = %s RETURNING id",
            "DELETE FROM conversation WHERE company_id = %s RETURNING id",
            "SELECT id FROM company WHERE id = %s",
            "UPDATE company SET name = 'x' WHERE id = %s RETURNING id",
        ):
            assert connection.execute(query, (theirs.company_id,)).fetchall() == [], query
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE tag SET company_id = %s", (theirs.company_id,))
        # A key that points across is refused by the foreign key, whatever the policy says.
        with pytest.raises((psycopg.errors.ForeignKeyViolation, psycopg.errors.InsufficientPrivilege)):
            connection.execute(
                "INSERT INTO conversation_tag (company_id, conversation_id, tag_id) SELECT %s, %s, id FROM tag LIMIT 1",
                (ours.company_id, message.conversation_id),
            )
    with db.owner() as connection:
        assert connection.execute("SELECT text FROM message WHERE id = %s", (message.id,)).fetchone() == (
            "Hola, ¿tenéis el Oaxaca?",
        )


def test_a_person_is_changed_only_by_themselves(db: Engines, valkey: object):
    del valkey
    shop = open_shop()
    with db.app() as connection:
        connection.execute("SELECT set_config('app.company_id', %s, false)", (str(shop.company_id),))
        assert len(connection.execute("SELECT id FROM user_account").fetchall()) == 3
        for person in ("", str(shop.support.user_id)):
            connection.execute("SELECT set_config('app.user_id', %s, false)", (person,))
            for query in (
                "UPDATE user_account SET password_hash = 'x' WHERE id = %s RETURNING id",
                "DELETE FROM user_account WHERE id = %s RETURNING id",
            ):
                assert connection.execute(query, (shop.admin.user_id,)).fetchall() == [], query
        changed = connection.execute(
            "UPDATE user_account SET name = 'Toni' WHERE id = %s RETURNING id", (shop.support.user_id,)
        )
        assert len(changed.fetchall()) == 1


def test_a_membership_elsewhere_is_seen_and_not_touched(db: Engines, valkey: object):
    del valkey
    ours, theirs = open_shop(), open_shop("Floristería", number_id="104857600445566")
    with db.owner() as connection:
        connection.execute(
            "UPDATE membership SET user_id = %s WHERE company_id = %s AND user_id = %s",
            (ours.admin.user_id, theirs.company_id, theirs.support.user_id),
        )
    with db.app() as connection:
        connection.execute("SELECT set_config('app.company_id', %s, false)", (str(ours.company_id),))
        connection.execute("SELECT set_config('app.user_id', %s, false)", (str(ours.admin.user_id),))
        elsewhere = (theirs.company_id,)
        assert len(connection.execute("SELECT id FROM membership WHERE company_id = %s", elsewhere).fetchall()) == 1
        for query in (
            "UPDATE membership SET role = 'admin' WHERE company_id = %s RETURNING id",
            "DELETE FROM membership WHERE company_id = %s RETURNING id",
        ):
            assert connection.execute(query, elsewhere).fetchall() == [], query


def test_mails_are_read_only_through_their_door(db: Engines, valkey: object):
    del valkey
    with db.app() as connection:
        connection.execute(
            "INSERT INTO outbound_mail (id, recipient, subject, body, created_at, attempts) VALUES (%s, 'a@b.example', 's', 'x', now(), 0)",
            (UUID(int=7),),
        )
        assert connection.execute("SELECT * FROM outbound_mail").fetchall() == []
        assert connection.execute("DELETE FROM outbound_mail RETURNING id").fetchall() == []


@pytest.mark.parametrize("role", [OWNER, SUPERUSER])
def test_a_process_refuses_a_role_that_row_security_does_not_bind(
    db: Engines, monkeypatch: pytest.MonkeyPatch, role: str
):
    monkeypatch.setenv("DATABASE_URL", db.postgres.dsn(role))
    get_settings.cache_clear()
    mighty = app_engine.__wrapped__()
    with pytest.raises(MightyRole), mighty.connect():
        pass
    mighty.dispose()
    monkeypatch.undo()
    get_settings.cache_clear()
