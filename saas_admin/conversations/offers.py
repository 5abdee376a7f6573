"""Which templates may be sent in a thread, best first, with what we can fill in by ourselves."""

import re
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from saas_admin.adapters.channels.content import Slot, SlotKind, Template, TemplateCategory, TemplateStatus
from saas_admin.channels import templates
from saas_admin.conversations import gate
from saas_admin.conversations.views import SlotView, TemplatesView, TemplateView
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Company, Conversation, Customer, MessageTemplate

_NAME = re.compile(r"(?i)nombre|name|nome|cliente|customer")
_RANK = {TemplateCategory.UTILITY: 0, TemplateCategory.MARKETING: 1, TemplateCategory.AUTHENTICATION: 2}


@requires(Permission.CONVERSATIONS_REPLY)
def list_templates(work: Work, conversation_id: UUID) -> TemplatesView:
    """Approved templates of the thread's channel: the customer's language, then service before promotion, then the simplest."""
    conversation = work.get(Conversation, conversation_id)
    customer = work.get(Customer, conversation.customer_id)
    language = (customer.language or work.get(Company, work.company_id).locale)[:2].lower()
    of_channel = col(MessageTemplate.channel_id) == conversation.channel_id
    rows = work.all(select(MessageTemplate).where(of_channel, col(MessageTemplate.status) == TemplateStatus.APPROVED))
    pairs = [(row, template) for row in rows if (template := templates.content_of(row)).is_sendable]
    known = work.session.scalar(
        select(func.count()).where(of_channel, col(MessageTemplate.company_id) == work.company_id)
    )
    pairs.sort(key=lambda pair: _order(pair[1], language))
    first_name = customer.name.split(" ")[0]
    return TemplatesView(
        conversation_id=str(conversation.id),
        templates=[_view(row, template, first_name) for row, template in pairs],
        may_advertise=gate.may_advertise(work, conversation),
        pending=int(known or 0) - len(pairs),
    )


def _order(template: Template, language: str) -> tuple[bool, int, int, str]:
    is_foreign = not template.language.lower().startswith(language)
    return (is_foreign, _RANK[template.category], len(_asked(template)), template.name)


def _asked(template: Template) -> list[Slot]:
    return [slot for slot in template.slots if slot.kind is not SlotKind.PAYLOAD]


def _view(row: MessageTemplate, template: Template, first_name: str) -> TemplateView:
    return TemplateView(
        id=str(row.id),
        name=template.name,
        language=template.language,
        category=template.category.value,
        header=template.header,
        header_kind=template.header_kind,
        body=template.body,
        footer=template.footer,
        buttons=[{"kind": b.kind, "title": b.title, "value": b.value} for b in template.buttons],
        slots=[
            SlotView(slot.key, slot.kind.value, slot.name, slot.example, first_name if _NAME.search(slot.name) else "")
            for slot in _asked(template)
        ],
    )
