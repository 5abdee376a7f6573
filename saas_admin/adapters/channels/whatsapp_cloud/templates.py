"""Meta's templates in our words: texts, variables, buttons, and whether we can fill all of it in."""

import re
from collections.abc import Iterator
from typing import Any

from saas_admin.adapters.channels.content import (
    Slot,
    SlotKind,
    Template,
    TemplateButton,
    TemplateCategory,
    TemplateStatus,
)
from saas_admin.adapters.channels.reading import items, mapping, text

_VARIABLE = re.compile(r"{{\s*([A-Za-z0-9_]{1,60})\s*}}")
_STATUSES = {
    "APPROVED": TemplateStatus.APPROVED,
    "REINSTATED": TemplateStatus.APPROVED,
    "UNPAUSED": TemplateStatus.APPROVED,
    "UNARCHIVED": TemplateStatus.APPROVED,
    # Disliked by customers and warned about, but it still leaves.
    "FLAGGED": TemplateStatus.APPROVED,
    "PENDING": TemplateStatus.PENDING,
    "IN_APPEAL": TemplateStatus.PENDING,
    "REJECTED": TemplateStatus.REJECTED,
    "PAUSED": TemplateStatus.PAUSED,
    "LOCKED": TemplateStatus.PAUSED,
    "DISABLED": TemplateStatus.DISABLED,
    "ARCHIVED": TemplateStatus.DISABLED,
    "DELETED": TemplateStatus.DISABLED,
    "PENDING_DELETION": TemplateStatus.DISABLED,
    "LIMIT_EXCEEDED": TemplateStatus.DISABLED,
}
_CATEGORIES = {
    "MARKETING": TemplateCategory.MARKETING,
    "UTILITY": TemplateCategory.UTILITY,
    "TRANSACTIONAL": TemplateCategory.UTILITY,
    "AUTHENTICATION": TemplateCategory.AUTHENTICATION,
    "OTP": TemplateCategory.AUTHENTICATION,
}
_FILES = {"IMAGE": SlotKind.IMAGE, "VIDEO": SlotKind.VIDEO, "DOCUMENT": SlotKind.DOCUMENT}
_BUTTONS = {
    "QUICK_REPLY": "reply",
    "URL": "url",
    "PHONE_NUMBER": "phone",
    "COPY_CODE": "copy",
    "VOICE_CALL": "voice_call",
}
"""Those we can fill in; what asks for more (OTP, FLOW, CATALOG, MPM, SPM …) is shown and cannot be sent."""
_PARTS = ("HEADER", "BODY", "FOOTER", "BUTTONS")
_MOST = 20


def read(found: dict[str, Any]) -> Template | None:
    """One row of `message_templates`; None without a name or a language."""
    name, language = text(found.get("name"), 512), language_of(found.get("language"))
    if not name or not language:
        return None
    parts = {text(mapping(part).get("type"), 40).upper(): mapping(part) for part in items(found.get("components"))}
    header, body = parts.get("HEADER", {}), parts.get("BODY", {})
    header_kind = text(header.get("format"), 20).upper() if header else ""
    buttons = [mapping(button) for button in items(parts.get("BUTTONS", {}).get("buttons"))[:_MOST]]
    category = category_of(found.get("category")) or TemplateCategory.MARKETING
    kinds = {text(button.get("type"), 40).upper() for button in buttons}
    is_simple = set(parts) <= set(_PARTS) and kinds <= set(_BUTTONS)
    return Template(
        provider_id=text(found.get("id"), 120),
        name=name,
        language=language,
        category=category,
        status=status_of(found.get("status")) or TemplateStatus.PENDING,
        body=text(body.get("text"), 4096),
        header=text(header.get("text"), 200) if header_kind == "TEXT" else "",
        header_kind=header_kind.lower(),
        footer=text(parts.get("FOOTER", {}).get("text"), 200),
        buttons=tuple(_button(button) for button in buttons),
        slots=(*_header_slots(header, header_kind), *_body_slots(body), *_button_slots(buttons)),
        is_named=text(found.get("parameter_format"), 20).upper() == "NAMED" or _has_names(header, body),
        quality=quality_of(mapping(found.get("quality_score")).get("score")) or "",
        reason=reason_of(found.get("rejected_reason")),
        is_sendable=is_simple
        and header_kind in ("", "TEXT", *_FILES)
        and "BODY" in parts
        and category is not TemplateCategory.AUTHENTICATION,
    )


