"""Who is behind a browser: the session cookie, read again for each event and kept for a few seconds at most."""

import time
from http.cookies import CookieError, SimpleCookie
from uuid import UUID

import anyio.to_thread

from saas_admin.accounts import queries
from saas_admin.accounts.queries import SessionView

KEPT_SECONDS = 4.0
"""A revoked session or a changed role is felt within five seconds, on a live socket too."""

_kept: dict[str, tuple[float, SessionView | None]] = {}


async def find_identity(cookie_header: str) -> SessionView | None:
    token = session_token(cookie_header)
    if not token:
        return None
    now = time.monotonic()
    known = _kept.get(token)
    if known and known[0] > now:
        return known[1]
    view = await anyio.to_thread.run_sync(queries.find_session, token)
    if len(_kept) > 5000:
        _kept.clear()
    _kept[token] = (now + KEPT_SECONDS, view)
    return view


def forget_identity(cookie_header: str) -> None:
    """After the person changed something of their own, so that the next event sees it."""
    _kept.pop(session_token(cookie_header), None)


def forget_person(user_id: UUID) -> None:
    """Their role, company or sessions changed: every one of their browsers is asked for again."""
    for token in [token for token, (_, view) in _kept.items() if view and view.user_id == user_id]:
        _kept.pop(token, None)


def session_token(cookie_header: str) -> str:
    try:
        jar = SimpleCookie(cookie_header)
    except CookieError:
        return ""
    for name in ("__Host-sid", "sid"):
        if name in jar:
            return jar[name].value
    return ""
