"""Twilio's addresses: `+34…` by SMS, `whatsapp:+34…` or `whatsapp:US.1349…` (a hidden number) by WhatsApp, `MG…` a service."""

import re
from dataclasses import dataclass

from saas_admin.adapters.channels.reading import text
from saas_admin.core.phone import to_e164

SETTING = r"whatsapp:\+[1-9][0-9]{6,14}|\+[1-9][0-9]{6,14}|[0-9]{3,8}|MG[0-9a-fA-F]{32}"
"""A number, a WhatsApp number, a short code, or a messaging service."""
WHATSAPP = "whatsapp"
_ADDRESS = re.compile(r"([a-z_]{2,20}):(.+)", re.IGNORECASE | re.DOTALL)
_PHONE = re.compile(r"\+?[0-9]{7,20}")
_LONGEST = 160
_TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
_MMS_COUNTRIES = ("+1", "+61")


@dataclass(frozen=True)
class Address:
    channel: str
    """`whatsapp`, `messenger`, `rcs` …; empty for SMS."""
    name: str
    """The number in E.164, or whatever else names this end."""
    phone: str | None

    def __str__(self) -> str:
        return f"{self.channel}:{self.name}" if self.channel else self.name


def read(value: object) -> Address | None:
    """An address in one spelling; None when there is none."""
    written = text(value, _LONGEST).strip()
    found = _ADDRESS.fullmatch(written)
    channel, name = (found[1].lower(), found[2].strip()) if found else ("", written)
    if not name:
        return None
    phone = to_e164(name) if _PHONE.fullmatch(name) and (len(name) > 8 or name.startswith("+")) else None
    return Address(channel, phone or name, phone)


def spelled(value: object) -> str:
    found = read(value)
    return str(found) if found else ""


def is_whatsapp(sender: str) -> bool:
    return sender.lower().startswith(f"{WHATSAPP}:")


def is_service(sender: str) -> bool:
    return sender.startswith("MG")


def is_short_code(sender: str) -> bool:
    return sender.isdigit() and len(sender) <= 8


def carries_mms(sender: str) -> bool:
    """Files by SMS exist in the United States, Canada and Australia (Twilio, "MMS countries")."""
    return is_service(sender) or is_short_code(sender) or sender.startswith(_MMS_COUNTRIES)


def is_toll_free(sender: str) -> bool:
    return sender.startswith("+1") and sender[2:5] in _TOLL_FREE
