"""After the grace nothing of a company is left: no row of any table, no file; who belongs elsewhere keeps the login."""

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from saas_admin.accounts import company, invitations, people, queries, removal
from saas_admin.conversations import media
from saas_admin.conversations import service as conversations
from saas_admin.core import pictures
from saas_admin.core.config import get_settings
from saas_admin.core.permissions import Role
from saas_admin.core.work import Work
from saas_admin.models import Membership
from tests.accounts.people import email_of, sign_in
from tests.accounts.test_company import png
from tests.conftest import Engines
from tests.shop import PASSWORD, Shop, open_shop, write_in

pytestmark = pytest.mark.usefixtures("db", "valkey")


def _fill(shop: Shop) -> None:
    thread = write_in(shop, "hola").conversation_id
    with Work(shop.support) as work:
        file = media.upload(work, io.BytesIO(png()), "logo.png")
        conversations.reply(work, thread, "mira", draft_id="draft-0000001", attachment_ids=[UUID(file.id)])
        conversations.close(work, thread)
    with Work(shop.admin) as work:
        invitations.invite(work, "carla@x.example", "support")
        company.change_logo(work, png())


def _rows_of(db: Engines, company_id: UUID) -> dict[str, int]:
    """Tables that name the company anywhere in a row, and how often."""
    with db.owner() as connection:
        names = [r[0] for r in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        counts: dict[str, Any] = {
            name: connection.execute(
                f"SELECT count(*) FROM {name} t WHERE t::text LIKE %s",  # type: ignore[arg-type]  # noqa: S608 (names of the catalogue)
                (f"%{company_id}%",),
            ).fetchone()  # type: ignore[arg-type]
            for name in names
        }
    return {name: found[0] for name, found in counts.items() if found[0]}


def _files(company_id: UUID) -> list[Path]:
    return [p for p in (get_settings().data_dir / "media" / company_id.hex).rglob("*") if p.is_file()]


def _end_grace(db: Engines, shop: Shop) -> None:
    with db.owner() as connection:
        connection.execute(
            "UPDATE company SET delete_after = now() - interval '1 second' WHERE id = %s", (shop.company_id,)
        )


def test_nothing_of_it_is_left_and_the_others_stay(db: Engines):
    doomed, other = open_shop(), open_shop("Floristería Azahar", number_id="104857600445566")
    _fill(doomed)
    _fill(other)
    with Work(other.system) as work:
        work.add(Membership(user_id=doomed.support.user_id, role=Role.SUPPORT))
    photo = pictures.keep(png())
    kept_photo = pictures.keep(png())
    with db.owner() as connection:
        connection.execute("UPDATE user_account SET photo_id = %s WHERE id = %s", (photo, doomed.marketing.user_id))
        connection.execute("UPDATE user_account SET photo_id = %s WHERE id = %s", (kept_photo, doomed.support.user_id))
    with Work(doomed.admin) as work:
        logo = company.find_company(work).logo_id
        company.ask_deletion(work, "Café Alborada", PASSWORD)
    token = sign_in(email_of(doomed, doomed.support))
    gone_emails = [email_of(doomed, doomed.admin), email_of(doomed, doomed.marketing)]
    gone_tokens = [sign_in(email) for email in gone_emails]
    before_other = _rows_of(db, other.company_id)

    assert removal.sweep() == 0
    assert write_in(doomed, "sigue funcionando", who="34600000009").id
    assert len(_files(doomed.company_id)) >= 1

    _end_grace(db, doomed)
    assert removal.sweep() == 1

    assert _rows_of(db, doomed.company_id) == {}
    assert _files(doomed.company_id) == []
    assert logo
    assert not pictures.path_of(UUID(logo)).exists()
    assert not pictures.path_of(photo).exists()
    assert pictures.path_of(kept_photo).exists()
    view = queries.find_session(token)
    assert view is not None
    assert view.company_id == other.company_id
    assert [queries.find_session(each) for each in gone_tokens] == [None, None]
    with db.owner() as connection:
        found = connection.execute(
            "SELECT count(*) FROM user_account WHERE email = ANY (%s)", (gone_emails,)
        ).fetchone()
    assert found == (0,)
    assert _rows_of(db, other.company_id) | {"login_session": 0} == before_other | {"login_session": 0}
    assert len(_files(other.company_id)) >= 1
    assert removal.sweep() == 0


def test_it_is_done_in_pieces_and_goes_on_after_a_stop(db: Engines, monkeypatch: pytest.MonkeyPatch):
    doomed = open_shop()
    _fill(doomed)
    with Work(doomed.admin) as work:
        company.ask_deletion(work, "Café Alborada", PASSWORD)
    _end_grace(db, doomed)
    monkeypatch.setattr(removal, "PIECE", 3)
    monkeypatch.setattr(removal, "PIECES", 2)
    rounds = 0
    while removal.sweep() == 0:
        rounds += 1
        assert rounds < 50
    assert rounds > 1
    assert _rows_of(db, doomed.company_id) == {}


def test_cancelled_in_time_nothing_goes(db: Engines):
    shop = open_shop()
    with Work(shop.admin) as work:
        company.ask_deletion(work, "Café Alborada", PASSWORD)
    with Work(shop.admin) as work:
        company.cancel_deletion(work)
    before = _rows_of(db, shop.company_id)
    assert removal.sweep() == 0
    assert _rows_of(db, shop.company_id) == before
    with Work(shop.admin) as work:
        assert len(people.list_people(work)) == 3
