"""The demo company: made through the product's own verbs, its past replayed with the clock turned back.

`seed()` may run at every start: what is there already is left alone.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select
from sqlmodel import col

from saas_admin.accounts import company, passwords
from saas_admin.accounts import service as accounts
from saas_admin.channels import service as channels
from saas_admin.core import clock, doors
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.config import get_settings
from saas_admin.core.ids import new_id
from saas_admin.core.permissions import Role
from saas_admin.core.work import Work
from saas_admin.models import Channel, Membership, UserAccount
from saas_admin.sandbox import demo_bot, replay, stories

COMPANY = "Café Alborada"
PASSWORD = "alborada-demo"  # noqa: S105 (the demo's, printed at its start)
PEOPLE = {
    "nuria": ("Nuria Sanchis", "nuria@cafealborada.es", Role.ADMIN),
    "toni": ("Toni Ferrandis", "toni@cafealborada.es", Role.SUPPORT),
}
_WEEKDAY = [["08:00", "14:30"], ["16:30", "20:00"]]
HOURS = {**dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _WEEKDAY), "sat": [["09:00", "14:00"]]}
HOLIDAYS = ((1, 6, "Reyes"), (3, 19, "San José"), (10, 9, "Día de la Comunitat Valenciana"), (12, 25, "Navidad"))
NUMBER = {"phone_number_id": "284519037716420", "waba_id": "119384570263915"}
DISPLAY = "+34 960 31 82 74"
WEBCHAT = {
    "title": COMPANY,
    "color": "#5b2a1c",
    "domains": "localhost,127.0.0.1",
    "greeting": "¿Dudas con la molienda? Dinos cómo lo preparas y te decimos cuál.",
    "position": "right",
}


@dataclass(frozen=True)
class DemoSummary:
    """What a newcomer is told."""

    url: str
    sandbox_url: str
    logins: tuple[tuple[str, str, str], ...]
    """Name and role, e-mail, password."""
    conversations: int

    def __str__(self) -> str:
        people = "\n".join(f"  {email:<24}{password:<16}{who}" for who, email, password in self.logins)
        return f"""
{COMPANY} · {self.conversations} conversaciones / conversations

  Bandeja / inbox          {self.url}/inbox
  Teléfono / phone         {self.sandbox_url}/phone
  Tienda / shop            {self.sandbox_url}/shop
  Correos / mails          {self.url}/outbox
  Números de prueba        {self.sandbox_url}/meta

{people}

  1. Entra como Nuria y contesta a Ximena Robles.         Sign in as Nuria and answer Ximena Robles.
  2. Escribe desde el teléfono o desde la tienda.         Write from the phone or from the shop.
  3. Míralo aparecer en la bandeja, en vivo.              Watch it appear in the inbox, live.

  {demo_bot.NAME}, el asistente, contesta lo nuevo del chat de la tienda y de WhatsApp; lo que ya estaba os espera.
  {demo_bot.NAME}, the assistant, answers what is new in the shop's chat and on WhatsApp; what was there waits for you.
