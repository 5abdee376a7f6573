"""News of the account, its numbers and its templates, told by webhook fields of their own.

Source: developers.facebook.com, WhatsApp webhooks reference (account_update, account_alerts …).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from saas_admin.adapters.channels.events import AccountNotice, Event, Severity, TemplateChanged
from saas_admin.adapters.channels.reading import items, mapping, text
from saas_admin.adapters.channels.whatsapp_cloud import templates

_EVENTS = {
    "ACCOUNT_DELETED": ("account_deleted", Severity.SERIOUS),
    "ACCOUNT_OFFBOARDED": ("account_offboarded", Severity.SERIOUS),
    "ACCOUNT_RECONNECTED": ("account_reconnected", Severity.INFO),
    "ACCOUNT_RESTRICTION": ("account_restricted", Severity.SERIOUS),
    "ACCOUNT_VIOLATION": ("account_violation", Severity.WARNING),
    "PARTNER_REMOVED": ("app_removed", Severity.SERIOUS),
    "PARTNER_APP_UNINSTALLED": ("app_removed", Severity.SERIOUS),
    "VERIFIED_ACCOUNT": ("account_verified", Severity.INFO),
}
_BANS = {
    "DISABLE": ("account_disabled", Severity.SERIOUS),
    "SCHEDULE_FOR_DISABLE": ("account_disabling", Severity.WARNING),
    "REINSTATE": ("account_reinstated", Severity.INFO),
}
_NUMBER_EVENTS = {
    "FLAGGED": ("quality_low", Severity.WARNING),
    "UNFLAGGED": ("quality_recovered", Severity.INFO),
    "DOWNGRADE": ("limit_lowered", Severity.WARNING),
    "UPGRADE": ("limit_raised", Severity.INFO),
    "THROUGHPUT_UPGRADE": ("throughput_raised", Severity.INFO),
}
_ALERTS = {"CRITICAL": Severity.WARNING, "WARNING": Severity.WARNING}
"""Even the critical ones tell of something refused (a higher limit, a badge), not of something that stopped."""
_LIMITS = {"K": 1_000, "M": 1_000_000}


def limit(said: Any) -> str:
    """How many people may be written to first in 24 hours: `TIER_2K`, 2000 and "2000" are one; `unlimited`."""
    word = text(said, 40).upper().removeprefix("TIER_")
    if word in ("UNLIMITED", "-1"):
        return "unlimited"
    factor = _LIMITS.get(word[-1:], 1)
    digits = word[:-1] if factor > 1 else word
    return str(int(digits) * factor) if digits.isdecimal() and len(digits) < 10 else ""


def read(field: str, value: dict[str, Any], at: datetime) -> Event | None:
    """What a field other than `messages` tells; None for those that mean nothing to us."""
    reader = _READERS.get(field)
    return reader(value, at) if reader else None


def _account_update(value: dict[str, Any], at: datetime) -> Event:
    event = text(value.get("event"), 60).upper()
    detail = [event]
    code, severity = _EVENTS.get(event, ("account_news", Severity.INFO))
    if event == "DISABLED_UPDATE":
        state = text(mapping(value.get("ban_info")).get("waba_ban_state"), 60).upper()
        code, severity = _BANS.get(state, ("account_news", Severity.INFO))
        detail = [event, state, text(mapping(value.get("ban_info")).get("waba_ban_date"), 60)]
    for restriction in items(value.get("restriction_info"))[:5]:
        detail.append(text(mapping(restriction).get("restriction_type"), 60))
    detail.append(text(mapping(value.get("violation_info")).get("violation_type"), 60))
    detail.append(text(mapping(value.get("disconnection_info")).get("reason"), 60))
    return AccountNotice(code, at, severity, detail=_joined(detail))


def _account_alert(value: dict[str, Any], at: datetime) -> Event:
    alert = mapping(value.get("alert_info")) or value
    severity = _ALERTS.get(text(alert.get("alert_severity"), 40).upper(), Severity.INFO)
    detail = [text(alert.get("alert_type"), 100), text(alert.get("alert_description"), 200)]
    return AccountNotice("account_alert", at, severity, detail=_joined(detail))


def _number_quality(value: dict[str, Any], at: datetime) -> Event:
    event = text(value.get("event"), 60).upper()
    code, severity = _NUMBER_EVENTS.get(event, ("number_news", Severity.INFO))
    facts = {"messaging_limit": _first_limit(value, "max_daily_conversations_per_business", "current_limit")}
    if event == "THROUGHPUT_UPGRADE":
        # Here `current_limit` speaks of the throughput, not of people a day.
        facts = {"messaging_limit": _first_limit(value, "max_daily_conversations_per_business"), "throughput": "HIGH"}
    if event == "FLAGGED":
        facts["quality_rating"] = "RED"
    detail = [event, text(value.get("display_phone_number"), 40)]
    return AccountNotice(code, at, severity, _filled(facts), _joined(detail))


def _capability(value: dict[str, Any], at: datetime) -> Event:
    names = ("max_daily_conversations_per_business", "max_daily_conversation_per_phone")
    facts = {"messaging_limit": _first_limit(value, *names)}
    return AccountNotice("limit_changed", at, Severity.INFO, _filled(facts))


def _number_name(value: dict[str, Any], at: datetime) -> Event:
    decision = text(value.get("decision"), 40).upper()
    name = text(value.get("requested_verified_name"), 200)
    facts = {"name_status": decision, "verified_name": name if decision == "APPROVED" else ""}
    code, severity = {
        "APPROVED": ("name_approved", Severity.INFO),
        "REJECTED": ("name_rejected", Severity.WARNING),
    }.get(decision, ("name_pending", Severity.INFO))
    return AccountNotice(
        code, at, severity, _filled(facts), _joined([name, templates.reason_of(value.get("rejection_reason"))])
    )


def _account_review(value: dict[str, Any], at: datetime) -> Event:
    decision = text(value.get("decision"), 40).upper()
    is_refused = decision == "REJECTED"
    code = "account_rejected" if is_refused else "account_news"
    return AccountNotice(code, at, Severity.WARNING if is_refused else Severity.INFO, detail=decision)


def _template_status(value: dict[str, Any], at: datetime) -> Event:
    event = text(value.get("event"), 40).upper()
    rejection = mapping(value.get("rejection_info"))
    other = mapping(value.get("other_info"))
    words = [
        templates.reason_of(value.get("reason")),
        text(rejection.get("reason"), 200) or text(other.get("title"), 100),
        text(other.get("description"), 150),
    ]
    return _template(
        value,
        at,
        status=templates.status_of(event),
        category=templates.category_of(value.get("message_template_category")),
        quality="red" if event == "FLAGGED" else None,
        reason=_joined(words)[:300],
    )


def _template_quality(value: dict[str, Any], at: datetime) -> Event:
    return _template(value, at, quality=templates.quality_of(value.get("new_quality_score")))


def _template_category(value: dict[str, Any], at: datetime) -> Event:
    return _template(value, at, category=templates.category_of(value.get("new_category")))


def _template_contents(value: dict[str, Any], at: datetime) -> Event:
    """Other words: the webhook gives them without category and status, so the template is fetched anew."""
    return _template(value, at)


def _template(value: dict[str, Any], at: datetime, **changed: Any) -> TemplateChanged:
    return TemplateChanged(
        provider_id=text(value.get("message_template_id"), 120),
        name=text(value.get("message_template_name"), 512),
        language=templates.language_of(value.get("message_template_language")),
        at=at,
        **changed,
    )


_READERS: dict[str, Callable[[dict[str, Any], datetime], Event]] = {
    "account_update": _account_update,
    "account_alerts": _account_alert,
    "account_review_update": _account_review,
    "phone_number_quality_update": _number_quality,
    "phone_number_name_update": _number_name,
    "business_capability_update": _capability,
    "message_template_status_update": _template_status,
    "message_template_quality_update": _template_quality,
    "message_template_components_update": _template_contents,
    "template_category_update": _template_category,
}


def _first_limit(value: dict[str, Any], *names: str) -> str:
    return next((found for name in names if (found := limit(value.get(name)))), "")


def _filled(facts: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in facts.items() if value}


def _joined(words: list[str]) -> str:
    return " · ".join(word for word in words if word)
