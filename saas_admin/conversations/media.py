"""Files in messages: what a person uploads, what a provider keeps for us. Types are read from the bytes, never believed."""

import hashlib
import io
import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import FetchedMedia, Media, MessageKind, SendError
from saas_admin.conversations import live
from saas_admin.conversations.messages import attachment_view
from saas_admin.conversations.receive import touch
from saas_admin.conversations.views import AttachmentView
from saas_admin.core import files, secrets
from saas_admin.core.actor import Actor
from saas_admin.core.errors import Invalid
from saas_admin.core.permissions import Permission, requires, system_only
from saas_admin.core.work import Work
from saas_admin.models import Attachment, Channel, Conversation, Message
from saas_admin.models.message import AttachmentState

log = logging.getLogger(__name__)

MAX_UPLOAD = 16_000_000
MAX_FETCH = 100_000_000
MAX_PIXELS = 50_000_000
THUMB = 640
FETCH_TRIES = 5

# Bytes that sniffing cannot tell from plain text or a zip, by the extension of their name.
_BY_NAME = {
    "csv": "text/csv",
    "txt": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_INLINE_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


@dataclass(frozen=True)
class Sniffed:
    kind: MessageKind
    mime: str


@requires(Permission.CONVERSATIONS_REPLY)
def upload(work: Work, content: bytes, filename: str) -> AttachmentView:
    """Keep a file until an answer takes it along."""
    return attachment_view(store_upload(work, content, filename, f"user:{work.actor.user_id}"))


def store_upload(work: Work, content: bytes, filename: str, uploaded_by: str) -> Attachment:
    if not content:
        raise Invalid("file_empty")
    if len(content) > MAX_UPLOAD:
        raise Invalid("file_too_large", limit=MAX_UPLOAD // 1_000_000)
    attachment = Attachment(
        kind="document", mime="application/octet-stream", filename=safe_name(filename), uploaded_by=uploaded_by
    )
    work.add(attachment)
    _keep(work, attachment, content)
    work.flush()
    return attachment


def sniff(content: bytes, filename: str | None = None) -> Sniffed:
    """What a file is by its first bytes; anything unknown is a document to be downloaded, never shown."""
    found = filetype.guess(content)
    mime = found.mime if found else ""
    extension = (filename or "").rpartition(".")[2].lower()
    if mime in ("", "application/zip") and extension in _BY_NAME:
        return Sniffed(MessageKind.DOCUMENT, _BY_NAME[extension])
    mime = {"audio/x-wav": "audio/wav", "audio/x-m4a": "audio/mp4", "application/ogg": "audio/ogg"}.get(mime, mime)
    if mime in _INLINE_IMAGES:
        return Sniffed(MessageKind.IMAGE, mime)
    if mime.startswith("audio/"):
        return Sniffed(MessageKind.AUDIO, mime)
    if mime in ("video/mp4", "video/webm", "video/quicktime", "video/3gpp"):
        return Sniffed(MessageKind.VIDEO, mime)
    return Sniffed(MessageKind.DOCUMENT, mime if mime.startswith("application/") else "application/octet-stream")


def safe_name(name: str | None) -> str:
    """The last part of a file's name without control characters; never used as a path."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[:120].strip() or "archivo"


@system_only
def due_fetches(work: Work, ids: list[UUID]) -> list[UUID]:
    return [i for i in ids if (a := work.find(Attachment, i)) and a.state is AttachmentState.PENDING and a.message_id]


def fetch(company_id: UUID, attachment_id: UUID) -> None:
    """Download one file from its provider: asked outside any transaction, recorded in a second one."""
    with Work(Actor.system(company_id)) as work:
        attachment = work.find(Attachment, attachment_id)
        if attachment is None or attachment.state is not AttachmentState.PENDING or attachment.message_id is None:
            return
        message = work.get(Message, attachment.message_id)
        channel = work.get(Channel, message.channel_id)
        attachment.attempts += 1
        attachment.next_attempt_at = work.now + timedelta(minutes=2**attachment.attempts)
        adapter, settings, keys = registry.get(channel.kind), channel.settings, secrets.decrypt(channel.secrets)
        wanted = Media(
            kind=MessageKind(attachment.kind),
            mime=attachment.mime,
            provider_id=attachment.source.get("provider_id"),
            url=attachment.source.get("url"),
        )
        tries = attachment.attempts
    try:
        fetched = adapter.fetch_media(settings, keys, wanted, MAX_FETCH)
    except SendError as error:
        if error.failure.can_retry and tries < FETCH_TRIES:
            return
        _record_fetch(company_id, attachment_id, None, error.failure.code.value)
        return
    _record_fetch(company_id, attachment_id, fetched, None)


def _record_fetch(company_id: UUID, attachment_id: UUID, fetched: FetchedMedia | None, problem: str | None) -> None:
    with Work(Actor.system(company_id)) as work:
        attachment = work.get(Attachment, attachment_id)
        if attachment.message_id is None:
            return
        message = work.get(Message, attachment.message_id)
        conversation = work.get(Conversation, message.conversation_id, lock=True)
        if fetched:
            attachment.filename = attachment.filename or (safe_name(fetched.filename) if fetched.filename else None)
            _keep(work, attachment, fetched.content, keep_kind=True)
        else:
            attachment.state = AttachmentState.FAILED
            attachment.error_code = problem
        touch(work, conversation, message)
        live.tell_message(work, message)


def _keep(work: Work, attachment: Attachment, content: bytes, *, keep_kind: bool = False) -> None:
    """Write the file; an image is decoded once, turned upright and stripped of what a camera wrote into it."""
    found = sniff(content, attachment.filename)
    is_sticker = keep_kind and attachment.kind == MessageKind.STICKER
    if found.kind is MessageKind.IMAGE:
        content = _clean_image(work.company_id, attachment, content, found.mime)
        found = sniff(content, attachment.filename)
    if not keep_kind or (attachment.kind == MessageKind.IMAGE and found.kind is not MessageKind.IMAGE):
        attachment.kind = found.kind.value
    attachment.mime = found.mime if not is_sticker or found.kind is MessageKind.IMAGE else "application/octet-stream"
    attachment.size = len(content)
    attachment.sha256 = hashlib.sha256(content).hexdigest()
    files.write(work.company_id, attachment.id, content)
    attachment.state = AttachmentState.STORED
    attachment.next_attempt_at = None


def _clean_image(company_id: UUID, attachment: Attachment, content: bytes, mime: str) -> bytes:
    """Re-encode (metadata and hidden payloads go) and draw a small one. What is no image after all stays as sent, undisplayed."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Invalid("image_too_large")
            attachment.width, attachment.height = image.size
            if mime == "image/gif" or getattr(image, "is_animated", False):
                return content
            upright = ImageOps.exif_transpose(image)
            attachment.width, attachment.height = upright.size
            kind = {"image/png": "PNG", "image/webp": "WEBP"}.get(mime, "JPEG")
            if kind == "JPEG" and upright.mode != "RGB":
                upright = upright.convert("RGB")
            clean = io.BytesIO()
            upright.save(clean, kind, **({"quality": 90} if kind != "PNG" else {}))
            small = upright.convert("RGBA" if kind != "JPEG" else "RGB")
            small.thumbnail((THUMB, THUMB))
            thumb = io.BytesIO()
            small.save(thumb, "WEBP", quality=80)
            files.write(company_id, attachment.id, thumb.getvalue(), variant="thumb")
            attachment.has_thumb = True
            return clean.getvalue()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError) as error:
        log.info("an image could not be read: %s", type(error).__name__)
        raise Invalid("image_broken") from error
