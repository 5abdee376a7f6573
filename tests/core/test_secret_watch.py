"""The watch over secrets finds one that stands where it may not; without this its silence would say nothing."""

import logging
from collections.abc import Iterator

import pytest

from saas_admin.accounts import passwords
from saas_admin.core import secrets
from saas_admin.core.engines.postgres import OWNER
from tests import secret_watch
from tests.conftest import Engines


@pytest.fixture(autouse=True)
def _forget_what_this_test_plants() -> Iterator[None]:
    known, logged = set(secret_watch._known), list(secret_watch._logged)
    yield
    secret_watch._known.clear()
    secret_watch._known.update(known)
    secret_watch._logged[:] = logged


def test_a_token_in_a_row_is_found(engines: Engines):
    token = secrets.random_token()
    with engines.owner() as connection:
        connection.execute("INSERT INTO company (id, name, locale, time_zone, currency, created_at, hours, holidays, two_factor, two_factor_days) "
                           "VALUES (gen_random_uuid(), %s, 'es-ES', 'Europe/Madrid', 'EUR', now(), '{}', '[]', '{}', 7)", [token[:80]])  # fmt: skip
    try:
        assert secret_watch.find_in_rows(engines.postgres.dsn(OWNER)) == ["company"]
    finally:
        engines.empty()
    assert secret_watch.find_in_rows(engines.postgres.dsn(OWNER)) == []


@pytest.mark.parametrize(
    "make", [secrets.random_token, lambda: passwords.hash_password("una clave larga") and "una clave larga"]
)
def test_a_logged_secret_is_found(make: object):
    assert callable(make)
    made = make()
    logging.getLogger("planted").warning("it was %s", made)
    assert [line.endswith(f"it was {made}") for line in secret_watch.find_in_logs()] == [True]
