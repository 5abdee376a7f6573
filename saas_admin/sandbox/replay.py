"""Plays a written conversation through the product's verbs with the clock turned back, and puts it on the phone as well."""

import base64
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import httpx
from sqlalchemy import select
from sqlmodel import col

from saas_admin.adapters.channels.base import (
    ContactCard,
    DeliveryStatus,
    Failure,
    FailureCode,
    InboundMessage,
    Location,
    MessageKind,
    Sender,
    StatusUpdate,
)
from saas_admin.conversations import media, receive, service
from saas_admin.core.actor import Actor
from saas_admin.core.i18n import translate
from saas_admin.core.phone import to_digits
from saas_admin.core.work import Work
from saas_admin.models import Channel, Message, Tag
from saas_admin.models.message import MessageStatus
from saas_admin.sandbox import pictures
from saas_admin.sandbox.people import FEATURED
from saas_admin.sandbox.stories import FILES, Line, Story

FIRST_TAGS = ("sale", "follow_up", "question")
OWN_TAGS = {"incident": ("Incidencia", "bad"), "pickup": ("Recogida", "c1"), "wholesale": ("Mayorista", "c4")}
_VISITORS = UUID("0f6f5b0e-6d0b-4f0e-9a53-5b3f3e0d5a11")
_DOOR = Location(39.4623301, -0.3735914, "Portal 7", "Carrer del Literat Azorín 12, València")
_RECEIPTS = {
    "2806": ([("El Mirador · 1 kg", "52,40 €"), ("Envío", "0,00 €")], "52,40 €"),
    "2831": ([("Vale regalo", "35,50 €")], "35,50 €"),
    "2838": ([("El Mirador en grano · 1 kg", "52,40 €"), ("Envío", "0,00 €")], "52,40 €"),
    "2839": (
        [("Las Nubes · 250 g × 3", "43,50 €"), ("Molinillo manual", "42,80 €"), ("DHL a Monterrey", "11,40 €")],
        "97,70 €",
    ),
}


def replay(story: Story, position: int, channel: Channel, agents: dict[str, Actor], sandbox: httpx.Client) -> None:
    """One transaction: a conversation is there as a whole or not at all. Does nothing when it is there."""
    player = _Player(story, position, channel, agents)
    with Work(Actor.system(channel.company_id)) as work:
        if not player.is_new(work):
            return
        player.play(work)
        # The past is told to nobody and sent to nobody.
        work.tell_nobody()
    if story.number:
        _put_on_phone(story, player.messages, channel, sandbox)


