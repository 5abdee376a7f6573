"""What is said to a provider around a channel's life: registered, proven, rotated, tried, taken away. Provider: a script."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from saas_admin.adapters.channels.base import CheckResult, Connected, Failure, FailureCode
from saas_admin.channels import addresses, credentials, health, queries, registration, service, trials
from saas_admin.channels.forms import Checked
from saas_admin.channels.intake import Intake
from saas_admin.core import secrets
from saas_admin.core.actor import Actor
from saas_admin.core.clock import now
from saas_admin.core.config import get_settings
from saas_admin.core.errors import Conflict, Forbidden, Invalid, NotFound
from saas_admin.core.work import Work
from saas_admin.models import AuditEntry, Channel, Conversation, Exchange, Message
from saas_admin.models.channel import ChannelState
from saas_admin.models.message import AuthorKind, Direction, MessageStatus
from tests.channels.fake_provider import Script, provider
from tests.shop import APP_SECRET, Shop, open_shop, signed, text_item, webhook, write_in

__all__ = ["provider"]
pytestmark = pytest.mark.usefixtures("db", "valkey")

NO = Failure(FailureCode.UNAUTHORISED, "190", "Error validating access token: Bearer EAAsecretsecret")


@pytest.fixture
def shop() -> Shop:
    return open_shop()


def channel_of(shop: Shop) -> Channel:
    with Work(shop.system) as work:
        return work.get(Channel, shop.whatsapp_id)


def exchanges_of(shop: Shop) -> list[tuple[str, bool, str]]:
    with Work(shop.system) as work:
        found = work.all(select(Exchange).order_by(Exchange.at, Exchange.id))  # type: ignore[arg-type]
    return [(row.action, row.is_ok, row.code) for row in found]


def detail_of(shop: Shop) -> queries.ChannelDetail:
    with Work(shop.admin) as work:
        return queries.find_channel(work, shop.whatsapp_id)


def trail(shop: Shop) -> list[str]:
    with Work(shop.system) as work:
        return [row.action for row in work.all(select(AuditEntry)) if row.action.startswith("channel.")]


def url_of(shop: Shop) -> str:
    return f"http://localhost:8080/webhooks/whatsapp_cloud/{shop.whatsapp_public_id}"


def test_registering_tells_the_provider_our_address_outside_any_transaction(shop: Shop, provider: Script) -> None:
    def touch_the_row() -> None:
        with Work(shop.system) as work:
            work.get(Channel, shop.whatsapp_id, lock=True).name = "Renombrado mientras tanto"

    provider.during = touch_the_row
    outcome = registration.register(shop.admin, shop.whatsapp_id)

    assert outcome == registration.Registration(is_registered=True)
    assert provider.calls == [("connect", url_of(shop))]
    assert channel_of(shop).name == "Renombrado mientras tanto"
    assert channel_of(shop).registered_at is not None
    assert detail_of(shop).row.webhook == "ours"
    assert exchanges_of(shop) == [("connect", True, "")]
    assert "_webhook_url" not in detail_of(shop).facts


def test_a_failed_registration_is_told_and_the_next_one_heals_it(shop: Shop, provider: Script) -> None:
    provider.connect = Connected(is_registered=False, failure=NO)
    outcome = registration.register(shop.admin, shop.whatsapp_id)

    assert outcome is not None
    assert outcome.failure == NO
    detail = detail_of(shop)
    assert (detail.row.webhook, detail.row.state) == ("failed", "connected")
    assert detail.webhook_failure is not None
    assert detail.webhook_failure.code == "unauthorised"
    assert "EAAsecret" not in detail.webhook_failure.text
    assert channel_of(shop).registered_at is None
    assert exchanges_of(shop) == [("connect", False, "unauthorised")]

    provider.connect = Connected(is_registered=True)
    registration.register(shop.admin, shop.whatsapp_id)

    assert (detail_of(shop).row.webhook, detail_of(shop).webhook_failure) == ("ours", None)


def test_what_is_to_be_copied_by_hand_waits_until_the_handshake(shop: Shop, provider: Script) -> None:
    provider.connect = Connected(is_registered=False)
    registration.register(shop.admin, shop.whatsapp_id)
    assert detail_of(shop).row.webhook == "waiting"
    query = {"hub.mode": "subscribe", "hub.verify_token": "canela-en-rama", "hub.challenge": "42"}

    assert knock(shop, query) == "42"
    assert knock(shop, {**query, "hub.verify_token": "canela"}) is None

    assert channel_of(shop).registered_at is not None
    assert detail_of(shop).row.webhook == "done"
    assert exchanges_of(shop) == [("webhook", True, "handshake"), ("webhook", False, "verify_token")]


def knock(shop: Shop, query: dict[str, str]) -> str | None:
    async def run() -> str | None:
        intake = Intake()
        try:
            answer = await intake.handshake("whatsapp_cloud", shop.whatsapp_public_id, query)
            await asyncio.gather(*intake._notes)
            return answer
        finally:
            await intake.close()

    return asyncio.run(run())


def post(shop: Shop, *secrets_used: str) -> list[int]:
    async def run() -> list[int]:
        intake = Intake()
        body = webhook(shop, [text_item("34611204873", "Hola")])
        try:
            found = [
                (await intake.accept("whatsapp_cloud", shop.whatsapp_public_id, signed(body, secret), body)).status
                for secret in secrets_used
            ]
            await asyncio.gather(*intake._notes)
            return found
        finally:
            await intake.close()

    return asyncio.run(run())


def test_a_refused_signature_stands_in_the_log_once_a_minute(shop: Shop) -> None:
    assert post(shop, "stranger", "another", APP_SECRET, "third") == [401, 401, 200, 401]
    assert post(shop, "from another process") == [401]

    assert exchanges_of(shop) == [("webhook", False, "signature")]


def test_a_new_signing_secret_is_proven_first_and_the_old_one_is_good_for_a_day(shop: Shop, provider: Script) -> None:
    rotated = credentials.rotate(shop.admin, shop.whatsapp_id, {"app_secret": "the-new-secret"})

    assert rotated.changed == ["app_secret"]
    asked = provider.calls[0][1]
    assert (asked["app_secret"], asked["access_token"]) == ("the-new-secret", "EAAtestaccesstoken")
    assert provider.calls[1:] == [("connect", url_of(shop))]
    channel = channel_of(shop)
    assert secrets.decrypt(channel.secrets)["app_secret"] == "the-new-secret"
    assert secrets.decrypt(channel.former_secrets) == {"app_secret": APP_SECRET}
    assert channel.former_until is not None
    assert timedelta(hours=23, minutes=59) < channel.former_until - now() <= timedelta(hours=24)
    assert post(shop, "the-new-secret", APP_SECRET, "a third") == [200, 200, 401]
    with Work(shop.system) as work:
        work.get(Channel, shop.whatsapp_id).former_until = now() - timedelta(seconds=1)
        entry = work.all(select(AuditEntry).where(AuditEntry.action == "channel.keys_changed"))[0]  # type: ignore[arg-type]
    assert post(shop, "the-new-secret", APP_SECRET) == [200, 401]
    assert entry.after == {"app_secret": "…"}


def test_keys_the_provider_refuses_change_nothing(shop: Shop, provider: Script) -> None:
    provider.check = CheckResult(False, NO, field="access_token")
    before = channel_of(shop).model_dump()

    with pytest.raises(Invalid) as refused:
        credentials.rotate(shop.admin, shop.whatsapp_id, {"access_token": "EAAnew", "app_secret": "new"})
    assert refused.value.fields == {"access_token": "check_unauthorised"}
    with pytest.raises(Invalid, match="no_new_keys"):
        credentials.rotate(shop.admin, shop.whatsapp_id, {"access_token": "  ", "unknown": "x"})

    assert channel_of(shop).model_dump() == before
    assert [call[0] for call in provider.calls] == ["check"]
    assert trail(shop) == ["channel.created", "channel.created"]


def test_a_secret_of_ours_is_made_anew_without_asking_anybody(shop: Shop, provider: Script) -> None:
    before = secrets.decrypt(channel_of(shop).secrets)
    rotated = credentials.rotate(shop.admin, shop.whatsapp_id, {}, ["verify_token", "app_secret"])

    after = secrets.decrypt(channel_of(shop).secrets)
    assert rotated.changed == ["verify_token"]
    assert [call[0] for call in provider.calls] == ["connect"]
    assert len(after["verify_token"]) == 32
    assert {**after, "verify_token": ""} == {**before, "verify_token": ""}
    assert channel_of(shop).former_secrets is None


def test_the_key_of_another_bot_is_another_channel(shop: Shop) -> None:
    bot = {"bot_token": "7408812256:" + "A" * 35}
    with Work(shop.admin) as work:
        made = service.create(work, Checked("telegram", "Bot", {}, bot, {}))
    with Work(shop.admin) as work, pytest.raises(Invalid) as refused:
        service.replace_secrets(work, UUID(made.id), {"bot_token": "9908812256:" + "B" * 35}, {})

    assert refused.value.fields == {"bot_token": "other_address"}
    with Work(shop.system) as work:
        assert secrets.decrypt(work.get(Channel, UUID(made.id)).secrets)["bot_token"] == bot["bot_token"]


def refuse(shop: Shop) -> None:
    with Work(shop.system) as work:
        channel = work.get(Channel, shop.whatsapp_id, lock=True)
        health.note_failure(work, channel, NO)
    with Work(shop.system) as work:
        channel = work.get(Channel, shop.whatsapp_id, lock=True)
        health.note_failure(work, channel, NO)


def fail(shop: Shop, who: str, *, code: str = "unauthorised", hours_ago: float = 1.0, wrote_ago: float = 2.0) -> UUID:
    wrote = write_in(shop, who=who, at=now() - timedelta(hours=wrote_ago))
    with Work(shop.system) as work:
        message = work.add(
            Message(
                conversation_id=wrote.conversation_id,
                channel_id=shop.whatsapp_id,
                customer_id=wrote.customer_id,
                direction=Direction.OUT,
                author_kind=AuthorKind.AGENT,
                author_id=shop.admin.user_id,
                text="Sí, lo tenemos",
                status=MessageStatus.FAILED,
                error_code=code,
                at=now() - timedelta(hours=hours_ago),
                created_at=now() - timedelta(hours=hours_ago),
            )
        )
        return message.id


def test_a_channel_in_attention_comes_back_and_what_failed_may_leave(shop: Shop, provider: Script) -> None:
    good = [fail(shop, "34611000001"), fail(shop, "34611000002")]
    other = [
        fail(shop, "34611000003", wrote_ago=25.0),
        fail(shop, "34611000004", code="content_rejected"),
        fail(shop, "34611000005", hours_ago=25.0, wrote_ago=1.0),
    ]
    refuse(shop)
    assert channel_of(shop).state is ChannelState.ATTENTION

    outcome = credentials.reauthorise(shop.admin, shop.whatsapp_id, {"access_token": "EAAfresh"})

    channel = channel_of(shop)
    assert (channel.state, channel.refusals, channel.last_error_code) == (ChannelState.CONNECTED, 0, None)
    assert secrets.decrypt(channel.secrets)["access_token"] == "EAAfresh"
    assert outcome.retriable == 2
    assert sorted(trail(shop)) == ["channel.created", "channel.created", "channel.keys_changed", "channel.reauthorised"]
    with Work(shop.admin) as work:
        assert credentials.count_refused(work, shop.whatsapp_id) == 2
        assert credentials.retry_refused(work, shop.whatsapp_id) == 2
    with Work(shop.system) as work:
        assert [work.get(Message, each).status.value for each in good] == ["queued", "queued"]
        assert [work.get(Message, each).status.value for each in other] == ["failed"] * 3
    with Work(shop.admin) as work:
        assert credentials.retry_refused(work, shop.whatsapp_id) == 0


def test_without_new_keys_the_stored_ones_are_asked_about(shop: Shop, provider: Script) -> None:
    refuse(shop)
    provider.check = CheckResult(False, NO)
    with pytest.raises(Invalid, match="check_unauthorised"):
        credentials.reauthorise(shop.admin, shop.whatsapp_id, {})
    assert channel_of(shop).state is ChannelState.ATTENTION

    provider.check = CheckResult(True)
    assert credentials.reauthorise(shop.admin, shop.whatsapp_id, {}).changed == []

    assert channel_of(shop).state is ChannelState.CONNECTED
    assert provider.calls[0][1]["access_token"] == "EAAtestaccesstoken"


def test_the_moment_a_channel_stopped_stays_the_moment_it_stopped(shop: Shop) -> None:
    refuse(shop)
    with Work(shop.support) as work:
        (first,) = queries.list_troubled(work)
    refuse(shop)
    with Work(shop.support) as work:
        (then,) = queries.list_troubled(work)

    assert (first.name, first.provider) == ("WhatsApp de la tienda", "Meta")
    assert then == first


def test_deleting_takes_the_webhook_away_and_a_refusal_of_that_is_told(shop: Shop, provider: Script) -> None:
    wrote = write_in(shop)
    registration.register(shop.admin, shop.whatsapp_id)
    provider.disconnect = Failure(FailureCode.PROVIDER_DOWN, "503", "Service Unavailable")

    failure = registration.remove(shop.admin, shop.whatsapp_id)

    assert failure == provider.disconnect
    assert provider.calls[-1] == ("disconnect", url_of(shop), "EAAtestaccesstoken")
    channel = channel_of(shop)
    assert (channel.deleted_at is None, channel.secrets, channel.former_secrets) == (False, None, None)
    assert exchanges_of(shop)[-1] == ("disconnect", False, "provider_down")
    with Work(shop.admin) as work:
        assert work.get(Conversation, wrote.conversation_id).channel_id == shop.whatsapp_id
    with pytest.raises(NotFound):
        registration.remove(shop.admin, shop.whatsapp_id)


def test_what_was_never_registered_is_not_taken_away(shop: Shop, provider: Script) -> None:
    assert registration.remove(shop.admin, shop.whatsapp_id) is None
    assert provider.calls == []


def test_a_public_address_that_moved_is_registered_anew_by_the_hourly_check(
    shop: Shop, provider: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    registration.register(shop.admin, shop.whatsapp_id)
    health.check(shop.company_id, shop.whatsapp_id)
    moved = get_settings().model_copy(update={"public_url": "https://panel.alborada.example"})
    monkeypatch.setattr(addresses, "get_settings", lambda: moved)
    health.check(shop.company_id, shop.whatsapp_id)

    urls = [call[1] for call in provider.calls if call[0] == "connect"]
    assert urls == [url_of(shop), f"https://panel.alborada.example/webhooks/whatsapp_cloud/{shop.whatsapp_public_id}"]


def test_a_person_may_ask_now_but_not_all_the_time(shop: Shop, provider: Script) -> None:
    assert trials.check_now(shop.admin, shop.whatsapp_id) == provider.check
    assert trials.check_now(shop.admin, shop.whatsapp_id) is None
    with pytest.raises(Forbidden):
        trials.check_now(shop.support, shop.whatsapp_id)

    assert [call[0] for call in provider.calls] == ["check"]
    assert exchanges_of(shop) == [("check", True, "")]


def test_a_test_message_goes_into_the_thread_while_the_window_is_open(shop: Shop, provider: Script) -> None:
    wrote = write_in(shop, who="34611204873")

    sent = trials.send_test(shop.admin, shop.whatsapp_id, "+34 611 20 48 73", "  Esto es una prueba  ")

    assert sent == trials.TestSent("Marta Soler", str(wrote.conversation_id))
    with Work(shop.system) as work:
        mine = work.all(select(Message).where(Message.direction == Direction.OUT))  # type: ignore[arg-type]
    assert [(m.text, m.status.value) for m in mine] == [("Esto es una prueba", "queued")]
    assert provider.calls == []


@pytest.mark.parametrize(
    ("to", "text", "said"),
    [
        ("+34 611 20 48 73", "hola", "test_needs_template"),
        ("+34 699 99 99 99", "hola", "test_needs_template"),
        ("no es un teléfono", "hola", {"to": "phone_format"}),
        ("+34 611 20 48 73", "   ", {"text": "test_text"}),
        ("+34 611 20 48 73", "x" * 1001, {"text": "test_text"}),
    ],
)
def test_a_test_that_cannot_arrive_is_not_sent(shop: Shop, provider: Script, to: str, text: str, said: Any) -> None:
    write_in(shop, who="34611204873", at=now() - timedelta(hours=25))

    with pytest.raises((Conflict, Invalid)) as refused:
        trials.send_test(shop.admin, shop.whatsapp_id, to, text)

    assert (refused.value.fields or refused.value.code) == said
    assert provider.calls == []
    with Work(shop.system) as work:
        assert work.all(select(Message).where(Message.direction == Direction.OUT)) == []  # type: ignore[arg-type]


def test_only_who_manages_channels_may_do_any_of_it(shop: Shop, provider: Script) -> None:
    before = channel_of(shop).model_dump()
    acts: list[Any] = [
        lambda actor: registration.register(actor, shop.whatsapp_id),
        lambda actor: registration.remove(actor, shop.whatsapp_id),
        lambda actor: credentials.rotate(actor, shop.whatsapp_id, {"app_secret": "x"}),
        lambda actor: credentials.reauthorise(actor, shop.whatsapp_id, {}),
        lambda actor: trials.send_test(actor, shop.whatsapp_id, "+34611204873", "hola"),
    ]
    for act in acts:
        for actor in (shop.support, shop.marketing):
            with pytest.raises(Forbidden):
                act(actor)

    assert provider.calls == []
    assert channel_of(shop).model_dump() == before


def test_another_company_s_channel_is_not_found_by_any_of_it(shop: Shop, provider: Script) -> None:
    other = open_shop("Librería del Mar", "104857600112299")
    before = channel_of(other).model_dump()
    actor: Actor = shop.admin
    acts: list[Any] = [
        lambda: registration.register(actor, other.whatsapp_id),
        lambda: registration.remove(actor, other.whatsapp_id),
        lambda: credentials.rotate(actor, other.whatsapp_id, {"app_secret": "x"}),
        lambda: credentials.reauthorise(actor, other.whatsapp_id, {}),
        lambda: trials.check_now(actor, other.whatsapp_id),
        lambda: trials.send_test(actor, other.whatsapp_id, "+34611204873", "hola"),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()

    assert provider.calls == []
    assert channel_of(other).model_dump() == before
