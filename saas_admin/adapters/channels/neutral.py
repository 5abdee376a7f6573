"""What a channel cannot show as such is said in words instead: nothing is cut off, nothing silently left out."""

from dataclasses import dataclass, replace

from saas_admin.adapters.channels.base import Capabilities, Location, MessageKind
from saas_admin.adapters.channels.content import Choices, Link


@dataclass(frozen=True)
class Said:
    """Content in the form a channel carries. `is_fallback`: choices, link or place became plain words."""

    kind: MessageKind
    text: str
    choices: Choices | None = None
    link: Link | None = None
    location: Location | None = None
    is_fallback: bool = False


def fit(
    can: Capabilities,
    text: str,
    *,
    choices: Choices | None = None,
    link: Link | None = None,
    location: Location | None = None,
    opener: str = "",
) -> Said:
    """The best form this channel has. `opener` names a list's button when too many buttons become a list."""
    said = Said(MessageKind.TEXT, text)
    if choices:
        said = _choices(can, said, choices, opener)
    if link:
        said = _link(can, said, link)
    if location:
        said = _location(can, said, location)
    return said


def length(can: Capabilities, text: str) -> int:
    """As the channel counts."""
    if can.counts_bytes:
        return len(text.encode("utf-8", "replace"))
    return len(text.encode("utf-16-le", "replace")) // 2 if can.counts_utf16 else len(text)


def _choices(can: Capabilities, said: Said, choices: Choices, opener: str) -> Said:
    options = choices.options
    fits_buttons = len(options) <= can.buttons and all(
        length(can, option.title) <= can.button_length and not option.description for option in options
    )
    fits_list = len(options) <= can.list_rows and all(length(can, option.title) <= can.row_length for option in options)
    if fits_buttons and not choices.is_list:
        return replace(said, kind=MessageKind.INTERACTIVE, choices=choices)
    if fits_list:
        return replace(said, kind=MessageKind.INTERACTIVE, choices=Choices(options, choices.opener or opener))
    if fits_buttons:
        return replace(said, kind=MessageKind.INTERACTIVE, choices=Choices(options))
    lines = [
        f"{number}. {option.title}" + (f": {option.description}" if option.description else "")
        for number, option in enumerate(options, 1)
    ]
    return _in_words(said, "\n".join(lines))


def _link(can: Capabilities, said: Said, link: Link) -> Said:
    # A message with choices has its buttons already.
    if can.has_links and said.choices is None and length(can, link.title) <= can.button_length:
        return replace(said, kind=MessageKind.INTERACTIVE, link=link)
    return _in_words(said, f"{link.title}: {link.url}" if link.title else link.url)


def _location(can: Capabilities, said: Said, place: Location) -> Said:
    if can.has_location and not said.text and said.kind is MessageKind.TEXT:
        return replace(said, kind=MessageKind.LOCATION, location=place)
    where = ", ".join(part for part in (place.name, place.address) if part)
    address = f"https://maps.google.com/?q={place.latitude:.6f},{place.longitude:.6f}"
    return _in_words(said, f"{where}\n{address}" if where else address)


def _in_words(said: Said, words: str) -> Said:
    return replace(said, text=f"{said.text}\n\n{words}" if said.text else words, is_fallback=True)
