"""A webhook body becomes one item: its parameters with the moment they came, since Twilio tells no time."""

import hashlib
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from saas_admin.adapters.channels.base import BrokenPayload, RawItem
from saas_admin.adapters.channels.reading import dump, items, load, mapping, text
from saas_admin.adapters.channels.twilio import addresses
from saas_admin.adapters.channels.twilio.signature import read_form

CALLBACK = "m"
"""Our message id in the address of a status callback: it comes back even when the answer to the send never did."""
_LONGEST_KEY = 200
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\[\]-]*")
_SIDS = ("MessageSid", "SmsMessageSid", "SmsSid")
_INBOUND = ("received", "receiving")


@dataclass(frozen=True)
class Form:
    values: dict[str, Any]
    at: Any
    callback: str

    def text(self, name: str, limit: int = 4 * 4096) -> str:
        """One value; of a repeated name the first."""
        found = self.values.get(name)
        return text((items(found) or [""])[0] if isinstance(found, list) else found, limit)

    def first(self, *names: str, limit: int = 200) -> str:
        return next((found for name in names if (found := self.text(name, limit).strip())), "")

    @property
    def sid(self) -> str:
        return self.first(*_SIDS)

    @property
    def status(self) -> str:
        return self.first("MessageStatus", "SmsStatus", limit=60).lower()

    @property
    def kind(self) -> str:
        """`message`, `status`, or `unknown` for the webhook of another product."""
        if self.status in _INBOUND or ("MessageStatus" not in self.values and {"Body", "NumMedia"} & set(self.values)):
            return "message"
        return "status" if self.status else "unknown"


def split(body: bytes, url: str = "") -> list[RawItem]:
    """Raises BrokenPayload when it is neither a form nor a JSON object."""
    form = read(body, url)
    payload = dump({"form": form.values, "at": form.at, **({"callback": form.callback} if form.callback else {})})
    return [RawItem(_address(form), _key(form), form.kind, payload)]


def read(body: bytes, url: str = "") -> Form:
    """A form, a JSON object, or an item made from either before."""
    if not body.lstrip().startswith(b"{"):
        return Form(_fields(body), round(time.time(), 3), _callback(url))
    loaded = load(body)
    if isinstance(loaded.get("form"), dict):
        return Form(mapping(loaded["form"]), loaded.get("at"), text(loaded.get("callback"), 100))
    if not loaded:
        raise BrokenPayload("an empty object")
    return Form(loaded, round(time.time(), 3), _callback(url))


def _fields(body: bytes) -> dict[str, Any]:
    try:
        pairs = read_form(body)
    except ValueError as error:
        raise BrokenPayload(f"not a form: {type(error).__name__}") from None
    if b"=" not in body or not any(_NAME.fullmatch(name) for name, _ in pairs):
        raise BrokenPayload("not a form")
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = value if name not in found else [*_listed(found[name]), value]
    return found


def _listed(value: Any) -> list[Any]:
    return items(value) if isinstance(value, list) else [value]


def _callback(url: str) -> str:
    return text(parse_qs(urlsplit(url).query).get(CALLBACK, [""])[0], 100) if "?" in url else ""


def _address(form: Form) -> str:
    """Our end of a customer's message: the number and, where it is one of a service's, the service too.

    A receipt comes to the address that its message named, so it needs none.
    """
    if form.kind != "message":
        return ""
    ours = (addresses.spelled(form.text("To", 64)), form.first("MessagingServiceSid", limit=40))
    return " ".join(part.replace(" ", "") for part in ours if part)[:64]


def _key(form: Form) -> str:
    sid, key = form.sid, ""
    if sid and form.kind == "message":
        key = f"sms:{sid}"
    elif sid and form.kind == "status":
        key = f"status:{sid}:{form.status}"
    if key and len(key) <= _LONGEST_KEY:
        return key
    return f"{form.kind}:{hashlib.sha256(dump(form.values)).hexdigest()}"
