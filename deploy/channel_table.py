"""The table of what each channel carries, in docs/adding-a-channel.md, from the adapters themselves.

`python deploy/channel_table.py` prints it, `--write` puts it into the page; a test holds the page to it.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import MEGABYTE, Capabilities, ChannelAdapter, MessageKind

PAGE = Path(__file__).parents[1] / "docs" / "adding-a-channel.md"
BEGIN, END = "<!-- capabilities: deploy/channel_table.py --write -->", "<!-- /capabilities -->"
_MEDIA = (MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT, MessageKind.STICKER)


_SENDERS = {"twilio": {"WhatsApp": {"from": "whatsapp:+34960318274"}, "SMS": {"from": "+34960318274"}}}
"""Kinds that carry different things for different senders."""


@dataclass(frozen=True)
class Column:
    name: str
    adapter: ChannelAdapter
    can: Capabilities


def columns() -> list[Column]:
    found: list[Column] = []
    for kind in registry.kinds():
        adapter = registry.get(kind)
        for name, settings in _SENDERS.get(kind, {"": {}}).items():
            found.append(Column(f"`{kind}` {name}".strip(), adapter, adapter.capabilities_of(settings)))
    return found


def table() -> str:
    """One column per channel, one row per thing it can or cannot."""
    adapters = columns()
    rows = [
        ("text, characters", [_length(a.can) for a in adapters]),
        ("caption, characters", [str(a.can.caption_limit) for a in adapters]),
        *((f"{kind.value}, MB", [_media(a.can, kind) for a in adapters]) for kind in _MEDIA),
        ("choices as buttons", [_count(a.can.buttons, a.can.button_length) for a in adapters]),
        ("choices as a list", [_count(a.can.list_rows, a.can.row_length) for a in adapters]),
        ("link as a button", [_mark(a.can.has_links) for a in adapters]),
        ("location", [_mark(a.can.has_location) for a in adapters]),
        ("templates", [_mark(a.can.has_templates) for a in adapters]),
        ("quotes", [_mark(a.can.can_quote) for a in adapters]),
        ("receipts", [_mark(a.can.has_receipts) for a in adapters]),
        ("typing shown", [_mark(a.can.has_typing) for a in adapters]),
        ("free text for", [_hours(a.can.window_hours) for a in adapters]),
        ("a person may still answer for", [_late(a.can) for a in adapters]),
        ("secrets we make", [", ".join(f"`{name}`" for name in a.adapter.generated) or "–" for a in adapters]),
        ("fields", [_fields(a.adapter) for a in adapters]),
    ]
    head = ["", *(a.name for a in adapters)]
    lines = [head, ["---"] * len(head), *([name, *cells] for name, cells in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def page_with(new: str, text: str) -> str:
    """The page with this table between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{new}\n{END}{after}"


def _length(can: Capabilities) -> str:
    return f"{can.text_limit} UTF-16 units" if can.counts_utf16 else str(can.text_limit)


def _media(can: Capabilities, kind: MessageKind) -> str:
    limit = can.media_limits.get(kind, 0) if kind in can.media else 0
    return f"{limit / MEGABYTE:g}" if limit else "–"


def _count(most: int, length: int) -> str:
    return f"{most} of {length}" if most else "numbered text"


def _mark(has: bool) -> str:
    return "yes" if has else "–"


def _hours(hours: int | None) -> str:
    return "ever" if hours is None else f"{hours} h"


def _late(can: Capabilities) -> str:
    return "–" if can.late_hours is None else f"{can.late_hours} h"


def _fields(adapter: ChannelAdapter) -> str:
    return ", ".join(f"`{f.name}`{'' if f.required else ' (optional)'}" for f in adapter.fields)


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page_with(table(), PAGE.read_text("utf-8")), "utf-8")
    else:
        print(table())
