"""Who wrote. Since 2026 a number can be hidden: then `from` and `wa_id` hold a BSUID (`US.1234…`) or nothing."""

import re
from collections.abc import Iterator
from typing import Any

from saas_admin.adapters.channels.base import Sender
from saas_admin.adapters.channels.reading import items, mapping, optional, text
from saas_admin.core.phone import to_digits

_WA_ID = re.compile(r"\+?[0-9]{4,20}")
_BSUID = re.compile(r"[A-Za-z]{2}\.[A-Za-z0-9.]{1,120}")


def sender(message: dict[str, Any], contacts: Any) -> Sender | None:
    """The person under the id that stays: the number in one spelling, else the BSUID. None when neither is there."""
    contact = _contact(message, items(contacts))
    written = [text(v, 128).strip() for v in (message.get("from"), contact.get("wa_id"))]
    scoped = [text(v, 128).strip() for v in (message.get("from_user_id"), contact.get("user_id"))]
    wa_id = next((v.lstrip("+") for v in written if _WA_ID.fullmatch(v)), None)
    bsuid = next((v for v in [*scoped, *written] if _BSUID.fullmatch(v)), None)
    digits = to_digits(wa_id) if wa_id else None
    ids = [v for v in (digits, wa_id, bsuid, *written, *scoped) if v]
    if not ids:
        return None
    profile = mapping(contact.get("profile"))
    return Sender(
        external_id=ids[0],
        name=optional(profile.get("name"), 120),
        phone=f"+{digits}" if digits else None,
        username=optional(profile.get("username") or contact.get("username"), 100),
        aliases=tuple(dict.fromkeys(_aliases(ids, wa_id, bsuid))),
    )


def moved(old: Sender | None, system: dict[str, Any]) -> Sender:
    """The person under what a `system` notice calls new, with everything older as an alias."""
    new = sender({"from": system.get("wa_id") or system.get("new_wa_id"), "from_user_id": system.get("user_id")}, [])
    if old is None or new is None:
        return old or new or Sender("")
    aliases = dict.fromkeys([*new.aliases, old.external_id, *old.aliases])
    aliases.pop(new.external_id, None)
    return Sender(new.external_id, old.name, new.phone or old.phone, old.username, tuple(aliases))


def _aliases(ids: list[str], wa_id: str | None, bsuid: str | None) -> Iterator[str]:
    # The number as WhatsApp spells it stays findable: receipts and other tools use that spelling.
    yield from (v for v in (wa_id, bsuid) if v and v != ids[0])


def _contact(message: dict[str, Any], contacts: list[Any]) -> dict[str, Any]:
    known = {_same(message.get("from")), _same(message.get("from_user_id"))} - {""}
    for contact in map(mapping, contacts):
        if known & {_same(contact.get("wa_id")), _same(contact.get("user_id"))}:
            return contact
    is_sole = not known and len(contacts) == 1
    return mapping(contacts[0]) if is_sole else {}


def _same(value: Any) -> str:
    written = text(value, 128).strip()
    return (to_digits(written) if _WA_ID.fullmatch(written) else None) or written
