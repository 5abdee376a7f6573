"""The ratios of the design, measured again over tokens.css: whoever changes a colour learns what it breaks."""

import re
from functools import cache
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "assets" / "tokens.css"

# (text, ground, light, dark) as UI.md §3 states them.
PAIRS = [
    ("text", "surface", 16.6, 15.0),
    ("text-2", "surface", 9.3, 10.6),
    ("text-3", "surface", 6.0, 6.4),
    ("text-3", "canvas", 5.3, 6.9),
    ("text-3", "hover", 5.5, 5.9),
    ("placeholder", "surface", 4.8, 5.0),
    ("on-accent", "accent", 7.4, 7.5),
    ("accent-text", "accent-soft", 7.4, 8.2),
    ("ok", "ok-soft", 5.0, 7.4),
    ("warn", "warn-soft", 5.6, 8.1),
    ("bad", "bad-soft", 5.6, 6.8),
    ("#ffffff", "bad-solid", 5.3, 5.3),
    ("text", "bubble-in", 14.6, 13.1),
    ("text", "bubble-out", 13.7, 11.0),
    ("text", "note", 15.2, 12.5),
    ("text-3", "bubble-out", 5.0, 4.7),
    ("note-text", "note", 7.7, 9.5),
    ("wa", "wa-soft", 5.1, 7.5),
    ("ig", "ig-soft", 5.5, 7.3),
    ("ms", "ms-soft", 5.7, 7.6),
    ("tg", "tg-soft", 5.5, 7.5),
    ("web", "web-soft", 6.3, 7.2),
    ("sms", "sms-soft", 5.9, 8.7),
    ("shop", "shop-soft", 6.1, 7.5),
]
# Marks that carry no words need 3 : 1.
MARKS = [
    ("ring", "surface", 4.2, 7.8),
    ("ring", "canvas", 3.7, 8.4),
    ("line-control", "surface", 3.4, 3.9),
    ("c1", "surface", 7.4, 7.8),
    ("c2", "surface", 3.3, 3.3),
    ("c3", "surface", 3.4, 7.4),
    ("c4", "surface", 3.8, 5.9),
    ("#ffffff", "wa-solid", 4.1, 4.1),
    ("#ffffff", "ig-solid", 4.7, 4.7),
    ("#ffffff", "ms-solid", 4.5, 4.5),
    ("#ffffff", "tg-solid", 4.2, 4.2),
    ("#ffffff", "web-solid", 5.3, 5.3),
    ("#ffffff", "sms-solid", 4.1, 4.1),
    ("#ffffff", "shop-solid", 4.8, 4.8),
]


@pytest.mark.parametrize(("text", "ground", "light", "dark"), PAIRS, ids=lambda value: str(value))
def test_words_can_be_read(text: str, ground: str, light: float, dark: float) -> None:
    assert min(light, dark) >= 4.5
    assert ratio("light", text, ground) == pytest.approx(light, abs=0.1)
    assert ratio("dark", text, ground) == pytest.approx(dark, abs=0.1)


@pytest.mark.parametrize(("mark", "ground", "light", "dark"), MARKS, ids=lambda value: str(value))
def test_marks_can_be_seen(mark: str, ground: str, light: float, dark: float) -> None:
    assert min(light, dark) >= 3.0
    assert ratio("light", mark, ground) == pytest.approx(light, abs=0.1)
    assert ratio("dark", mark, ground) == pytest.approx(dark, abs=0.1)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_parts_of_the_bots_charts_can_be_seen(mode: str) -> None:
    css = (TOKENS.parent / "bots.css").read_text()
    found = {names: drawn(mode, value) for names, value in re.findall(r"(\.p-[^{}]+) \{ background: ([^;]+); \}", css)}
    assert len(found) >= 8
    assert [names for names, value in found.items() if contrast(value, colour(mode, "surface")) < 3] == []


@pytest.mark.parametrize("number", range(6))
def test_initials_can_be_read_on_their_tint(number: int) -> None:
    css = (TOKENS.parent / "components.css").read_text()
    for scope in ("", ".dark "):
        found = re.search(rf"(?<!dark ){re.escape(scope)}\.a{number} {{ background: (#\w+); color: (#\w+)", css)
        assert found
        assert contrast(found[2], found[1]) >= 4.5


def test_no_colour_is_written_outside_the_tokens() -> None:
    """Components name roles. Drawn things (the street, a shop's own page, avatars) have colours of their own."""
    css = (TOKENS.parent / "components.css").read_text()
    drawn = re.compile(r"^\s*(\.dark )?\.(a\d|street|shopwin|wpanel|wlog|wsend|wpill|ch|btn\.d|toast|sw)\b")
    outside = [
        line.strip() for line in css.splitlines() if re.search(r"#[0-9a-f]{3,6}\b", line) and not drawn.match(line)
    ]

    assert outside == []


@cache
def tokens(mode: str) -> dict[str, str]:
    light, dark = TOKENS.read_text().split(".dark{")
    found = dict(re.findall(r"--([\w-]+):([^;]+);", light))
    return found | dict(re.findall(r"--([\w-]+):([^;]+);", dark)) if mode == "dark" else found


def colour(mode: str, name: str) -> str:
    value = name
    while not value.startswith("#"):
        value = tokens(mode)[value.removeprefix("var(--").removesuffix(")")].strip()
    return value


def drawn(mode: str, value: str) -> str:
    """A token, or one mixed in equal parts with another."""
    parts = [colour(mode, name) for name in re.findall(r"var\(--([\w-]+)\)", value)]
    channels = zip(*([int(part[at : at + 2], 16) for at in (1, 3, 5)] for part in parts), strict=True)
    return "#" + "".join(f"{round(sum(each) / len(each)):02x}" for each in channels)


def ratio(mode: str, text: str, ground: str) -> float:
    return contrast(colour(mode, text), colour(mode, ground))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(hex_colour: str) -> float:
    digits = hex_colour.removeprefix("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
