"""Whose conversations somebody sees: one policy for lists, counts, search, threads, files, live rooms and verbs."""

import io
from dataclasses import replace
from uuid import UUID

import pytest

from saas_admin.conversations import media, queries, service
from saas_admin.conversations.views import ConversationFilter
from saas_admin.core.actor import Actor
from saas_admin.core.errors import NotFound
from saas_admin.core.permissions import Permission, Sight
from saas_admin.core.work import Work
from saas_admin.models import Attachment
from tests.shop import Shop, open_shop, write_in

pytestmark = pytest.mark.usefixtures("db", "valkey")


@pytest.fixture
def shop() -> Shop:
    return open_shop()


@pytest.fixture
def threads(shop: Shop) -> dict[str, UUID]:
    """One without an owner, one of Toni's, one of Nuria's."""
    free = write_in(shop, "azul sin dueño", who="34600000001").conversation_id
    his = write_in(shop, "azul de Toni", who="34600000002").conversation_id
    hers = write_in(shop, "azul de Nuria", who="34600000003").conversation_id
    with Work(shop.support) as work:
        service.take(work, his)
    with Work(shop.admin) as work:
        service.take(work, hers)
    return {"free": free, "his": his, "hers": hers}


SEEN = [(Sight.ALL, {"free", "his", "hers"}), (Sight.UNASSIGNED, {"free", "his"}), (Sight.OWN, {"his"})]


def toni(shop: Shop, sight: Sight) -> Actor:
    return replace(shop.support, sight=sight)


@pytest.mark.parametrize(("sight", "seen"), SEEN)
def test_list_search_counts_and_rooms_follow_it(shop: Shop, threads: dict[str, UUID], sight: Sight, seen: set[str]):
    with Work(toni(shop, sight)) as work:
        listed = queries.list_conversations(work, ConversationFilter())
        found = queries.list_conversations(work, ConversationFilter(query="azul"))
        counts = queries.count_by_owner(work)["pending"]
        rooms = queries.inbox_rooms(work)
    ids = {str(threads[name]) for name in seen}
    assert {row.id for row in listed.rows} == ids
    assert {row.id for row in found.rows} == ids
    owners = {"free": "none", "his": str(shop.support.user_id), "hers": str(shop.admin.user_id)}
    assert counts == {owners[name]: 1 for name in seen}
    parts = {
        Sight.ALL: ["all"],
        Sight.UNASSIGNED: [f"u:{shop.support.user_id}", "none"],
        Sight.OWN: [f"u:{shop.support.user_id}"],
    }
    assert [room.split(":", 2)[2] for room in rooms] == parts[sight]


@pytest.mark.parametrize(("sight", "seen"), SEEN)
def test_a_thread_out_of_sight_is_not_found_by_any_verb(
    shop: Shop, threads: dict[str, UUID], sight: Sight, seen: set[str]
):
    for name, conversation_id in threads.items():
        calls = [
            lambda work, i=conversation_id: queries.find_thread(work, i),
            lambda work, i=conversation_id: queries.find_conversation(work, i),
            lambda work, i=conversation_id: queries.list_messages(work, i, "2030-01-01T00:00:00Z|" + str(i)),
            lambda work, i=conversation_id: service.reply(work, i, "Hola", draft_id=f"draft-{sight}-{i}"),
            lambda work, i=conversation_id: service.mark_read(work, i),
            lambda work, i=conversation_id: service.close(work, i),
            lambda work, i=conversation_id: service.reopen(work, i),
        ]
        for call in calls:
            if name in seen:
                with Work(toni(shop, sight)) as work:
                    call(work)
            else:
                with pytest.raises(NotFound), Work(toni(shop, sight)) as work:
                    call(work)
        with Work(toni(shop, sight)) as work:
            assert bool(queries.find_messages_since(work, conversation_id, 0)) is (name in seen)


def test_a_file_out_of_sight_is_not_found(shop: Shop, threads: dict[str, UUID]):
    with Work(shop.admin) as work:
        file_id = UUID(media.upload(work, io.BytesIO(b"%PDF-1.4 x"), "factura.pdf").id)
        service.reply(work, threads["hers"], "", draft_id="draft-file", attachment_ids=[file_id])
    with Work(toni(shop, Sight.ALL)) as work:
        assert work.get(Attachment, file_id).conversation_id == threads["hers"]
    with pytest.raises(NotFound), Work(toni(shop, Sight.UNASSIGNED)) as work:
        work.get(Attachment, file_id)


def test_sight_takes_away_and_never_gives(shop: Shop):
    assert not replace(shop.marketing, sight=Sight.ALL).can(Permission.CONVERSATIONS_READ)
    assert toni(shop, Sight.OWN).can(Permission.CONVERSATIONS_READ)
    assert not toni(shop, Sight.OWN).can(Permission.CONVERSATIONS_READ_UNASSIGNED)
    assert not toni(shop, Sight.UNASSIGNED).can(Permission.CONVERSATIONS_READ_ALL)