""".rstrip()


def seed() -> DemoSummary:
    """The company, its channels on the sandbox, and its conversations. Needs running engines and the sandbox."""
    agents = _people(_company())
    admin = agents["nuria"]
    with httpx.Client(base_url=get_settings().sandbox_url, timeout=30, trust_env=False) as sandbox:
        whatsapp = _whatsapp(admin, sandbox)
        webchat = _webchat(admin, sandbox)
        told = stories.read(clock.now())
        for position, story in enumerate(told):
            channel = whatsapp if story.number else webchat
            if channel is not None:
                replay.replay(story, position, channel, agents, sandbox)
    # After the past has been told, so that nothing of it is answered.
    demo_bot.set_up(admin, [channel for channel in (whatsapp, webchat) if channel is not None])
    settings = get_settings()
    logins = tuple((f"{name} · {role.value}", email, PASSWORD) for name, email, role in PEOPLE.values())
    return DemoSummary(settings.public_url, settings.sandbox_url, logins, len(told))


def _company() -> UUID:
    name, email, _ = PEOPLE["nuria"]
    with accounts.system_work() as work:
        known = doors.find_login(work.session, email)
        if known is not None:
            return doors.list_memberships(work.session, known.user_id)[0].company_id
        made = accounts.register(
            work, company=COMPANY, name=name, email=email, password=PASSWORD, lang="es", confirmed=True
        )
    with Work(Actor(ActorKind.AGENT, made.company_id, made.user_id, Role.ADMIN, name)) as work:
        company.edit_hours(work, HOURS, _coming_holidays(work.now.date()))
    return made.company_id


def _coming_holidays(today: date) -> list[dict[str, str]]:
    """The next day of each: a list that is over would look forgotten."""
    found: list[dict[str, str]] = []
    for month, day, name in HOLIDAYS:
        this_year = date(today.year, month, day)
        coming = this_year if this_year >= today else date(today.year + 1, month, day)
        found.append({"date": coming.isoformat(), "name": name})
    return found


def _people(company_id: UUID) -> dict[str, Actor]:
    agents: dict[str, Actor] = {}
    for short, (name, email, role) in PEOPLE.items():
        with accounts.system_work() as work:
            known = doors.find_login(work.session, email)
        user_id = known.user_id if known else _add_member(company_id, name, email, role)
        agents[short] = Actor(ActorKind.AGENT, company_id, user_id, role, name)
    return agents


def _add_member(company_id: UUID, name: str, email: str, role: Role) -> UUID:
    """Entered as the first person was: nobody reads the mail of an invitation while the demo starts."""
    user_id = new_id()
    with Work(Actor(ActorKind.SYSTEM, company_id, user_id)) as work:
        password_hash = passwords.hash_password(PASSWORD)
        work.add(
            UserAccount(id=user_id, email=email, name=name, password_hash=password_hash, email_confirmed_at=work.now)
        )
        work.flush()
        work.add(Membership(user_id=user_id, role=role))
    return user_id


def _whatsapp(admin: Actor, sandbox: httpx.Client) -> Channel | None:
    """The number is known to the sandbox first, since connecting a channel asks the provider about it."""
    channel = _find(admin, "whatsapp_cloud")
    if channel is None:
        token, secret = "EAASandbox" + secrets.token_hex(24), secrets.token_hex(16)
        values = {**NUMBER, "access_token": token, "app_secret": secret, "verify_token": secrets.token_urlsafe(18)}
        _register(sandbox, values, "")
        checked = channels.check("whatsapp_cloud", "WhatsApp de la tienda", values)
        with Work(admin) as work:
            made = channels.create(work, checked)
        channel = _find(admin, "whatsapp_cloud", UUID(made.id))
    if channel is None or channel.deleted_at is not None:
        return None
    with Work(admin) as work:
        # Again at each start: the address of the product may be another one now.
        values = channels.stored_values(work, channel.id)
    _register(sandbox, values, channels.webhook_url(channel) or "")
    return channel


def _register(sandbox: httpx.Client, values: dict[str, str], webhook_url: str) -> None:
    said = {
        **values,
        "display_phone": DISPLAY,
        "name": COMPANY,
        "about": "Café de finca pequeña",
        "webhook_url": webhook_url,
    }
    sandbox.post("/_control/numbers", json=said).raise_for_status()


def _webchat(admin: Actor, sandbox: httpx.Client) -> Channel | None:
    channel = _find(admin, "webchat")
    if channel is None:
        checked = channels.check("webchat", "Chat de la web", WEBCHAT)
        with Work(admin) as work:
            made = channels.create(work, checked)
        channel = _find(admin, "webchat", UUID(made.id))
    if channel is None or channel.deleted_at is not None:
        return None
    shop: dict[str, Any] = {"channel": channel.public_id, "public_url": get_settings().public_url}
    sandbox.post("/_control/shop", json=shop).raise_for_status()
    return channel


def _find(admin: Actor, kind: str, channel_id: UUID | None = None) -> Channel | None:
    """The demo's channel of a kind; a deleted one counts, so that a restart does not bring it back."""
    with Work(admin) as work:
        if channel_id is not None:
            return work.get(Channel, channel_id)
        query = select(Channel).where(col(Channel.kind) == kind).order_by(col(Channel.created_at))
        return next(
            (row for row in work.all(query) if kind == "webchat" or row.address == NUMBER["phone_number_id"]), None
        )
