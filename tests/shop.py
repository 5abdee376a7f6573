"""A company with channels and people, made through the product's own verbs."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from saas_admin.accounts import passwords
from saas_admin.accounts import service as accounts
from saas_admin.accounts.queries import SessionView
from saas_admin.adapters.channels.base import InboundMessage, MessageKind, Sender
from saas_admin.adapters.channels.content import Slot, Template, TemplateCategory, TemplateStatus
from saas_admin.channels import service as channels
from saas_admin.channels import templates
from saas_admin.conversations import receive as conversations
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.clock import now
from saas_admin.core.ids import new_id
from saas_admin.core.permissions import Role
from saas_admin.core.work import Work
from saas_admin.models import Channel, Conversation, Membership, Message, MessageTemplate, UserAccount

PASSWORD = "café con leche y canela"
APP_SECRET = "9f86d081884c7d659a2feaa0c55ad015"


@dataclass(frozen=True)
class Shop:
    company_id: UUID
    admin: Actor
    support: Actor
    marketing: Actor
    whatsapp_id: UUID
    whatsapp_public_id: str
    number_id: str
    webchat_id: UUID
    webchat_public_id: str

    @property
    def system(self) -> Actor:
        return Actor.system(self.company_id)


def open_shop(name: str = "Café Alborada", number_id: str = "104857600112233", email: str | None = None) -> Shop:
    """Company, three people (one per role), a WhatsApp number and a web chat."""
    email = email or f"nuria-{uuid4().hex[:8]}@alborada.example"
    with accounts.system_work() as work:
        made = accounts.register(
            work, company=name, name="Nuria Sanchis", email=email, password=PASSWORD, confirmed=True
        )
    admin = Actor(ActorKind.AGENT, made.company_id, made.user_id, Role.ADMIN, "Nuria Sanchis")
    support = _member(made.company_id, "Toni Ferrandis", Role.SUPPORT)
    marketing = _member(made.company_id, "Aina Pons", Role.MARKETING)
    values = {
        "phone_number_id": number_id,
        "waba_id": "209715200445566",
        "access_token": "EAAtestaccesstoken",
        "app_secret": APP_SECRET,
        "verify_token": "canela-en-rama",
    }
    whatsapp = channels.check("whatsapp_cloud", "WhatsApp de la tienda", values, ask_provider=False)
    webchat = channels.check("webchat", "Chat web", {"title": name, "color": "#5b2a1c"}, ask_provider=False)
    with Work(admin) as work:
        first, second = channels.create(work, whatsapp), channels.create(work, webchat)
    return Shop(
        made.company_id,
        admin,
        support,
        marketing,
        UUID(first.id),
        first.public_id,
        number_id,
        UUID(second.id),
        second.public_id,
    )


def add_template(work: Work, channel_id: UUID, **changes: Any) -> MessageTemplate:
    """An approved service template with one variable, as a sync would have stored it."""
    template = Template(
        **{
            "provider_id": "594425479261596",
            "name": "pedido_listo",
            "language": "es",
            "category": TemplateCategory.UTILITY,
            "status": TemplateStatus.APPROVED,
            "body": "Hola, {{1}}: tu pedido está listo.",
            "footer": "Café Alborada",
            "slots": (Slot("body", "1", example="Marta"),),
            **changes,
        }
    )
    row = work.add(
        MessageTemplate(
            channel_id=channel_id,
            provider_id=template.provider_id,
            name=template.name,
            language=template.language,
            category=template.category.value,
            status=template.status.value,
            changed_at=work.now,
        )
    )
    templates.take_over(work, row, template)
    work.flush()
    return row


def _member(company_id: UUID, name: str, role: Role) -> Actor:
    user_id = new_id()
    with Work(Actor(ActorKind.SYSTEM, company_id, user_id)) as work:
        work.add(
            UserAccount(
                id=user_id,
                email=f"{user_id.hex[-10:]}@alborada.example",
                name=name,
                password_hash=passwords.hash_password(PASSWORD),
                email_confirmed_at=work.now,
            )
        )
        work.flush()
        work.add(Membership(company_id=company_id, user_id=user_id, role=role))
    return Actor(ActorKind.AGENT, company_id, user_id, role, name)


def session_of(actor: Actor, *, confirmed: bool = True, **more: Any) -> SessionView:
    """What the cookie of this person would say."""
    assert actor.company_id is not None
    assert actor.user_id is not None
    assert actor.role is not None
    said: dict[str, Any] = {
        "session_id": uuid4(),
        "user_id": actor.user_id,
        "company_id": actor.company_id,
        "role": actor.role,
        "sight": actor.sight,
        "name": actor.name,
        "email": "nuria@cafealborada.es",
        "email_confirmed": confirmed,
        "has_two_factor": False,
        "two_factor_due": None,
        "lang": "es",
        "theme": "system",
        "has_sounds": True,
        "photo_id": None,
        "availability": "available",
        "company_name": "Café Alborada",
        "logo_id": None,
        "locale": "es-ES",
        "time_zone": "Europe/Madrid",
        "currency": "EUR",
        "delete_after": None,
    }
    return SessionView(**{**said, **more})


def write_in(
    shop: Shop,
    text: str = "Hola, ¿tenéis el Oaxaca?",
    *,
    who: str = "34611204873",
    at: datetime | None = None,
    **more: Any,
) -> Message:
    """A customer's WhatsApp message, as the adapter would hand it over."""
    inbound = InboundMessage(
        provider_id=more.pop("provider_id", f"wamid.{uuid4().hex}"),
        sender=more.pop("sender", Sender(who, name="Marta Soler", phone=f"+{who}")),
        at=at or now(),
        kind=more.pop("kind", MessageKind.TEXT),
        text=text,
        **more,
    )
    with Work(shop.system) as work:
        message = conversations.receive(work, work.get(Channel, shop.whatsapp_id), inbound)
    assert message is not None
    return message


def conversation(shop: Shop, conversation_id: UUID) -> Conversation:
    with Work(shop.system) as work:
        return work.get(Conversation, conversation_id)


def webhook(
    shop: Shop, items: Sequence[dict[str, Any]], *, number_id: str | None = None, names: dict[str, str] | None = None
) -> bytes:
    """A Meta body with these messages, in the documented envelope."""
    people = {m["from"]: (names or {}).get(m["from"], "Marta Soler") for m in items}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "34960135207", "phone_number_id": number_id or shop.number_id},
        "contacts": [{"wa_id": wa_id, "profile": {"name": name}} for wa_id, name in people.items()],
        "messages": list(items),
    }
    return envelope(value)


def envelope(value: dict[str, Any], field: str = "messages") -> bytes:
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "209715200445566", "changes": [{"field": field, "value": value}]}],
    }
    return json.dumps(body).encode()


def text_item(who: str, text: str, *, at: datetime | None = None, wamid: str | None = None) -> dict[str, Any]:
    moment = int((at or datetime.now(UTC)).timestamp())
    return {
        "from": who,
        "id": wamid or f"wamid.{uuid4().hex}",
        "timestamp": str(moment),
        "type": "text",
        "text": {"body": text},
    }


def signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}", "content-type": "application/json"}
