"""What a composer sent, read with the caution any client deserves."""

from typing import Any

from saas_admin.adapters.channels.base import Location
from saas_admin.adapters.channels.content import Choice, Choices, Link
from saas_admin.conversations.answers import MAX_CHOICES, Extra

_MOST_VALUES = 60


def extra_of(draft: dict[str, Any]) -> Extra | None:
    """Choices (`[{id, title, description}]`, `opener` makes a list), a link (`{title, url}`) or a place; None for none."""
    choices, link, place = _choices(draft), _link(draft.get("link")), _location(draft.get("location"))
    return Extra(choices, link, place) if choices or link or place else None


def values_of(draft: dict[str, Any]) -> dict[str, str]:
    """Variables of a template by their keys."""
    values = draft.get("values")
    if not isinstance(values, dict):
        return {}
    pairs = list(values.items())[:_MOST_VALUES]
    return {str(key)[:120]: str(value) for key, value in pairs if isinstance(value, str | int)}


def _choices(draft: dict[str, Any]) -> Choices | None:
    found = draft.get("choices")
    if not isinstance(found, list) or not found:
        return None
    # One more than allowed is kept, so that too many are refused and not cut off.
    options = [each for each in found[: MAX_CHOICES + 1] if isinstance(each, dict)]
    return Choices(
        tuple(
            Choice(
                str(option.get("id") or f"choice-{number}")[:200],
                " ".join(str(option.get("title", "")).split()),
                " ".join(str(option.get("description") or "").split())[:200],
            )
            for number, option in enumerate(options, 1)
        ),
        str(draft.get("opener") or "")[:20],
    )


def _link(found: Any) -> Link | None:
    if not isinstance(found, dict) or not found.get("url"):
        return None
    return Link(" ".join(str(found.get("title") or "").split())[:80], str(found["url"]).strip()[:2000])


def _location(found: Any) -> Location | None:
    if not isinstance(found, dict):
        return None
    try:
        latitude, longitude = float(found["latitude"]), float(found["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    name, address = (str(found.get(key) or "")[:200] or None for key in ("name", "address"))
    return Location(latitude, longitude, name, address)
