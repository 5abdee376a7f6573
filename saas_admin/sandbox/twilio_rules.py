"""What Twilio refuses at once, and in which words: `{code, message, more_info, status}`."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import JSONResponse

from saas_admin.sandbox.twilio_world import Account, Sender, TwilioWorld, plain

TEXT_LIMIT = 1600
MOST_FILES = 10
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_SCOPED = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{4,}")


class Refused(Exception):
    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        said = {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
        self.answer = JSONResponse({**said, "status": status}, status)


def validate(world: TwilioWorld, account: Account, form: dict[str, list[str]]) -> Sender:
    """The sender, when the message may be taken on. Raises Refused."""
    one = {name: values[0] for name, values in form.items()}
    to, body = one.get("To", ""), one.get("Body", "")
    if not to:
        raise Refused(21604, "A 'To' phone number is required.")
    if not one.get("From") and not one.get("MessagingServiceSid"):
        raise Refused(21603, "A 'From' phone number is required.")
    _content(world, one, form)
    if len(body) > TEXT_LIMIT:
        raise Refused(21617, "The concatenated message body exceeds the 1600 character limit")
    sender = _sender(world, account, one, to)
    channel, _, name = to.rpartition(":")
    if channel not in ("", "whatsapp") or not (_PHONE.fullmatch(name) or (channel and _SCOPED.fullmatch(name))):
        raise Refused(21211, f"Invalid 'To' Phone Number: {to}")
    if plain(sender.address) == plain(to):
        raise Refused(21266 if not channel else 63031, "'To' and 'From' number cannot be the same")
    _callback(one.get("StatusCallback", ""))
    if account.type == "Trial" and plain(name) not in {plain(number) for number in account.verified}:
        raise Refused(
            21608, f"The number {name} is unverified. Trial accounts cannot send messages to unverified numbers"
        )
    person = world.person_at(to)
    if person and not sender.is_whatsapp and (sender.address, person.number) in world.opted_out:
        raise Refused(21610, "Attempt to send to unsubscribed recipient")
    return sender


def _content(world: TwilioWorld, one: dict[str, str], form: dict[str, list[str]]) -> None:
    if not one.get("Body") and not one.get("MediaUrl") and not one.get("ContentSid"):
        raise Refused(21619, "A text message body or media urls must be specified.")
    if len(form.get("MediaUrl", [])) > MOST_FILES:
        raise Refused(21623, "Number of media files exceeds allowed limit.")
    if any(urlsplit(url).scheme not in ("http", "https") for url in form.get("MediaUrl", [])):
        raise Refused(21620, "Invalid media URL(s)")
    content = one.get("ContentSid", "")
    if content and content not in world.contents:
        raise Refused(21655, "The ContentSid is Invalid")
    if one.get("ContentVariables"):
        if not content:
            raise Refused(21654, "ContentSid Required")
        try:
            variables: Any = json.loads(one["ContentVariables"])
        except ValueError:
            variables = None
        if not isinstance(variables, dict):
            raise Refused(21656, "The ContentVariables Parameter is invalid")


def _sender(world: TwilioWorld, account: Account, one: dict[str, str], to: str) -> Sender:
    asked = one.get("From") or one["MessagingServiceSid"]
    sender = world.sender(account, asked)
    if sender is None:
        if asked.startswith("MG"):
            raise Refused(21701, "The Messaging Service does not exist", 404)
        if asked.startswith("whatsapp:"):
            raise Refused(63007, "Twilio could not find a Channel with the specified From address")
        raise Refused(21606, f"The 'From' phone number {asked} is not a valid, SMS-capable inbound phone number")
    if sender.is_whatsapp != to.startswith("whatsapp:"):
        raise Refused(21910, "Invalid From and To pair. From and To should be of the same channel")
    return sender


def _callback(url: str) -> None:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or "_" in parts.hostname):
        raise Refused(21609, f"Invalid 'StatusCallback': {url}")
