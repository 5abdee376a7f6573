"""pywa, a client other people wrote, takes the sandbox for WhatsApp: sends, and reads its webhooks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from pywa import WhatsApp
from pywa.errors import ExpiredAccessToken
from pywa.types import Message, MessageStatus
from pywa.types.account_update import AccountUpdate
from pywa.types.message import DeletedMessage, EditedMessage
from pywa.types.message_status import MessageStatusType
from pywa.types.templates import TemplateCategoryUpdate, TemplateQualityUpdate, TemplateStatusUpdate
from pywa.types.user_preferences import UserMarketingPreferences

from saas_admin.adapters.channels import events
from tests.adapters.channels.contract import fixture
from tests.sandbox.conftest import ADAPTER, SECRETS, SETTINGS, XIMENA, PhonePage, Sandbox, wait_for


@contextmanager
def client(sandbox: Sandbox, token: str = SECRETS["access_token"]) -> Iterator[WhatsApp]:
    with httpx.Client(trust_env=False) as session:
        whatsapp = WhatsApp(phone_id=SETTINGS["phone_number_id"], token=token, session=session)
        session.base_url = f"{sandbox.url}/v23.0"
        yield whatsapp


def test_pywa_talks_to_the_sandbox(sandbox: Sandbox, phone: PhonePage):
    with client(sandbox) as whatsapp:
        _talk(whatsapp, sandbox, phone)


def _talk(whatsapp: WhatsApp, sandbox: Sandbox, phone: PhonePage) -> None:
    phone.send_text("¿Abren hoy?")
    wait_for(sandbox.messages)
    read = Message.from_update(whatsapp, json.loads(sandbox.receiver.asked[0].body))
    assert (read.text, read.from_user.wa_id, read.from_user.name) == ("¿Abren hoy?", XIMENA, "Ximena Robles")

    sent = whatsapp.send_message(to=XIMENA, text="Hasta las 20:30", tracker="0193a7e2")
    assert phone.until("message")["message"]["content"]["body"] == "Hasta las 20:30"
    wait_for(lambda: len(sandbox.statuses()) == 2)
    status = MessageStatus.from_update(whatsapp, json.loads(sandbox.receiver.asked[-1].body))
    assert (status.id, status.status, status.tracker) == (sent.id, MessageStatusType.DELIVERED, "0193a7e2")


def test_pywa_understands_the_errors(sandbox: Sandbox):
    with client(sandbox, "EAAGwrong") as whatsapp, pytest.raises(ExpiredAccessToken):
        whatsapp.send_message(to=XIMENA, text="hola")


def _fixture(name: str) -> dict[str, object]:
    # pywa knows languages by Meta's underscore only.
    return json.loads(fixture("whatsapp_cloud", name).replace(b"es-MX", b"es_MX"))


def test_pywa_reads_our_fixtures_as_we_do(sandbox: Sandbox):
    """The newer kinds, beside our own parser's word for them."""
    with client(sandbox) as whatsapp:
        edited = EditedMessage.from_update(whatsapp, _fixture("edit"))
        (ours,) = _parsed("edit")
        assert isinstance(ours, events.Edited)
        assert edited.original_message_id == ours.provider_id
        deleted = DeletedMessage.from_update(whatsapp, _fixture("revoke"))
        (ours,) = _parsed("revoke")
        assert isinstance(ours, events.Revoked)
        assert deleted.original_message_id == ours.provider_id
        preference = UserMarketingPreferences.from_update(whatsapp, _fixture("preference_stop"))
        (ours,) = _parsed("preference_stop")
        assert isinstance(ours, events.Preference)
        assert (preference.detail, bool(preference)) == (ours.words, ours.is_allowed)
        status = TemplateStatusUpdate.from_update(whatsapp, _fixture("template_status"))
        (ours,) = _parsed("template_status")
        assert isinstance(ours, events.TemplateChanged)
        assert (status.template_id, status.template_name, status.new_status.value.lower()) == (
            ours.provider_id,
            ours.name,
            ours.status,
        )
        quality = TemplateQualityUpdate.from_update(whatsapp, _fixture("template_quality"))
        (ours,) = _parsed("template_quality")
        assert isinstance(ours, events.TemplateChanged)
        assert quality.new_quality_score.value.lower() == ours.quality
        category = TemplateCategoryUpdate.from_update(whatsapp, _fixture("template_category"))
        (ours,) = _parsed("template_category")
        assert isinstance(ours, events.TemplateChanged)
        assert category.new_category.value.lower() == ours.category
        account = AccountUpdate.from_update(whatsapp, _fixture("account_restricted"))
        (ours,) = _parsed("account_restricted")
        assert isinstance(ours, events.AccountNotice)
        assert account.event.value in ours.detail


def _parsed(name: str) -> list[events.Event]:
    return [event for item in ADAPTER.split(fixture("whatsapp_cloud", name)) for event in ADAPTER.parse(item.payload)]
