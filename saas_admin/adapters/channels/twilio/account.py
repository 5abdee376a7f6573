"""The account and its sender: whether the credentials work, where Twilio posts what customers write."""

from collections.abc import Mapping
from typing import Any

from saas_admin.adapters.channels.base import CheckResult, Connected, Failure, FailureCode, SendError
from saas_admin.adapters.channels.reading import items, mapping, optional, text
from saas_admin.adapters.channels.twilio import addresses, call
from saas_admin.adapters.channels.twilio.signature import FRAGMENT
from saas_admin.core import phone

_ACTIVE = "active"
_NUMBERS = ("IncomingPhoneNumbers", "PhoneNumber")
_SHORT_CODES = ("SMS/ShortCodes", "ShortCode")

Values = Mapping[str, str]


def check(settings: Values, secrets: Values) -> CheckResult:
    """Account and key belong together, the account is active, and the sender is one of its own."""
    try:
        # By the token, whatever key sends: a standard API key may not see the account itself.
        own = {name: value for name, value in settings.items() if name != "api_key_sid"}
        answer = call.ask("GET", call.account_path(settings, ""), own, secrets, total=call.CHECK_SECONDS)
        failure = call.refusal(answer, secrets)
        if failure is not None:
            return CheckResult(False, failure, field=_blamed(failure, answer.status))
        found = mapping(answer.json())
        status = text(found.get("status"), 40).lower()
        facts = _facts({"account_name": "friendly_name", "account_status": "status", "account_type": "type"}, found)
        if status and status != _ACTIVE:
            return CheckResult(False, Failure(FailureCode.ACCOUNT_BLOCKED, status, f"account is {status}"), facts)
        refused = _check_key(settings, secrets) if settings.get("api_key_sid") else None
        return refused or _check_sender(settings, secrets, facts)
    except SendError as error:
        return CheckResult(False, error.failure)


def connect(settings: Values, secrets: Values, webhook_url: str) -> Connected:
    """Post what customers write to us: set on the number, or on the WhatsApp sender where the account has it as one."""
    sender, wanted = settings["from"], f"{webhook_url}{FRAGMENT}"
    try:
        if addresses.is_whatsapp(sender):
            found = _whatsapp_sender(settings, secrets)
            if not found.get("sid"):
                return Connected(is_registered=False)
            if mapping(found.get("webhook")).get("callback_url") != wanted:
                _set_whatsapp(settings, secrets, found, wanted)
            return Connected(is_registered=True)
        kept = None if addresses.is_service(sender) else _number(settings, secrets)
        if not kept:
            return Connected(is_registered=False)
        if kept.get("sms_url") != wanted or kept.get("sms_method") != "POST":
            _set_number(settings, secrets, kept, wanted)
        return Connected(is_registered=True)
    except SendError as error:
        return Connected(is_registered=False, failure=error.failure)


def disconnect(settings: Values, secrets: Values, webhook_url: str) -> None:
    """Only what leads to us is taken away."""
    sender = settings["from"]
    if addresses.is_whatsapp(sender):
        found = _whatsapp_sender(settings, secrets)
        if found.get("sid") and _is_ours(mapping(found.get("webhook")).get("callback_url"), webhook_url):
            _set_whatsapp(settings, secrets, found, "")
    elif not addresses.is_service(sender):
        kept = _number(settings, secrets)
        if kept and _is_ours(kept.get("sms_url"), webhook_url):
            _set_number(settings, secrets, kept, "")


def _check_key(settings: Values, secrets: Values) -> CheckResult | None:
    path = call.account_path(settings, "/Messages")
    answer = call.ask("GET", path, settings, secrets, params={"PageSize": "1"}, total=call.CHECK_SECONDS)
    failure = call.refusal(answer, secrets)
    if failure is None or failure.code is not FailureCode.UNAUTHORISED:
        return None
    return CheckResult(False, failure, field="api_key_secret")


