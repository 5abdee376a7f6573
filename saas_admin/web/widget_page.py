"""What a shop's page is told about a channel, the chat's own page, and who may frame it."""

import json
import re
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from saas_admin.accounts import company
from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import MEGABYTE
from saas_admin.conversations import queries, voice
from saas_admin.core.actor import Actor
from saas_admin.core.brand import NAME
from saas_admin.core.config import get_settings
from saas_admin.core.doors import FoundChannel
from saas_admin.core.i18n import DEFAULT_LANG, LANGS, catalogue, translate
from saas_admin.core.permissions import Role
from saas_admin.core.work import Work
from saas_admin.web import widget_assets
from saas_admin.web.widget_session import KIND

TEXT_LIMIT = 4000
FILE_LIMIT = 10 * MEGABYTE

# Background and ink of the six tints of the design system, for initials on a disc.
_TINTS = (
    "#f6dfd2 #8a3f1d",
    "#dbe8f6 #24548a",
    "#e3ecd2 #4b6212",
    "#f3dbe6 #8f2a5c",
    "#e3def5 #52379b",
    "#d5ebe8 #0b5559",
)
_COLOR = re.compile(r"^#[0-9a-fA-F]{6}$")
_HOST = re.compile(r"^(\*\.)?([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$")


def looks_of(channel: FoundChannel) -> dict[str, Any]:
    """What the launcher shows. Public: every page with the snippet gets it."""
    chosen = {name: channel.settings.get(name) for name in ("color", "position", "label", "hint", "lang")}
    looks: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    if "color" in looks:
        looks["on"] = text_on(looks["color"])
    team = _team(channel)
    return {"title": title_of(channel), **looks, **({"team": team} if team else {})}


def text_on(color: str) -> str:
    """White or near-black on the shop's colour: both read equally well (4.4:1) where luminance is 0.19. `widget/app/theme.js` agrees."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)] if _COLOR.match(color) else [0.0]
    linear = [part / 12.92 if part <= 0.04 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return (
        "#fff"
        if sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=False)) < 0.19
        else "#1a1714"
    )


def title_of(channel: FoundChannel) -> str:
    return str(channel.settings.get("title") or channel.name)


def domains_of(settings: dict[str, Any]) -> list[str]:
    """The allowed hosts, as `channels.service` cleaned them; what is no host never reaches a header."""
    return [host for host in str(settings.get("domains") or "").split(",") if _HOST.match(host)]


def frame_ancestors(settings: dict[str, Any]) -> str:
    """Pages that may show the chat. No list means any page; our own may always, for the preview."""
    hosts = domains_of(settings)
    if not hosts:
        return "*"
    return " ".join(["'self'", *(source for host in hosts for source in _sources(host))])


def _sources(host: str) -> list[str]:
    name, _, port = host.partition(":")
    # A shop that writes its domain means its www too. Without a port any port: a development server has its own.
    is_domain = "." in name and not name.startswith(("www.", "*")) and not name[-1].isdigit()
    names = [name, f"www.{name}"] if is_domain else [name]
    return [f"{scheme}://{each}:{port or '*'}" for each in names for scheme in ("https", "http")]


def allows(settings: dict[str, Any], host: str) -> bool:
    """Whether a page of this host (with or without port) may show the chat."""
    hosts = domains_of(settings)
    return not hosts or any(_matches(each, host) for each in hosts)


def _matches(allowed: str, host: str) -> bool:
    host = host.lower()
    bare = re.sub(r":\d+$", "", host)
    if allowed.startswith("*."):
        return host.endswith(allowed[1:]) or bare.endswith(allowed[1:])
    return allowed in (host, bare, bare.removeprefix("www."))


def loader_script(looks: dict[str, dict[str, Any]]) -> str:
    """The loader with its words in every language and the looks of the channels this page is known to use."""
    words = {lang: _words(lang, "widget.launcher.") for lang in LANGS}
    return widget_assets.load().loader.replace("__BOOT__", _json({"words": words, "channels": looks}), 1)


def app_page(channel: FoundChannel | None, lang: str, *, is_dark: bool, public_id: str) -> str:
    """The page in the iframe. Without a channel it says so calmly and can still be closed."""
    lang = pick_lang(lang, channel)
    boot: dict[str, Any] = {
        "lang": lang,
        "channel": public_id,
        "words": _words(lang, "widget.app."),
    }
    boot["powered"] = boot["words"]["powered"].format(brand=NAME)
    if channel is None:
        boot |= {"isGone": True, "title": ""}
    else:
        settings = channel.settings
        boot |= {
            "title": title_of(channel),
            "subtitle": settings.get("subtitle") or boot["words"]["subtitle"],
            **head_of(channel, lang),
            "greeting": settings.get("greeting") or boot["words"]["greeting"],
            "color": settings.get("color"),
            "looks": looks_of(channel),
            "limits": {"text": TEXT_LIMIT, "file": FILE_LIMIT, "accept": _accept()},
        }
    assets = widget_assets.load()
    return (
        f'<!doctype html><html lang="{lang}"{" class=dark" if is_dark else ""}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover,interactive-widget=resizes-content">'
        f"<title>{escape(str(boot['title'] or NAME))}</title>"
        f'<link rel="stylesheet" href="/widget/assets/{assets.style}">'
        f'<script type="application/json" id="boot">{_json(boot)}</script>'
        f'<script defer src="/widget/assets/{assets.script}"></script></head><body></body></html>'
    )


def head_of(channel: FoundChannel, lang: str) -> dict[str, Any]:
    """The company's logo, how its bot is called, and whether somebody is there; each only where there is one."""
    with Work(Actor.system(channel.company_id)) as work:
        opening, now, bot = company.find_opening(work), work.now, voice.name_of_the_bot(work, channel.channel_id)
    said = {name: text for name, text in (("logo", opening.logo), ("bot", bot)) if text}
    return said if opening.is_always_open else {**said, "hours": _hours(opening, now, lang)}


