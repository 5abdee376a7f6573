"""The demo company is made by the product's verbs, looks lived-in, and is not made twice."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from saas_admin.accounts import service as accounts
from saas_admin.accounts.hours import DAYS
from saas_admin.bots import service as bots
from saas_admin.core import doors
from saas_admin.core.actor import Actor
from saas_admin.core.config import get_settings
from saas_admin.core.work import Work
from saas_admin.faqs import service as faqs
from saas_admin.models import Attachment, Bot, BotAnswer, Channel, Company, Conversation, Faq, FaqCategory, Message
from saas_admin.models.conversation import Voice
from saas_admin.models.faq import FaqStatus
from saas_admin.models.message import AttachmentState, MessageStatus
from saas_admin.sandbox import demo, stories


@pytest.mark.timeout(400)
def test_a_lived_in_company_made_once(db, valkey, process: tuple[str, Path], monkeypatch):
    url, _ = process
    monkeypatch.setenv("META_GRAPH_URL", url)
    monkeypatch.setenv("SAAS_ADMIN_SANDBOX_PORT", str(urlsplit(url).port))
    get_settings.cache_clear()
    httpx.post(f"{url}/_control/reset", json={})
    try:
        _check_first(demo.seed(), url)
        _check_bot()
        before = _messages()
        changed = _change_the_bot()
        demo.seed()
        assert _messages() == before
        assert _bot() == changed
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()


def _check_first(summary: demo.DemoSummary, url: str) -> None:
    with _work() as work:
        conversations = work.all(select(Conversation))
        messages = work.all(select(Message))
        files = work.all(select(Attachment))
        channels = {channel.kind: channel for channel in work.all(select(Channel))}
    assert summary.conversations == len(conversations) == 40
    assert Counter(c.bucket for c in conversations) == {"pending": 13, "in_progress": 12, "closed": 15}
    kinds = {message.kind for message in messages}
    assert {"text", "image", "audio", "document", "location", "contacts", "unsupported"} <= kinds
    assert {file.state for file in files} == {AttachmentState.STORED}
    assert all(file.message_id for file in files)
    statuses = Counter(message.status for message in messages)
    assert statuses[MessageStatus.FAILED] == 1
    assert statuses[MessageStatus.QUEUED] == 0
    assert max(message.at for message in messages) <= datetime.now(UTC)
    whatsapp, webchat = channels["whatsapp_cloud"], channels["webchat"]
    assert whatsapp.facts["verified_name"] == "Café Alborada"
    _check_hours()
    known = httpx.get(f"{url}/_control").json()
    number = next(n for n in known["numbers"] if n["name"] == "Café Alborada")
    assert number["webhook_url"].endswith(whatsapp.public_id)
    assert f'data-channel="{webchat.public_id}"' in httpx.get(f"{url}/shop").text
    assert "nuria@cafealborada.es" in str(summary)
    assert "Alba, el asistente, contesta" in str(summary)
    assert "Alba, the assistant, answers" in str(summary)


def _work() -> Work:
    with accounts.system_work() as work:
        login = doors.find_login(work.session, "nuria@cafealborada.es")
        assert login is not None
        company_id = doors.list_memberships(work.session, login.user_id)[0].company_id
    return Work(Actor.system(company_id))


def _check_hours() -> None:
    """A café that closes at noon and on Sundays, with the holidays still to come."""
    with _work() as work:
        (shop,) = work.all(select(Company))
    weekday = [["08:00", "14:30"], ["16:30", "20:00"]]
    assert [shop.hours[day] for day in DAYS] == [weekday] * 5 + [[["09:00", "14:00"]], []]
    today = datetime.now(UTC).date().isoformat()
    assert len(shop.holidays) == 4
    assert min(each["date"] for each in shop.holidays) >= today


def _check_bot() -> None:
    """On for both channels, and nobody of the past is hers: neither to answer now nor when they write again."""
    is_on, name, channels, known, answers = _bot()
    assert (is_on, name, channels) == (True, "Alba", {"whatsapp_cloud": True, "webchat": True})
    assert len(known) == 54
    assert set(known.values()) == {FaqStatus.PUBLISHED}
    assert answers == 0
    with _work() as work:
        categories = work.all(select(FaqCategory))
        sensitive = work.all(select(Faq).where(col(Faq.is_sensitive).is_(True)))
        conversations = work.all(select(Conversation))
    assert len(categories) == 7
    assert len(sensitive) == 2
    assert [c.id for c in conversations if c.bot_due_at] == []
    assert {c.voice for c in conversations} == {Voice.PERSON}
    assert [c.assignee_id for c in conversations if c.bucket == "pending"].count(None) >= 9


def _change_the_bot() -> tuple[object, ...]:
    """The owner switches the bot off on WhatsApp, renames it and deletes a FAQ."""
    with _work() as work:
        channel = next(c for c in work.all(select(Channel)) if c.kind == "whatsapp_cloud")
        bots.switch_channel(work, channel.id, False)
        bots.set_manner(work, bots.Manner(name="Aurora"))
        faqs.delete(work, work.all(select(Faq).order_by(col(Faq.id)))[0].id)
    changed = _bot()
    assert (changed[1], len(changed[3])) == ("Aurora", 53)
    return changed


def _bot() -> tuple[bool, str, dict[str, bool], dict[object, FaqStatus], int]:
    with _work() as work:
        (bot,) = work.all(select(Bot))
        channels = {channel.kind: channel.has_bot for channel in work.all(select(Channel))}
        known = {faq.id: faq.status for faq in work.all(select(Faq).where(col(Faq.deleted_at).is_(None)))}
        return bot.is_on, bot.name, channels, known, len(work.all(select(BotAnswer)))


def _messages() -> list[tuple[object, ...]]:
    with _work() as work:
        return [(m.id, m.rev, m.status) for m in work.all(select(Message).order_by(Message.id))]


@pytest.mark.parametrize("hour", [0, 9, 23])
def test_stories_are_written_in_order_at_any_hour(hour):
    now = datetime(2026, 11, 24, hour, 4, tzinfo=stories.ZONE)
    for story in stories.read(now):
        times = [line.at for line in story.lines]
        assert times == sorted(times), story.name
        assert times[-1] <= now, story.name
        assert not story.lines[0].author, story.name
