"""Files in messages: what a person uploads, what a provider keeps for us. Types are read from the bytes, never believed."""

import io
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import BinaryIO
from uuid import UUID

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import MEGABYTE, FetchedMedia, Media, MessageKind, SendError
from saas_admin.conversations import live
from saas_admin.conversations.messages import attachment_view
from saas_admin.conversations.trail import touch
from saas_admin.conversations.views import AttachmentView
from saas_admin.core import files, secrets
from saas_admin.core.actor import Actor
from saas_admin.core.errors import Invalid
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import Attachment, Channel, Conversation, Message
from saas_admin.models.message import AttachmentState

log = logging.getLogger(__name__)

MAX_FETCH = 100 * MEGABYTE
HEAD = 8192
"""So many bytes tell what a file is."""
MAX_PIXELS = 50_000_000
THUMB = 640
UNKNOWN = "application/octet-stream"
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


@dataclass(frozen=True)
class _Kept:
    """What was written to the disk of one file."""

    kind: MessageKind
    mime: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    has_thumb: bool = False


@requires(Permission.CONVERSATIONS_REPLY)
def upload(work: Work, source: BinaryIO, filename: str) -> AttachmentView:
    """Keep a file until an answer takes it along. Up to what any channel carries: which one it goes to is known then."""
    return attachment_view(store_upload(work, source, filename, f"user:{work.actor.user_id}"))


def store_upload(work: Work, source: BinaryIO, filename: str, uploaded_by: str) -> Attachment:
    name = safe_name(filename)
    head = source.read(HEAD)
    if not head:
        raise Invalid("file_empty")
    limit = registry.largest(sniff(head, name).kind)
    if source.seek(0, io.SEEK_END) > limit:
        raise Invalid("file_too_large", limit=limit // MEGABYTE)
    attachment = Attachment(kind="document", mime=UNKNOWN, filename=name, uploaded_by=uploaded_by, created_at=work.now)
    work.add(attachment)
    kept = _keep(work.company_id, attachment.id, source, name)
    attachment.kind = kept.kind.value
    _describe(attachment, kept)
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
    return Sniffed(MessageKind.DOCUMENT, mime if mime.startswith("application/") else UNKNOWN)


def safe_name(name: str | None) -> str:
    """The last part of a file's name without control characters; never used as a path."""
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[:120].strip() or "archivo"


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
        name = attachment.filename
    with files.scratch() as source:
        try:
            fetched = adapter.fetch_media(settings, keys, wanted, MAX_FETCH, source)
        except SendError as error:
            if not error.failure.can_retry or tries >= FETCH_TRIES:
                _record(company_id, attachment_id, partial(_set_failed, problem=error.failure.code.value))
            return
        kept = _keep_as_sent(company_id, attachment_id, source, name or fetched.filename)
    _record(company_id, attachment_id, partial(_set_fetched, fetched=fetched, kept=kept))


def _record(company_id: UUID, attachment_id: UUID, change: Callable[[Attachment], None]) -> None:
    with Work(Actor.system(company_id)) as work:
        attachment = work.get(Attachment, attachment_id)
        if attachment.message_id is None:
            return
        message = work.get(Message, attachment.message_id)
        conversation = work.get(Conversation, message.conversation_id, lock=True)
        work.session.refresh(attachment)
        # The job and a sweep may both have fetched it: the first to come here has told already.
        if attachment.state is not AttachmentState.PENDING:
            return
        change(attachment)
        touch(work, conversation, message)
        live.tell_message(work, message)


def _set_fetched(attachment: Attachment, fetched: FetchedMedia, kept: _Kept) -> None:
    attachment.filename = attachment.filename or (safe_name(fetched.filename) if fetched.filename else None)
    is_image = kept.kind is MessageKind.IMAGE
    if attachment.kind == MessageKind.IMAGE and not is_image:
        attachment.kind = kept.kind.value
    _describe(attachment, kept)
    if attachment.kind == MessageKind.STICKER and not is_image:
        attachment.mime = UNKNOWN


def _set_failed(attachment: Attachment, problem: str) -> None:
    attachment.state = AttachmentState.FAILED
    attachment.error_code = problem


def _describe(attachment: Attachment, kept: _Kept) -> None:
    attachment.mime, attachment.size, attachment.sha256 = kept.mime, kept.size, kept.sha256
    attachment.width, attachment.height, attachment.has_thumb = kept.width, kept.height, kept.has_thumb
    attachment.state = AttachmentState.STORED
    attachment.next_attempt_at = None


def _keep_as_sent(company_id: UUID, file_id: UUID, source: BinaryIO, filename: str | None) -> _Kept:
    """A customer's picture that is none after all is kept undisplayed: there is nobody to ask for a better one."""
    try:
        return _keep(company_id, file_id, source, filename)
    except Invalid:
        return _keep_bytes(company_id, file_id, source, Sniffed(MessageKind.DOCUMENT, UNKNOWN))


def _keep(company_id: UUID, file_id: UUID, source: BinaryIO, filename: str | None) -> _Kept:
    """Write the file; an image is decoded once, turned upright and stripped of what a camera wrote into it."""
    source.seek(0)
    found = sniff(source.read(HEAD), filename)
    if found.kind is not MessageKind.IMAGE:
        return _keep_bytes(company_id, file_id, source, found)
    image = _clean_image(source, found.mime)
    if image.small:
        files.write(company_id, file_id, image.small, variant="thumb")
    kept = _keep_bytes(company_id, file_id, image.clean or source, found)
    return replace(kept, width=image.width, height=image.height, has_thumb=image.small is not None)


def _keep_bytes(company_id: UUID, file_id: UUID, source: BinaryIO, found: Sniffed) -> _Kept:
    source.seek(0)
    written = files.write(company_id, file_id, source)
    return _Kept(found.kind, found.mime, written.size, written.sha256)


@dataclass(frozen=True)
class _Image:
    width: int
    height: int
    clean: BinaryIO | None = None
    """None: kept as it was sent."""
    small: BinaryIO | None = None


def _clean_image(source: BinaryIO, mime: str) -> _Image:
    """Re-encode (metadata and hidden payloads go) and draw a small one; what moves is left as it is."""
    source.seek(0)
    try:
        with Image.open(source) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Invalid("image_too_large")
            if mime == "image/gif" or getattr(image, "is_animated", False):
                return _Image(*image.size)
            upright = ImageOps.exif_transpose(image)
            kind = {"image/png": "PNG", "image/webp": "WEBP"}.get(mime, "JPEG")
            if kind == "JPEG" and upright.mode != "RGB":
                upright = upright.convert("RGB")
            clean, small = io.BytesIO(), io.BytesIO()
            upright.save(clean, kind, **({"quality": 90} if kind != "PNG" else {}))
            preview = upright.convert("RGBA" if kind != "JPEG" else "RGB")
            preview.thumbnail((THUMB, THUMB))
            preview.save(small, "WEBP", quality=80)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError) as error:
        log.info("an image could not be read: %s", type(error).__name__)
        raise Invalid("image_broken") from error
    clean.seek(0)
    small.seek(0)
    return _Image(*upright.size, clean, small)
