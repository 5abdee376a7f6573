"""What an agent may see changes under an open dashboard: it follows within five seconds, and nothing leaks meanwhile."""

import re
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from saas_admin.sandbox.demo import NUMBER
from tests.instance import Running, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SOON = 5_000
"""Milliseconds: the promise."""

BEGIN = """
import sys
from uuid import uuid4
from sqlalchemy import select
from sqlmodel import col
from saas_admin.adapters.channels.base import InboundMessage, MessageKind, Sender
from saas_admin.conversations import hands, receive, service
from saas_admin.core import clock, doors, realtime
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.permissions import Role, Sight
from saas_admin.core.work import Work
from saas_admin.models import Channel, Conversation, LoginSession, Membership, UserAccount
from saas_admin.models.conversation import ActivityKind
found = doors.find_address("whatsapp_cloud", sys.argv[1])
company = found.company_id
def person(name):
    with Work(Actor.system(company)) as work:
        return work.first(select(UserAccount).where(col(UserAccount.name).startswith(name))).id
nuria, toni = person("Nuria"), person("Toni")
boss = Actor(ActorKind.AGENT, company, nuria, Role.ADMIN, "Nuria")
def say(words, to=None):
    with Work(Actor.system(company)) as work:
        channel = work.get(Channel, found.channel_id)
        sender = Sender("34699000" + sys.argv[3], "Clara Vista", "+34699000" + sys.argv[3])
        thread = receive.receive(work, channel, InboundMessage(uuid4().hex, sender, clock.now(), MessageKind.TEXT, words)).conversation_id
        if to:  # before the bot hears of it
            hands.give(work, work.get(Conversation, thread), to, ActivityKind.ASSIGNED)
        return thread
"""
TO_TONI = f"""{BEGIN}
say(sys.argv[2], to=toni)
"""
TO_NURIA = f"""{BEGIN}
thread = say("antes de irse")
with Work(boss) as work:
    service.assign(work, thread, nuria)
say(sys.argv[2])
"""
NARROW = f"""{BEGIN}
with Work(Actor.system(company)) as work:
    work.first(select(Membership).where(col(Membership.user_id) == toni)).sight = Sight(sys.argv[2])
    work.once_committed(lambda: realtime.tell_revoked(toni, None))
"""
REVOKE = f"""{BEGIN}
with Work(Actor(ActorKind.SYSTEM, company, toni)) as work:
    for session in work.all(select(LoginSession).where(col(LoginSession.user_id) == toni)):
        session.revoked_at = work.now
    work.once_committed(lambda: realtime.tell_revoked(toni, None))
"""


@pytest.fixture
def toni(browser: Browser, instance: Running) -> Iterator[Page]:
    wait_for(lambda: "/phone" in instance.output, 120, lambda: instance.output)
    login = re.search(r"(\S+@\S+)\s+(\S+)\s+Toni", instance.output)
    assert login
    context = browser.new_context(base_url=instance.url, viewport={"width": 1440, "height": 900}, locale="es-ES")
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto("/login")
    page.fill("input[name=email]", login.group(1))
    page.fill("input[name=password]", login.group(2))
    page.click("button[type=submit]")
    page.wait_for_url(re.compile("/inbox"))
    expect(page.get_by_role("option").first).to_be_visible()
    yield page
    context.close()
    instance.run(NARROW, NUMBER["phone_number_id"], "all", "0")


def test_a_narrowed_sight_and_a_revoked_session_reach_an_open_dashboard_at_once(toni: Page, instance: Running) -> None:
    number, who = NUMBER["phone_number_id"], f"{int(time.time()) % 1000:03d}"
    mine, later = f"tuyo {uuid4().hex[:6]}", f"ajeno {uuid4().hex[:6]}"
    instance.run(TO_TONI, number, mine, who)
    all_rows = toni.get_by_role("option").count()

    instance.run(NARROW, number, "own", who)
    row = toni.get_by_role("option").filter(has_text=mine)
    expect(row).to_be_visible(timeout=SOON)
    expect(toni.get_by_role("option").filter(has_text="Sin dueño")).to_have_count(0)
    assert 0 < toni.get_by_role("option").count() < all_rows

    row.click()
    expect(toni.get_by_role("log")).to_contain_text(mine)
    toni.mouse.move(1000, 400)  # a list under the hand stands still
    instance.run(TO_NURIA, number, later, who)
    expect(row).to_have_count(0, timeout=SOON)
    expect(toni.get_by_role("log")).to_have_count(0, timeout=SOON)
    assert later not in toni.content()

    instance.run(REVOKE, number, "", who)
    toni.wait_for_url(re.compile("/login"), timeout=SOON)