def _hours(opening: company.Opening, now: datetime, lang: str) -> dict[str, Any]:
    if opening.is_open:
        return {"isOpen": True, "text": translate("widget.hours.open_now", lang)}
    if opening.next_opening is None:
        return {"isOpen": False, "text": translate("widget.hours.closed_now", lang)}
    zone = ZoneInfo(opening.time_zone)
    then = opening.next_opening.astimezone(zone)
    days = (then.date() - now.astimezone(zone).date()).days
    which = {0: "opens_today", 1: "opens_tomorrow"}.get(days, "opens_on")
    day = format_date(then.date(), "EEEE d MMMM" if days > 6 else "EEEE", locale=lang)
    return {"isOpen": False, "text": translate(f"widget.hours.{which}", lang, day=day, time=then.strftime("%H:%M"))}


def page_headers(channel: FoundChannel | None) -> dict[str, str]:
    ancestors = frame_ancestors(channel.settings) if channel else "*"
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in get_settings().allowed_origins)
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        f"connect-src 'self' {sockets}; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-cache",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


def pick_lang(asked: str, channel: FoundChannel | None) -> str:
    for lang in (asked, str(channel.settings.get("lang") or "") if channel else ""):
        if lang[:2].lower() in LANGS:
            return lang[:2].lower()
    return DEFAULT_LANG


def _team(channel: FoundChannel) -> list[list[str]]:
    """Up to two faces: an initial on a tint, people who are available first."""
    with Work(Actor.system(channel.company_id)) as work:
        members = queries.list_members(work)
    members.sort(
        key=lambda member: (
            member.availability != "available",
            member.role != Role.SUPPORT,
            member.id,
        )
    )
    return [[member.name[:1].upper(), *_TINTS[int(member.id[-1], 16) % 6].split()] for member in members[:2]]


@lru_cache(maxsize=8)
def _words(lang: str, prefix: str) -> dict[str, str]:
    return {key.removeprefix(prefix): text for key, text in catalogue(lang).items() if key.startswith(prefix)}


@lru_cache(maxsize=1)
def _accept() -> str:
    can = registry.get(KIND).capabilities
    return ",".join(sorted(mime for mimes in can.media_mimes.values() for mime in mimes))


def _json(value: Any) -> str:
    """JSON that cannot end the script it stands in."""
    return (
        json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
    )
