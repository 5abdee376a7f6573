"""What the tests of accounts share: the real routes, and the mails that left."""

import re
from collections.abc import Iterator
from datetime import datetime

import pyotp
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from saas_admin.accounts import mails
from saas_admin.web.api import ROUTES
from tests.conftest import Engines

ORIGIN = {"origin": "http://localhost:8080"}
EMAIL = "nuria@alborada.example"


@pytest.fixture
def browser(db: Engines, valkey: object) -> Iterator[TestClient]:
    del db, valkey
    app = Starlette(routes=list(ROUTES))
    with TestClient(app, base_url="http://localhost:8080", headers=ORIGIN, client=("127.0.0.1", 1)) as client:
        yield client


@pytest.fixture
def second_browser(browser: TestClient) -> Iterator[TestClient]:
    with TestClient(browser.app, base_url="http://localhost:8080", headers=ORIGIN) as client:
        yield client


def link_of(path: str) -> str:
    """The token of the newest mail that has such a link."""
    for mail in mails.list_outbox():
        if found := re.search(rf"/{path}=([\w-]+)", mail.text):
            return found.group(1)
    msg = f"no mail with {path}"
    raise AssertionError(msg)


def subjects(recipient: str) -> list[str]:
    """Of the mails to somebody, oldest first."""
    return [mail.subject for mail in reversed(mails.list_outbox()) if mail.recipient == recipient]


def code_at(secret: str, moment: datetime) -> str:
    return pyotp.TOTP(secret).at(int(moment.timestamp()))
