"""What a page needs to know of a kind of channel before there is one."""

import re
from typing import Any

from saas_admin.adapters.channels import registry

PROVIDERS = {
    "whatsapp_cloud": "Meta",
    "messenger": "Meta",
    "instagram": "Meta",
    "telegram": "Telegram",
    "twilio": "Twilio",
}
"""Who is at the other end: names, the same in every language."""
ORDER = ("whatsapp_cloud", "instagram", "messenger", "telegram", "webchat", "twilio")
_DIGITS = re.compile(r"(\[0-9\]|\\d)(\{[\d,]+\}|\+)")


def provider_of(kind: str) -> str:
    return PROVIDERS.get(kind, kind.partition("_")[0].title())


def connectable() -> list[str]:
    """The kinds there are, in the order people are offered them."""
    known = registry.kinds()
    return [kind for kind in ORDER if kind in known] + [kind for kind in known if kind not in ORDER]


def describe(kind: str) -> list[dict[str, Any]]:
    """The fields of a kind's form, in their order."""
    adapter = registry.get(kind)
    return [
        {
            "name": field.name,
            "secret": field.secret,
            "required": field.required,
            "generated": field.name in adapter.generated,
            "max_length": field.max_length,
            "digits": bool(field.pattern and _DIGITS.fullmatch(field.pattern)),
        }
        for field in adapter.fields
    ]