def _check_sender(settings: Values, secrets: Values, facts: dict[str, str]) -> CheckResult:
    sender = settings["from"]
    if addresses.is_service(sender):
        answer = call.ask("GET", f"/v1/Services/{sender}", settings, secrets, product="messaging")
        if answer.status == 404:
            return _not_ours(facts, "this messaging service is not one of the account's")
        name = optional(mapping(answer.json()).get("friendly_name"), 200)
        return CheckResult(True, facts={**facts, **({"verified_name": name} if name else {})})
    facts["display_phone_number"] = phone.shown(sender.rpartition(":")[2])
    if addresses.is_whatsapp(sender):
        # What the sender's own API tells is an extra: the shared trial number stands in no account.
        return CheckResult(True, facts={**facts, **_whatsapp_facts(settings, secrets)})
    found = _number(settings, secrets)
    if not found:
        return _not_ours(facts, "this number is not one of the account's")
    can = mapping(found.get("capabilities"))
    if can.get("sms", can.get("SMS", True)) is False:
        failure = Failure(FailureCode.REJECTED, "no_sms", "this number cannot send messages")
        return CheckResult(False, failure, facts, "from")
    name = optional(found.get("friendly_name"), 200)
    return CheckResult(True, facts={**facts, **({"verified_name": name} if name else {})})


def _not_ours(facts: dict[str, str], words: str) -> CheckResult:
    return CheckResult(False, Failure(FailureCode.NOT_REACHABLE, "not_in_account", words), facts, "from")


def _whatsapp_facts(settings: Values, secrets: Values) -> dict[str, str]:
    try:
        found = _whatsapp_sender(settings, secrets)
    except SendError:
        return {}
    told = _facts({"quality_rating": "quality_rating", "messaging_limit": "messaging_limit"}, found.get("properties"))
    name = optional(mapping(found.get("profile")).get("name"), 200)
    return {**told, **({"verified_name": name} if name else {})}


def _number(settings: Values, secrets: Values) -> dict[str, Any]:
    """The account's own number, or its short code; empty when it has neither."""
    sender = settings["from"]
    name, field = _SHORT_CODES if addresses.is_short_code(sender) else _NUMBERS
    path = call.account_path(settings, f"/{name}")
    params = {field: sender, "PageSize": "50"}
    said = mapping(call.call("GET", path, settings, secrets, params=params, total=call.CHECK_SECONDS))
    rows = [mapping(row) for row in items(said.get("incoming_phone_numbers")) + items(said.get("short_codes"))]
    return next((row for row in rows if sender in (row.get("phone_number"), row.get("short_code"))), {})


def _set_number(settings: Values, secrets: Values, found: dict[str, Any], url: str) -> None:
    name, _ = _SHORT_CODES if "short_code" in found else _NUMBERS
    path = call.account_path(settings, f"/{name}/{_sid(found)}")
    form = {"SmsUrl": url, "SmsMethod": "POST"}
    call.call("POST", path, settings, secrets, form=form, total=call.CHECK_SECONDS)


def _whatsapp_sender(settings: Values, secrets: Values) -> dict[str, Any]:
    wanted, path = addresses.spelled(settings["from"]), "/v2/Channels/Senders?Channel=whatsapp&PageSize=100"
    rows = call.pages(path, settings, secrets, product="messaging", key="senders")
    return next((row for row in rows if addresses.spelled(row.get("sender_id")) == wanted), {})


def _set_whatsapp(settings: Values, secrets: Values, found: dict[str, Any], url: str) -> None:
    body = {"webhook": {**mapping(found.get("webhook")), "callback_url": url, "callback_method": "POST"}}
    path = f"/v2/Channels/Senders/{_sid(found)}"
    call.call("POST", path, settings, secrets, product="messaging", body=body, total=call.CHECK_SECONDS)


def _is_ours(url: Any, webhook_url: str) -> bool:
    return text(url, 2000).split("#")[0] == webhook_url


def _sid(found: dict[str, Any]) -> str:
    sid = text(found.get("sid"), 64)
    if not sid.isalnum():
        raise SendError(Failure(FailureCode.REJECTED, "", "an answer without an id"))
    return sid


def _blamed(failure: Failure, status: int) -> str | None:
    if failure.code is not FailureCode.UNAUTHORISED:
        return None
    return "account_sid" if status == 404 else "auth_token"


def _facts(names: Mapping[str, str], found: Any) -> dict[str, str]:
    return {name: value for name, key in names.items() if (value := text(mapping(found).get(key), 200))}