def status_of(word: Any) -> TemplateStatus | None:
    return _STATUSES.get(text(word, 40).upper())


def category_of(word: Any) -> TemplateCategory | None:
    return _CATEGORIES.get(text(word, 40).upper())


def quality_of(word: Any) -> str | None:
    """`green`, `yellow`, `red`, nothing for "not known yet", None for no answer."""
    said = text(word, 20).upper()
    return ("" if said == "UNKNOWN" else said.lower()) if said in ("GREEN", "YELLOW", "RED", "UNKNOWN") else None


def reason_of(word: Any) -> str:
    said = text(word, 300)
    return "" if said.upper() in ("NONE", "NULL") else said


def language_of(word: Any) -> str:
    """Lists say `pt_BR`, some webhooks `pt-BR`."""
    return text(word, 16).replace("-", "_")


def _header_slots(header: dict[str, Any], kind: str) -> Iterator[Slot]:
    example = mapping(header.get("example"))
    if kind == "TEXT":
        yield from _text_slots("header", header.get("text"), example, "header_text")
    elif kind in _FILES:
        handles = items(example.get("header_handle"))
        yield Slot("header", "1", _FILES[kind], example=text(handles[0], 2000) if handles else "")


def _body_slots(body: dict[str, Any]) -> Iterator[Slot]:
    return _text_slots("body", body.get("text"), mapping(body.get("example")), "body_text")


def _text_slots(part: str, words: Any, example: dict[str, Any], key: str) -> Iterator[Slot]:
    rows = items(example.get(key))
    # A body's examples are a list of lists, a header's a plain one.
    values = items(rows[0]) if rows and isinstance(rows[0], list) else rows
    named = {text(mapping(row).get("param_name"), 60): row for row in items(example.get(f"{key}_named_params"))}
    for name in list(dict.fromkeys(_VARIABLE.findall(text(words))))[: 2 * _MOST]:
        position = int(name[:4]) - 1 if name.isdecimal() else -1
        said = values[position] if 0 <= position < len(values) else mapping(named.get(name)).get("example")
        yield Slot(part, name, example=text(said, 1000))


def _button_slots(buttons: list[dict[str, Any]]) -> Iterator[Slot]:
    for index, button in enumerate(buttons):
        kind = text(button.get("type"), 40).upper()
        said = button.get("example")
        rows = items(said) or [said]
        example = text(rows[0], 2000)
        if kind == "QUICK_REPLY":
            yield Slot("button", "1", SlotKind.PAYLOAD, index)
        elif kind == "URL" and (names := _VARIABLE.findall(text(button.get("url"), 2000))):
            yield Slot("button", names[0], SlotKind.URL_SUFFIX, index, example)
        elif kind == "COPY_CODE":
            yield Slot("button", "1", SlotKind.CODE, index, example)


def _button(button: dict[str, Any]) -> TemplateButton:
    kind = text(button.get("type"), 40).upper()
    value = text(button.get("url"), 2000) or text(button.get("phone_number"), 40)
    return TemplateButton(_BUTTONS.get(kind, kind.lower()), text(button.get("text"), 200), value)


def _has_names(*parts: dict[str, Any]) -> bool:
    names = [name for part in parts for name in _VARIABLE.findall(text(part.get("text")))]
    return any(not name.isdecimal() for name in names)
