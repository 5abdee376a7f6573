"""Reads `demo_files/stories.txt`: the demo's conversations as a person would write them down."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Madrid")
FILES = Path(__file__).parent / "demo_files"
_LINE = re.compile(
    r"^(d(?P<days>\d+) (?P<clock>\d+:\d\d)|(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m?)?) (?P<way>[<>])(?P<who>\w*) (?P<words>.*)$"
)
_MARK = re.compile(r"^\[(?P<name>[a-z]+)(?: (?P<what>[^\]]*))?\] ?")


@dataclass(frozen=True)
class Line:
    at: datetime
    author: str
    """An agent's short name; empty for the customer."""
    text: str
    marks: dict[str, str]
    """`image` → name, `failed` → code, `reply` → nothing …"""


@dataclass(frozen=True)
class Story:
    name: str
    """Empty for someone who has not said it."""
    number: str
    """WhatsApp's spelling of the phone; empty on the web chat."""
    owner: str
    tags: list[str]
    is_closed: bool
    lines: list[Line] = field(default_factory=list[Line])


def read(now: datetime) -> list[Story]:
    """All stories, their times counted back from `now`."""
    stories: list[Story] = []
    for raw in (FILES / "stories.txt").read_text(encoding="utf-8").splitlines():
        if raw.startswith("== "):
            stories.append(_story(raw[3:]))
        elif raw and not raw.startswith("#"):
            line, told = _line(raw, now), stories[-1].lines
            # Two lines of one minute keep their order.
            told.append(replace(line, at=max(line.at, told[-1].at + timedelta(seconds=4))) if told else line)
    return stories


def _story(head: str) -> Story:
    name, channel, owner, *rest = [part.strip() for part in head.split("|")]
    return Story(
        name="" if name.startswith(("+", "Visitante")) else name,
        number=channel.removeprefix("wa").strip() if channel.startswith("wa") else "",
        owner=owner,
        tags=rest[0].split() if rest and rest[0] != "closed" else [],
        is_closed="closed" in rest,
    )


def _line(raw: str, now: datetime) -> Line:
    found = _LINE.match(raw)
    if found is None:
        raise ValueError(f"stories.txt: {raw}")
    words, marks = found["words"], dict[str, str]()
    while mark := _MARK.match(words):
        marks[mark["name"]] = mark["what"] or ""
        words = words[mark.end() :]
    return Line(_at(found, now), found["who"], words, marks)


def _at(found: re.Match[str], now: datetime) -> datetime:
    # Odd seconds: nobody writes at the full minute.
    odd = timedelta(seconds=(len(found["words"]) * 7) % 53)
    if found["days"]:
        day = now.astimezone(ZONE).date() - timedelta(days=int(found["days"]))
        hour, minute = found["clock"].split(":")
        return datetime.combine(day, time(int(hour), int(minute)), ZONE) + odd
    return now - timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0)) + odd
