"""A template with its variables filled, as `POST /messages` wants it."""

import re
from typing import Any

from saas_admin.adapters.channels.base import FailureCode
from saas_admin.adapters.channels.content import Slot, SlotKind, TemplateUse, fill, missing
from saas_admin.adapters.channels.meta.graph import ensure

_BODY = 1024
_HEADER = 60
_CODE = 20
_PAYLOAD = 256
_UNTIDY = re.compile(r"[\n\t\r]| {5,}")
_FILES = {SlotKind.IMAGE: "image", SlotKind.VIDEO: "video", SlotKind.DOCUMENT: "document"}
_PROBLEM = FailureCode.TEMPLATE_PROBLEM


def compose(use: TemplateUse) -> dict[str, Any]:
    """The `template` object; parts without variables are left out. Raises SendError before anything is asked."""
    template = use.template
    ensure(template.is_sendable, FailureCode.UNSUPPORTED, "this kind of template needs more than we can fill in")
    gaps = missing(use)
    ensure(not gaps, _PROBLEM, f"without a value: {', '.join(gaps)}")
    ensure(len(fill(template.body, "body", use.values)) <= _BODY, _PROBLEM, f"the text is longer than {_BODY}")
    is_short = len(fill(template.header, "header", use.values)) <= _HEADER
    ensure(is_short, _PROBLEM, f"the header is longer than {_HEADER}")
    components: list[dict[str, Any]] = []
    for part in ("header", "body"):
        parameters = [_parameter(slot, use) for slot in template.slots if slot.part == part]
        if parameters:
            components.append({"type": part, "parameters": parameters})
    components += [_button(slot, use) for slot in template.slots if slot.part == "button"]
    # The official specification wants the policy too; there is only the one.
    language = {"policy": "deterministic", "code": template.language}
    said: dict[str, Any] = {"name": template.name, "language": language}
    return {**said, "components": components} if components else said


def _parameter(slot: Slot, use: TemplateUse) -> dict[str, Any]:
    value = use.values[slot.key].strip()
    if slot.kind in _FILES:
        name = _FILES[slot.kind]
        ensure(value.startswith(("https://", "http://")), FailureCode.MEDIA_REJECTED, "a file without a web address")
        return {"type": name, name: {"link": value}}
    # Meta refuses line breaks, tabs and more than four blanks in a row inside a variable (error 132018).
    ensure(_UNTIDY.search(value) is None, _PROBLEM, f"line breaks or rows of blanks in {slot.key}")
    named = {"parameter_name": slot.name} if use.template.is_named and not slot.name.isdecimal() else {}
    return {"type": "text", **named, "text": value}


def _button(slot: Slot, use: TemplateUse) -> dict[str, Any]:
    value = use.values.get(slot.key, "").strip()
    if slot.kind is SlotKind.URL_SUFFIX:
        sub_type, parameter = "url", {"type": "text", "text": value}
    elif slot.kind is SlotKind.CODE:
        ensure(len(value) <= _CODE, _PROBLEM, f"the code is longer than {_CODE}")
        sub_type, parameter = "copy_code", {"type": "coupon_code", "coupon_code": value}
    else:
        title = use.template.buttons[slot.index].title if slot.index < len(use.template.buttons) else ""
        sub_type, parameter = "quick_reply", {"type": "payload", "payload": (value or title)[:_PAYLOAD]}
    return {"type": "button", "sub_type": sub_type, "index": str(slot.index), "parameters": [parameter]}
