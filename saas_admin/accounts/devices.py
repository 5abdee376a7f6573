"""Browsers somebody has signed in from before, and what to call one."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import ua_parser
from sqlalchemy import select
from sqlmodel import col

from saas_admin.accounts import mails
from saas_admin.core import secrets
from saas_admin.core.i18n import translate
from saas_admin.core.work import Work
from saas_admin.models import Company, KnownDevice, UserAccount


@dataclass(frozen=True)
class Caller:
    """Where a sign-in comes from. `device` is the value of the long-lived device cookie."""

    ip: str | None = None
    user_agent: str = ""
    device: str = ""


_SYSTEMS = {"Mac OS X": "macOS", "Chrome OS": "ChromeOS"}
_BROWSERS = {
    "Mobile Safari": "Safari",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Firefox Mobile": "Firefox",
    "HeadlessChrome": "Chrome",
}


def words_for(user_agent: str, lang: str) -> str:
    """«Chrome en Windows», or that we cannot tell. What a browser says of itself is a hint, not a proof."""
    found = ua_parser.parse(user_agent[:400])
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    if not browser or not system:
        return translate("account.device.unknown", lang)
    names = {"browser": _BROWSERS.get(browser, browser), "system": _SYSTEMS.get(system, system)}
    return translate("account.device.known", lang, **names)


def remember(work: Work, user: UserAccount, caller: Caller) -> str:
    """Note the browser, and mail its owner when it is a new one (not the very first). The token of its cookie."""
    token = caller.device if 40 <= len(caller.device) <= 100 else secrets.random_token()
    hashed = secrets.token_hash(token)
    known = {
        bytes(row.device_hash): row for row in work.all(select(KnownDevice).where(col(KnownDevice.user_id) == user.id))
    }
    if hashed in known:
        known[hashed].last_seen_at = work.now
        return token
    work.add(KnownDevice(user_id=user.id, device_hash=hashed, first_seen_at=work.now, last_seen_at=work.now))
    if known:
        details = {
            "name": user.name,
            "device": words_for(caller.user_agent, user.language),
            "ip": caller.ip or "?",
            "when": when_words(work, work.now),
            "path": "/account",
        }
        mails.queue(work, user.email, "new_device", user.language, details)
    return token


def when_words(work: Work, moment: datetime) -> str:
    """In the zone of the company: `25/11/2026 17:14 (Europe/Madrid)`."""
    zone = work.get(Company, work.company_id).time_zone
    return f"{moment.astimezone(ZoneInfo(zone)):%d/%m/%Y %H:%M} ({zone})"
