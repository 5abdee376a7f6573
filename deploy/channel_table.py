"""The table of what each channel carries, in docs/adding-a-channel.md, from the adapters themselves.

`python deploy/channel_table.py` prints it, `--write` puts it into the page; a test holds the page to it.
"""

import sys
from pathlib import Path

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import MEGABYTE, Capabilities, ChannelAdapter, MessageKind

PAGE = Path(__file__).parents[1] / "docs" / "adding-a-channel.md"
BEGIN, END = "<!-- capabilities: deploy/channel_table.py --write -->", "<!-- /capabilities -->"
_MEDIA = (MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT, MessageKind.STICKER)


def table() -> str:
    """One column per channel, one row per thing it can or cannot."""
    adapters = [registry.get(kind) for kind in registry.kinds()]
    rows = [
        ("text, characters", [_length(a.capabilities) for a in adapters]),
        ("caption, characters", [str(a.capabilities.caption_limit) for a in adapters]),
        *((f"{kind.value}, MB", [_media(a.capabilities, kind) for a in adapters]) for kind in _MEDIA),
        ("choices as buttons", [_count(a.capabilities.buttons, a.capabilities.button_length) for a in adapters]),
        ("choices as a list", [_count(a.capabilities.list_rows, a.capabilities.row_length) for a in adapters]),
        ("link as a button", [_mark(a.capabilities.has_links) for a in adapters]),
        ("location", [_mark(a.capabilities.has_location) for a in adapters]),
        ("templates", [_mark(a.capabilities.has_templates) for a in adapters]),
        ("quotes", [_mark(a.capabilities.can_quote) for a in adapters]),
        ("receipts", [_mark(a.capabilities.has_receipts) for a in adapters]),
        ("typing shown", [_mark(a.capabilities.has_typing) for a in adapters]),
        ("free text for", [_hours(a.capabilities.window_hours) for a in adapters]),
        ("a person may still answer for", [_late(a.capabilities) for a in adapters]),
        ("secrets we make", [", ".join(f"`{name}`" for name in a.generated) or "–" for a in adapters]),
        ("fields", [_fields(a) for a in adapters]),
    ]
    head = ["", *(f"`{a.kind}`" for a in adapters)]
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
