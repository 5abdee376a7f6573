"""Tables, one file per aggregate. Importing this package registers them all (Alembic needs that)."""

from saas_admin.models.account import (
    Invitation,
    KnownDevice,
    LoginSession,
    Membership,
    OneTimeToken,
    RecoveryCode,
    UserAccount,
)
from saas_admin.models.audit import AuditEntry
from saas_admin.models.bot import AiProvider, AiUsage, Bot, BotAnswer, BotChannel, BotEpisode, HandOver
from saas_admin.models.channel import Channel, Exchange, InboundEvent, MessageTemplate
from saas_admin.models.company import Company
from saas_admin.models.conversation import Activity, Conversation, ConversationCount, ConversationTag, Tag
from saas_admin.models.customer import ConsentEvent, Customer, CustomerIdentity
from saas_admin.models.faq import Faq, FaqCategory, FaqPhrasing, FaqRevision, Knowledge
from saas_admin.models.mail import OutboundMail
from saas_admin.models.message import Attachment, Message
from saas_admin.models.sight import narrow

__all__ = [
    "Activity",
    "AiProvider",
    "AiUsage",
    "Attachment",
    "AuditEntry",
    "Bot",
    "BotAnswer",
    "BotChannel",
    "BotEpisode",
    "Channel",
    "Company",
    "ConsentEvent",
    "Conversation",
    "ConversationCount",
    "ConversationTag",
    "Customer",
    "CustomerIdentity",
    "Exchange",
    "Faq",
    "FaqCategory",
    "FaqPhrasing",
    "FaqRevision",
    "HandOver",
    "InboundEvent",
    "Invitation",
    "Knowledge",
    "KnownDevice",
    "LoginSession",
    "Membership",
    "Message",
    "MessageTemplate",
    "OneTimeToken",
    "OutboundMail",
    "RecoveryCode",
    "Tag",
    "UserAccount",
    "narrow",
]
