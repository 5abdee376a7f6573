"""A company of its own for a bench, made by the product's own verbs."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from saas_admin.accounts import service as accounts
from saas_admin.channels import service as channels
from saas_admin.core.actor import Actor, ActorKind
from saas_admin.core.config import get_settings
from saas_admin.core.permissions import Role
from saas_admin.core.work import Work
from saas_admin.platform.bench.webhooks import Number

EMAIL = "bench@saas-admin.example"
PASSWORD = "a password nobody keeps"  # noqa: S105 - of a company that is thrown away
NUMBER_ID = "104857600112233"
APP_SECRET = "9f86d081884c7d659a2feaa0c55ad015"  # noqa: S105 - the same


@dataclass(frozen=True)
class Shop:
    company_id: UUID
    admin: Actor
    whatsapp_id: UUID
    number: Number


def open_shop() -> Shop:
    with accounts.system_work() as work:
        made = accounts.register(
            work, company="Bench", name="Ana Banco", email=EMAIL, password=PASSWORD, confirmed=True
        )
    admin = Actor(ActorKind.AGENT, made.company_id, made.user_id, Role.ADMIN, "Ana Banco")
    values = {
        "phone_number_id": NUMBER_ID,
        "waba_id": "209715200445566",
        "access_token": "EAAbench",
        "app_secret": APP_SECRET,
        "verify_token": "bench",
    }
    checked = channels.check("whatsapp_cloud", "WhatsApp", values, ask_provider=False)
    with Work(admin) as work:
        created = channels.create(work, checked)
    address = urlsplit(get_settings().public_url)
    number = Number("127.0.0.1", address.port or 80, created.public_id, NUMBER_ID, APP_SECRET)
    return Shop(made.company_id, admin, UUID(created.id), number)
