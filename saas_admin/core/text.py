"""Text from strangers in a shape that PostgreSQL and UTF-8 take: JSON may hold a NUL or half of a surrogate pair."""

from typing import Any


def clean(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def is_clean(text: str) -> bool:
    return clean(text) == text


def cleaned(value: Any) -> Any:
    """The same value with every text in it clean, keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [cleaned(inner) for inner in value]
    if isinstance(value, dict):
        return {cleaned(key): cleaned(inner) for key, inner in value.items()}
    return value
