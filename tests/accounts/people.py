"""What several tests of people and companies look at."""

import re
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.accounts import mails, people
from saas_admin.accounts import service as accounts
from saas_admin.accounts import sign_in as signing
from saas_admin.accounts.devices import Caller
from saas_admin.accounts.sign_in import SignedIn
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.permissions import Role
from saas_admin.core.work import Work
from saas_admin.models import AuditEntry, Membership
from tests.shop import PASSWORD, Shop


def member_id(shop: Shop, who: Actor) -> UUID:
    with Work(shop.admin) as work:
        return next(UUID(p.id) for p in people.list_people(work) if p.user_id == str(who.user_id))


def membership(shop: Shop, who: Actor) -> Membership:
    with Work(shop.admin) as work:
        found = work.first(select(Membership).where(col(Membership.user_id) == who.user_id))
    assert found is not None
    return found


def trail(shop: Shop) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Action, target, before, after, oldest first, without what opening the shop left."""
    with Work(shop.admin) as work:
        found = work.all(select(AuditEntry).order_by(col(AuditEntry.at), col(AuditEntry.id)))
    return [
        (e.action, e.target_name, e.before, e.after)
        for e in found
        if e.action not in ("channel.created", "session.opened")
    ]


def post() -> list[tuple[str, str]]:
    """Recipient and subject, newest first."""
    return [(mail.recipient, mail.subject) for mail in mails.list_outbox()]


def invitation_token() -> str:
    found = re.search(r"/invite\?token=([\w-]+)", mails.list_outbox()[0].text)
    assert found
    return found.group(1)


def second_admin(shop: Shop) -> Actor:
    with Work(shop.admin) as work:
        people.change_role(work, member_id(shop, shop.support), "admin")
    return Actor(ActorKind.AGENT, shop.company_id, shop.support.user_id, Role.ADMIN, shop.support.name)


def sign_in(email: str, password: str = PASSWORD) -> str:
    with accounts.system_work() as work:
        opened = signing.sign_in(work, email, password, keep=False, caller=Caller())
    assert isinstance(opened, SignedIn)
    return opened.token


def email_of(shop: Shop, who: Actor) -> str:
    with Work(shop.admin) as work:
        return next(p.email for p in people.list_people(work) if p.user_id == str(who.user_id))