class _Player:
    def __init__(self, story: Story, position: int, channel: Channel, agents: dict[str, Actor]) -> None:
        self._story = story
        self._position = position
        self._channel = channel
        self._agents = agents
        self._system = Actor.system(channel.company_id)
        self.messages: list[Message] = []
        """As stored, one per line."""

    def is_new(self, work: Work) -> bool:
        query = select(Message).where(
            col(Message.channel_id) == self._channel.id, col(Message.provider_id) == self._id(0)
        )
        return work.first(query) is None

    def play(self, work: Work) -> None:
        started, sent_before = work.now, work.get(Channel, self._channel.id).last_sent_at
        for number, line in enumerate(self._story.lines):
            work.now = line.at
            message = self._answer(work, number, line) if line.author else self._write(work, number, line)
            self.messages.append(message)
            if number == self._last_answer:
                self._tag(work, message.conversation_id)
        conversation_id = self.messages[0].conversation_id
        work.now = min(started, self._story.lines[-1].at + timedelta(minutes=4))
        self._finish(work, conversation_id)
        channel = work.get(Channel, self._channel.id)
        channel.last_event_at = max(filter(None, (channel.last_event_at, self._story.lines[-1].at)))
        if self._last_answer is not None:
            channel.last_sent_at = max(filter(None, (sent_before, self._story.lines[self._last_answer].at)))

    def _write(self, work: Work, number: int, line: Line) -> Message:
        work.actor = self._system
        kind, more = _content(line)
        files: tuple[UUID, ...] = ()
        if "image" in line.marks or "voice" in line.marks:
            name, content = _file(line)
            attachment = media.store_upload(work, io.BytesIO(content), name, "visitor:demo")
            attachment.is_voice = "voice" in line.marks
            attachment.created_at = line.at
            files = (attachment.id,)
        quoted = self._last(lambda message: message.direction == "out") if "reply" in line.marks else None
        inbound = InboundMessage(self._id(number), self._sender(), line.at, kind, line.text, reply_to=quoted, **more)
        message = receive.receive(work, work.get(Channel, self._channel.id), inbound, attachment_ids=files)
        if message is None:
            raise ValueError(f"{self._story.name}: line {number} is there already")
        return message

    def _answer(self, work: Work, number: int, line: Line) -> Message:
        work.actor = self._agents[line.author]
        files: list[UUID] = []
        if "image" in line.marks or "pdf" in line.marks:
            name, content = _file(line)
            files.append(UUID(media.upload(work, io.BytesIO(content), name).id))
        quoted = (
            next((m.id for m in reversed(self.messages) if m.direction == "in"), None)
            if "reply" in line.marks
            else None
        )
        draft_id = f"demo-{self._position:03}-{number:03}"
        views = service.reply(
            work, self.messages[0].conversation_id, line.text, draft_id=draft_id, attachment_ids=files, reply_to=quoted
        )
        message = work.get(Message, UUID(views[0].id))
        message.provider_id = message.provider_id or self._id(number)
        message.status, message.next_attempt_at, message.attempts = MessageStatus.SENT, None, 1
        work.actor = self._system
        for receipt in self._receipts(message, line, is_followed=number + 1 < len(self._story.lines)):
            receive.apply_receipt(work, self._channel, receipt)
        return message

    def _receipts(self, message: Message, line: Line, *, is_followed: bool) -> list[StatusUpdate]:
        provider_id, at = message.provider_id or "", line.at + timedelta(seconds=2)
        if "failed" in line.marks:
            failure = Failure(FailureCode(line.marks["failed"]), "131026", "Message undeliverable")
            return [StatusUpdate(provider_id, DeliveryStatus.FAILED, at, failure=failure)]
        if "sent" in line.marks:
            return []
        delivered = [StatusUpdate(provider_id, DeliveryStatus.DELIVERED, at)]
        is_read = is_followed and "delivered" not in line.marks
        return [*delivered, StatusUpdate(provider_id, DeliveryStatus.READ, at)] if is_read else delivered

    def _finish(self, work: Work, conversation_id: UUID) -> None:
        owner = self._agents.get(self._story.owner)
        work.actor = owner or self._agents["nuria"]
        if owner is not None:
            service.take(work, conversation_id)
        if self._last_answer is None:
            self._tag(work, conversation_id)
        if self._story.is_closed:
            service.close(work, conversation_id)

    @property
    def _last_answer(self) -> int | None:
        return max((number for number, line in enumerate(self._story.lines) if line.author), default=None)

    def _tag(self, work: Work, conversation_id: UUID) -> None:
        """Whoever answered last tags; nobody did, so Nuria does."""
        work.actor = self._agents[self._story.lines[self._last_answer or 0].author or "nuria"]
        for key in self._story.tags:
            service.tag(work, conversation_id, _tag(work, key))

    def _sender(self) -> Sender:
        if not self._story.number:
            return Sender(f"v:{uuid5(_VISITORS, str(self._position))}", name=self._story.name or None)
        digits = to_digits(self._story.number) or self._story.number
        aliases = (self._story.number,) if digits != self._story.number else ()
        return Sender(digits, name=self._story.name or None, phone=f"+{digits}", aliases=aliases)

    def _last(self, wanted: Callable[[Message], bool]) -> str | None:
        return next((m.provider_id for m in reversed(self.messages) if wanted(m)), None)

    def _id(self, number: int) -> str:
        """The same at every start."""
        return "wamid." + base64.b64encode(f"demo:{self._position}:{number}".encode()).decode()


