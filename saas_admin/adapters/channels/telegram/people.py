"""Who is at the other end: in a private chat the person, in a group the group itself, whose members are named in `data`."""

from typing import Any

from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.reading import mapping, only, optional, text
from saas_admin.adapters.channels.telegram import ids
from saas_admin.core.phone import to_e164

_GROUPS = ("group", "supergroup")


def is_group(found: dict[str, Any]) -> bool:
    return text(mapping(found.get("chat")).get("type"), 20) in _GROUPS


def sender(found: dict[str, Any]) -> base.Sender | None:
    """The customer of a message-like object; None when it names neither chat nor person."""
    chat, person = mapping(found.get("chat")), mapping(found.get("from"))
    external_id = ids.chat_of(found) or text(person.get("id"), 40).strip()
    if not external_id:
        return None
    if is_group(found):
        return base.Sender(
            external_id, name=optional(chat.get("title"), 120), username=optional(chat.get("username"), 64)
        )
    # What the owner of a business account writes is told with the customer's chat, but `from` is the owner.
    about = chat if is_owner(found) else person
    return base.Sender(
        external_id,
        name=name(about) or name(chat),
        phone=_own_phone(found),
        username=optional(about.get("username"), 64) or optional(chat.get("username"), 64),
    )


def is_owner(found: dict[str, Any]) -> bool:
    """Whether the owner of a business account (or a bot for them) wrote it: whoever is not the chat's person."""
    if not text(found.get("business_connection_id"), 100):
        return False
    chat_id, author_id = mapping(found.get("chat")).get("id"), mapping(found.get("from")).get("id")
    return bool(mapping(found.get("sender_business_bot"))) or (author_id is not None and author_id != chat_id)


def author(found: dict[str, Any]) -> dict[str, Any]:
    """Who of a group wrote, or on whose behalf (anonymous admins, linked channels)."""
    if not is_group(found):
        return {}
    person = mapping(found.get("sender_chat")) or mapping(found.get("from"))
    return only({"id": text(person.get("id"), 40), "name": name(person), "username": text(person.get("username"), 64)})


def name(found: dict[str, Any]) -> str | None:
    parts = [text(found.get(key), 120).strip() for key in ("first_name", "last_name")]
    return (" ".join(filter(None, parts)) or text(found.get("title"), 120).strip())[:120].strip() or None


def _own_phone(found: dict[str, Any]) -> str | None:
    """A shared contact is the sender's own number only when it carries the sender's own id."""
    contact, person = mapping(found.get("contact")), mapping(found.get("from"))
    if contact.get("user_id") is None or contact.get("user_id") != person.get("id"):
        return None
    written = text(contact.get("phone_number"), 40).strip()
    # Telegram leaves the plus out or not, by the app that sent it.
    return to_e164(written if written.startswith("+") else f"+{written}") if written else None
