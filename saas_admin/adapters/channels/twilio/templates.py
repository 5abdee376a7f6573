"""Twilio Content as templates: one content may have several forms; the one with the most to say is shown and sent.

Source: twilio.com/docs/content/content-types-overview and the official OpenAPI of content.twilio.com.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from saas_admin.adapters.channels.base import Failure, FailureCode, SendError
from saas_admin.adapters.channels.content import (
    Slot,
    SlotKind,
    Template,
    TemplateButton,
    TemplateCategory,
    TemplateStatus,
)
from saas_admin.adapters.channels.reading import items, mapping, text
from saas_admin.adapters.channels.twilio import call

_STATUSES = {
    "approved": TemplateStatus.APPROVED,
    "rejected": TemplateStatus.REJECTED,
    "paused": TemplateStatus.PAUSED,
    "disabled": TemplateStatus.DISABLED,
}
"""`received`, `pending` and `unsubmitted` wait for somebody."""
_UNSUBMITTED = "unsubmitted"
_CATEGORIES = {
    "utility": TemplateCategory.UTILITY,
    "transactional": TemplateCategory.UTILITY,
    "authentication": TemplateCategory.AUTHENTICATION,
    "otp": TemplateCategory.AUTHENTICATION,
}
"""Whatever else is taken for advertising, which has the stricter rules."""
_TYPES = (
    *("whatsapp/card", "whatsapp/authentication", "twilio/card", "twilio/quick-reply", "twilio/call-to-action"),
    *("twilio/list-picker", "twilio/media", "twilio/location", "twilio/text"),
)
_BUTTONS = {
    "QUICK_REPLY": "reply",
    "URL": "url",
    "PHONE_NUMBER": "phone",
    "COPY_CODE": "copy",
}
_VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]{1,100})\s*\}\}")
_ENDINGS = {
    "video": (".mp4", ".3gp", ".mov"),
    "document": (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".txt"),
}
_MEDIA_SLOTS = {"image": SlotKind.IMAGE, "video": SlotKind.VIDEO, "document": SlotKind.DOCUMENT}

Values = Mapping[str, str]


def templates(settings: Values, secrets: Values) -> list[Template]:
    """All contents of the account with what WhatsApp said of each. Raises SendError."""
    found = [template for row in _rows(settings, secrets) if (template := of_content(row)) is not None]
    taken: set[tuple[str, str]] = set()
    for position, template in enumerate(found):
        if (template.name, template.language) in taken:
            # Twilio allows one name twice; a person must be able to tell them apart.
            found[position] = replace(template, name=f"{template.name} ({template.provider_id[-6:]})")
        taken.add((found[position].name, template.language))
    return found


def of_content(content: Mapping[str, Any]) -> Template | None:
    """None without an id or any form."""
    sid, types = text(content.get("sid"), 120), mapping(content.get("types"))
    if not sid or not types:
        return None
    approval = mapping(content.get("approval_requests"))
    kind = next((name for name in (approval.get("content_type"), *_TYPES) if name in types and name in _TYPES), None)
    form = mapping(types.get(kind or next(iter(types))))
    status = text(approval.get("status"), 40).lower()
    category = _CATEGORIES.get(text(approval.get("category"), 40).lower())
    if category is None and "authentication" in (kind or ""):
        category = TemplateCategory.AUTHENTICATION
    examples = mapping(content.get("variables"))
    header, header_kind = _header(form, examples)
    buttons = tuple(_buttons(form, kind or ""))
    body = _body(form, kind)
    slots = tuple(_slots(header, header_kind, body, buttons, form, examples))
    return Template(
        provider_id=sid,
        name=text(content.get("friendly_name"), 400).strip() or text(approval.get("name"), 400).strip() or sid,
        language=text(content.get("language"), 16) or "es",
        category=category or TemplateCategory.MARKETING,
        status=_STATUSES.get(status, TemplateStatus.PENDING),
        body=body,
        header=header if header_kind == "text" else "",
        header_kind=header_kind,
        footer=text(form.get("footer") or form.get("subtitle"), 200),
        buttons=buttons,
        slots=slots,
        is_named=any(not slot.name.isdigit() for slot in slots),
        reason=text(approval.get("rejection_reason"), 300) or (_UNSUBMITTED if status in ("", _UNSUBMITTED) else ""),
        is_sendable=kind is not None,
    )


def _rows(settings: Values, secrets: Values) -> Iterator[dict[str, Any]]:
    options = {"product": "content", "key": "contents"}
    try:
        yield from call.pages("/v1/ContentAndApprovals?PageSize=100", settings, secrets, **options)
    except SendError as error:
        if error.failure.provider_code not in ("20404", "http 404", "http 405", "http 501"):
            raise
        # A server that stands in for Twilio and has only the plain lists.
        for row in call.pages("/v1/Content?PageSize=100", settings, secrets, **options):
            yield {**row, "approval_requests": _approval(row, settings, secrets)}


def _approval(row: Mapping[str, Any], settings: Values, secrets: Values) -> dict[str, Any]:
    sid = text(row.get("sid"), 64)
    if not sid.isalnum():
        raise SendError(Failure(FailureCode.REJECTED, "", "a content without an id"))
    answer = call.ask("GET", f"/v1/Content/{sid}/ApprovalRequests", settings, secrets, product="content")
    return mapping(mapping(answer.json()).get("whatsapp")) if answer.is_success else {}


def _body(form: Mapping[str, Any], kind: str | None) -> str:
    said = text(form.get("body"), 4000) or text(form.get("title"), 4000)
    if kind == "twilio/location":
        said = said or text(form.get("label"), 300) or text(form.get("address"), 300)
    return said


def _header(form: Mapping[str, Any], examples: Mapping[str, Any]) -> tuple[str, str]:
    """What stands on top and its kind; of a file, its address. An example may tell the kind of a file that varies."""
    files = items(form.get("media"))
    url = text(files[0], 2000) if files else text(form.get("media"), 2000)
    if url:
        plain = _VARIABLE.sub(lambda name: text(examples.get(name[1]), 500), url).lower().split("?")[0]
        return url, next((kind for kind, endings in _ENDINGS.items() if plain.endswith(endings)), "image")
    words = text(form.get("header_text"), 200)
    return (words, "text") if words else ("", "")


def _buttons(form: Mapping[str, Any], kind: str) -> Iterator[TemplateButton]:
    for action in map(mapping, items(form.get("actions"))):
        named = text(action.get("type"), 40).upper() or ("QUICK_REPLY" if kind == "twilio/quick-reply" else "")
        value = next((v for key in ("url", "phone", "code", "id") if (v := text(action.get(key), 2000))), "")
        title = text(action.get("title") or action.get("copy_code_text"), 100)
        yield TemplateButton(_BUTTONS.get(named, named.lower() or "reply"), title, value)
    for row in map(mapping, items(form.get("items"))):
        yield TemplateButton("row", text(row.get("item") or row.get("name"), 100), text(row.get("id"), 200))


def _slots(
    header: str,
    header_kind: str,
    body: str,
    buttons: tuple[TemplateButton, ...],
    form: Mapping[str, Any],
    examples: Mapping[str, Any],
) -> Iterator[Slot]:
    """Each variable once, where it is read first: Twilio counts them through the whole content."""
    rest = " ".join(text(form.get(key), 4000) for key in ("footer", "subtitle", "button", "title", "label", "address"))
    places: list[tuple[str, int, str, SlotKind]] = [("body", 0, body, SlotKind.TEXT)]
    if header_kind == "text":
        places.insert(0, ("header", 0, header, SlotKind.TEXT))
    elif header_kind:
        is_whole = _VARIABLE.fullmatch(header.strip()) is not None
        places.insert(0, ("header", 0, header, _MEDIA_SLOTS[header_kind] if is_whole else SlotKind.URL_SUFFIX))
    kinds = {"url": SlotKind.URL_SUFFIX, "copy": SlotKind.CODE, "reply": SlotKind.PAYLOAD, "row": SlotKind.PAYLOAD}
    for index, button in enumerate(buttons):
        places.append(("button", index, button.title, SlotKind.TEXT))
        places.append(("button", index, button.value, kinds.get(button.kind, SlotKind.TEXT)))
    places.append(("body", 0, rest, SlotKind.TEXT))
    seen: set[str] = set()
    for part, index, words, kind in places:
        for name in _VARIABLE.findall(words):
            if name not in seen:
                seen.add(name)
                yield Slot(part, name, kind, index, text(examples.get(name), 200))