def _content(line: Line) -> tuple[MessageKind, dict[str, Any]]:
    if "image" in line.marks:
        return MessageKind.IMAGE, {}
    if "voice" in line.marks:
        return MessageKind.AUDIO, {}
    if "location" in line.marks:
        return MessageKind.LOCATION, {"location": _DOOR}
    if "contact" in line.marks:
        name, phone = line.marks["contact"].split(", ")
        return MessageKind.CONTACTS, {"contacts": (ContactCard(name, (phone,)),)}
    if "poll" in line.marks:
        error = {"code": 131051, "title": "Message type unknown"}
        return MessageKind.UNSUPPORTED, {
            "data": {"type": "unsupported", "errors": [error], "content": {"type": "poll"}}
        }
    return MessageKind.TEXT, {}


def _file(line: Line) -> tuple[str, bytes]:
    if "voice" in line.marks:
        path: Path = FILES / "nota-de-voz.ogg"
        return path.name, path.read_bytes()
    if "pdf" in line.marks:
        number = line.marks["pdf"]
        return f"recibo-{number}.pdf", pictures.receipt(f"#{number}", *_RECEIPTS[number])
    return f"{line.marks['image']}.jpg", pictures.photo(line.marks["image"])


def _tag(work: Work, key: str) -> UUID:
    name, color = OWN_TAGS[key] if key in OWN_TAGS else (translate(f"common.tags.{key}", "es"), "c2")
    known = work.first(select(Tag).where(col(Tag.name) == name))
    return known.id if known else UUID(service.create_tag(work, name, color).id)


# The same conversation on the customer's phone


def _put_on_phone(story: Story, messages: list[Message], channel: Channel, sandbox: httpx.Client) -> None:
    person: dict[str, Any] = {"wa_id": story.number, "name": story.name or f"+{story.number}"}
    featured = next((p for p in FEATURED if p.wa_id == story.number), None)
    if featured is not None:
        person |= {"place": featured.place, "is_featured": True}
    sandbox.post("/_control/people", json=[person]).raise_for_status()
    told = [
        {
            "id": message.provider_id,
            "is_mine": not line.author,
            "at": _seconds(line.at),
            "status": "read" if not line.author else message.status.value,
            "quoted": _quoted(message, messages),
            **_on_phone(line, sandbox),
        }
        for line, message in zip(story.lines, messages, strict=True)
        # What failed never reached a phone.
        if message.status is not MessageStatus.FAILED
    ]
    chat = {"wa_id": story.number, "phone_number_id": channel.address, "messages": told}
    sandbox.post("/_control/chats", json=[chat]).raise_for_status()


def _on_phone(line: Line, sandbox: httpx.Client) -> dict[str, Any]:
    if {"image", "voice", "pdf"} & line.marks.keys():
        name, content = _file(line)
        mime = {"jpg": "image/jpeg", "ogg": "audio/ogg", "pdf": "application/pdf"}[name.rsplit(".", 1)[1]]
        stored = sandbox.post("/phone/files", files={"file": (name, content, mime)}).raise_for_status().json()
        kind = {"image/jpeg": "image", "audio/ogg": "audio", "application/pdf": "document"}[mime]
        said = {"id": stored["id"], "caption": line.text, "voice": "voice" in line.marks}
        return {"type": kind, "content": {**said, **({"filename": name} if kind == "document" else {})}}
    if "location" in line.marks:
        place = {"latitude": _DOOR.latitude, "longitude": _DOOR.longitude, "name": _DOOR.name, "address": _DOOR.address}
        return {"type": "location", "content": place}
    if "contact" in line.marks:
        name, phone = line.marks["contact"].split(", ")
        return {
            "type": "contacts",
            "content": {"contacts": [{"name": {"formatted_name": name}, "phones": [{"phone": phone}]}]},
        }
    if "poll" in line.marks:
        return {"type": "unsupported", "content": {}}
    return {"type": "text", "content": {"body": line.text}}


def _quoted(message: Message, messages: list[Message]) -> str | None:
    return next((m.provider_id for m in messages if m.id == message.reply_to_id), None) if message.reply_to_id else None


def _seconds(at: datetime) -> float:
    return at.timestamp()
