"""Messages and trail lines of one thread, as views."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels.base import RETRYABLE, FailureCode, MessageKind
from saas_admin.conversations.views import (
    ActivityView,
    AttachmentView,
    AuthorView,
    FailureView,
    MessageView,
    QuoteView,
    ReceiptLine,
)
from saas_admin.core.clock import iso
from saas_admin.core.i18n import translate
from saas_admin.core.work import Work
from saas_admin.models import Activity, Attachment, Bot, BotAnswer, Customer, HandOver, Message, UserAccount
from saas_admin.models.bot import BotKind, certainty
from saas_admin.models.conversation import ActivityKind
from saas_admin.models.message import AuthorKind, MessageStatus

# A person may try these again by hand: nothing was sent, and the cause may be gone.
_RETRY_BY_HAND = RETRYABLE | {
    FailureCode.UNAUTHORISED,
    FailureCode.ACCOUNT_BLOCKED,
    FailureCode.MEDIA_REJECTED,
    FailureCode.REJECTED,
}

_MEDIA_HEADERS = ("image", "video", "document")
_WITHOUT_FILES = (MessageKind.TEXT, MessageKind.LOCATION, MessageKind.CONTACTS, MessageKind.REACTION)


def can_retry(message: Message) -> bool:
    return message.status is MessageStatus.FAILED and message.error_code in {code.value for code in _RETRY_BY_HAND}


def views_of(work: Work, messages: Sequence[Message]) -> list[MessageView]:
    """Views in the order given, of one thread or several; authors, files and quotes are read in one statement each."""
    if not messages:
        return []
    files = _attachments(work, [m.id for m in messages if m.kind not in _WITHOUT_FILES])
    quotes = _quotes(work, {m.reply_to_id for m in messages if m.reply_to_id})
    names = _names(work, {m.author_id for m in [*messages, *quotes.values()] if m.author_id})
    customers = _customer_names(work, {m.customer_id for m in messages})
    receipts = _receipts(work, {_draft_of(m) for m in messages if m.author_kind is AuthorKind.BOT and m.draft_id})
    return [
        _view(
            m,
            files.get(m.id, []),
            quotes.get(m.reply_to_id) if m.reply_to_id else None,
            names,
            customers.get(m.customer_id, ""),
            receipts.get(_draft_of(m)) if m.author_kind is AuthorKind.BOT else None,
        )
        for m in messages
    ]


def view_of(work: Work, message: Message) -> MessageView:
    work.flush()
    return views_of(work, [message])[0]


def activity_views(work: Work, activities: Sequence[Activity]) -> list[ActivityView]:
    names = _names(work, {a.actor_id for a in activities if a.actor_id})
    ends = _ends(work, [a for a in activities if a.kind is ActivityKind.HANDED_OVER])
    return [
        ActivityView(
            id=str(a.id),
            rev=a.rev,
            kind=a.kind.value,
            actor_kind=a.actor_kind,
            actor_name=names.get(a.actor_id, "") if a.actor_id else "",
            data=a.data | ends.get((a.conversation_id, a.at), {}),
            at=iso(a.at) or "",
        )
        for a in activities
    ]


def attachment_view(a: Attachment) -> AttachmentView:
    return AttachmentView(
        id=str(a.id),
        kind=a.kind,
        mime=a.mime,
        name=a.filename,
        size=a.size,
        width=a.width,
        height=a.height,
        voice=a.is_voice,
        url=f"/media/{a.id}",
        thumb_url=f"/media/{a.id}/thumb" if a.has_thumb else None,
        state=a.state.value,
    )


def _view(
    m: Message,
    files: list[Attachment],
    quote: Message | None,
    names: dict[UUID, str],
    customer_name: str,
    receipt: ReceiptLine | None,
) -> MessageView:
    return MessageView(
        id=str(m.id),
        conversation_id=str(m.conversation_id),
        rev=m.rev,
        direction=m.direction.value,
        kind=m.kind,
        text=m.text,
        status=m.status.value,
        author=_author(m, names, customer_name),
        at=iso(m.at) or "",
        created_at=iso(m.created_at) or "",
        draft_id=m.draft_id,
        attachments=[attachment_view(a) for a in files],
        location=m.data.get("location"),
        contacts=m.data.get("contacts", []),
        data=_data(m),
        reply_to=_quote(quote, names, customer_name) if quote else None,
        error=_failure(m),
        receipt=receipt,
        edited_at=iso(m.edited_at),
        revoked_at=iso(m.revoked_at),
    )


def _data(m: Message) -> dict[str, Any]:
    """What a bubble shows of the rest. Of a template only its name and what stands around its words."""
    data = {k: v for k, v in m.data.items() if k not in ("location", "contacts")}
    if template := data.get("template"):
        content = template["content"]
        data["template"] = {k: content[k] for k in ("name", "language", "category", "header_kind", "footer", "buttons")}
        has_media = content["header_kind"] in _MEDIA_HEADERS
        data["template"]["media"] = template["values"].get("header.1", "") if has_media else ""
    return data


def _author(m: Message, names: dict[UUID, str], customer_name: str) -> AuthorView:
    name = customer_name if m.author_kind == "customer" else names.get(m.author_id, "") if m.author_id else ""
    return AuthorView(m.author_kind.value, str(m.author_id) if m.author_id else None, name)


def _quote(m: Message, names: dict[UUID, str], customer_name: str) -> QuoteView:
    return QuoteView(str(m.id), m.text[:200], m.kind, _author(m, names, customer_name).name, m.direction.value)


def _failure(m: Message) -> FailureView | None:
    if m.status is not MessageStatus.FAILED or not m.error_code:
        return None
    key = f"errors.delivery.{m.error_code}"
    return FailureView(m.error_code, translate(key, "es"), translate(key, "en"), can_retry(m))


def _attachments(work: Work, ids: list[UUID]) -> dict[UUID, list[Attachment]]:
    found: dict[UUID, list[Attachment]] = {}
    if not ids:
        return found
    query = select(Attachment).where(col(Attachment.message_id).in_(ids)).order_by(col(Attachment.created_at))
    for attachment in work.all(query):
        if attachment.message_id:
            found.setdefault(attachment.message_id, []).append(attachment)
    return found


def _quotes(work: Work, ids: set[Any]) -> dict[UUID, Message]:
    return {m.id: m for m in work.all(select(Message).where(col(Message.id).in_(ids)))} if ids else {}


def _draft_of(m: Message) -> str:
    """An answer in several messages is one draft: its parts are numbered behind a `#`."""
    return (m.draft_id or "").partition("#")[0]


def _receipts(work: Work, drafts: set[str]) -> dict[str, ReceiptLine]:
    if not drafts:
        return {}
    query = (
        select(Message, BotAnswer, Bot)
        .join(
            BotAnswer,
            (col(BotAnswer.company_id) == col(Message.company_id)) & (col(BotAnswer.message_id) == col(Message.id)),
        )
        .join(Bot, (col(Bot.company_id) == col(BotAnswer.company_id)) & (col(Bot.kind) == BotKind.FAQ))
        .where(col(Message.draft_id).in_(drafts))
    )
    return {_draft_of(row.Message): receipt_line(row.BotAnswer, row.Bot) for row in work.session.execute(query)}


def receipt_line(receipt: BotAnswer, bot: Bot) -> ReceiptLine:
    """Part of a read of an answer."""
    cited = [str(s["title"]) for s in receipt.sources if s["faq_id"] == str(receipt.faq_id)]
    cited = cited or [str(s["title"]) for s in receipt.sources if s["cited"]]
    level = certainty(receipt.route, receipt.reason, receipt.probability, bot.direct_at, bot.person_at)
    return ReceiptLine(receipt.route.value, cited[0] if cited else "", level, receipt.probability if level else None)


def _ends(work: Work, handed_over: Sequence[Activity]) -> dict[tuple[UUID, datetime], dict[str, str | None]]:
    """What became of each hand-over: its line in the trail was written with it, at the same moment."""
    if not handed_over:
        return {}
    query = select(HandOver).where(
        col(HandOver.company_id) == work.company_id,
        col(HandOver.at).in_({a.at for a in handed_over}),
        col(HandOver.conversation_id).in_({a.conversation_id for a in handed_over}),
    )
    return {
        (row.conversation_id, row.at): {"answered_at": iso(row.answered_at), "ended_at": iso(row.ended_at)}
        for row in work.all(query)
    }


def _names(work: Work, ids: set[Any]) -> dict[UUID, str]:
    if not ids:
        return {}
    return {
        row.id: row.name
        for row in work.session.execute(
            select(col(UserAccount.id), col(UserAccount.name)).where(col(UserAccount.id).in_(ids))
        )
    }


def _customer_names(work: Work, ids: set[UUID]) -> dict[UUID, str]:
    found = select(col(Customer.id), col(Customer.name)).where(col(Customer.id).in_(ids))
    return {row.id: row.name for row in work.session.execute(found)}
