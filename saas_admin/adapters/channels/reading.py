"""Reading strangers: any field may be missing, of another type, absurdly large, or hold what PostgreSQL refuses."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from saas_admin.adapters.channels.base import BrokenPayload
from saas_admin.core.text import clean

TEXT_LIMIT = 4 * 4096
_DEPTH_LIMIT = 8
_BREADTH_LIMIT = 200
_LONGEST_INT = 18


def load(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises BrokenPayload for anything else."""
    try:
        loaded = _DECODER.decode(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BrokenPayload(f"not JSON: {type(error).__name__}") from None
    if not isinstance(loaded, dict):
        raise BrokenPayload("not a JSON object")
    return cast(dict[str, Any], loaded)


def dump(value: Any) -> bytes:
    return _ENCODER.encode(value).encode()


def mapping(value: Any) -> dict[str, Any]:
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    return cast(list[Any], value) if isinstance(value, list) else []


def text(value: Any, limit: int = TEXT_LIMIT) -> str:
    """A string PostgreSQL takes: no NUL, no lone surrogate, at most `limit` characters. Numbers count as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    return clean(value[: limit + 1])[:limit]


def optional(value: Any, limit: int = 512) -> str | None:
    return text(value, limit).strip() or None


def number(value: Any) -> float | None:
    try:
        found = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def moment(value: Any, now: datetime | None = None) -> datetime:
    """Unix seconds or milliseconds, as text or number. Nonsense, and what lies in the future, is now."""
    now = now or datetime.now(UTC)
    seconds = number(value)
    if seconds is None or seconds <= 0:
        return now
    if seconds > 100_000_000_000:
        seconds /= 1000
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return now
    # A clock a little ahead is a clock; one a day ahead would keep a conversation on top for ever.
    return at if at <= now + timedelta(days=1) else now


def kept(value: Any, depth: int = 0) -> Any:
    """A copy fit for a jsonb column: cleaned texts, bounded depth and breadth."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        pairs = list(cast(dict[Any, Any], value).items())[:_BREADTH_LIMIT] if depth < _DEPTH_LIMIT else []
        return {text(key, 200): kept(inner, depth + 1) for key, inner in pairs}
    if isinstance(value, list):
        inners = cast(list[Any], value)[:_BREADTH_LIMIT] if depth < _DEPTH_LIMIT else []
        return [kept(inner, depth + 1) for inner in inners]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float) else text(str(value))


def only(pairs: Mapping[str, Any]) -> dict[str, Any]:
    """The pairs that say something, fit for storage."""
    return {key: kept(value) for key, value in pairs.items() if value not in (None, "", [], {}, False)}


def _int(digits: str) -> int | str:
    # Python refuses to read more than 4,300 digits, and a bigint column more than 19: beyond that it is a text.
    return int(digits) if len(digits) <= _LONGEST_INT else digits[:200]


# Made once: `json.loads` and `json.dumps` with options make new ones at each call, which costs more than a small body.
_DECODER = json.JSONDecoder(parse_int=_int, parse_constant=lambda _: None)
_ENCODER = json.JSONEncoder(separators=(",", ":"))
