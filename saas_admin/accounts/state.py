"""One's own account page: what it shows of the login. Passwords, codes and secrets go by routes and never come here."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from saas_admin.accounts import credentials, queries, sessions, two_factor
from saas_admin.core.ids import parse_id
from saas_admin.ui.base_state import GuardedState, SessionState, handler


class AccountState(GuardedState, rx.State):
    login: dict[str, Any] = {}
    two_step: dict[str, Any] = {}
    sessions: list[dict[str, Any]] = []
    is_loaded: bool = False

    @handler(None)
    async def load(self) -> None:
        login = await self._do(queries.find_own_login)
        status = await self._do(two_factor.status)
        rows = await self._do(sessions.list_own)
        if login is None or status is None or rows is None:
            return
        self.login, self.two_step, self.sessions = asdict(login), asdict(status), [asdict(row) for row in rows]
        self.is_loaded = True

    @handler(None)
    async def changed(self) -> Any:
        """Something went by a route: both what the page and what the frame shows may be old."""
        return [AccountState.load, SessionState.refresh]

    @handler(None)
    async def end_session(self, session_id: str) -> Any:
        key = parse_id(session_id)
        device = await self._do(sessions.revoke, key) if key else None
        if device is not None:
            await self._notify("account.sessions.ended", device=device)
        return AccountState.load

    @handler(None)
    async def end_others(self) -> Any:
        count = await self._do(sessions.revoke_others)
        if count is not None:
            await self._notify("account.sessions.ended_others", n=count)
        return AccountState.load

    @handler(None)
    async def cancel_email(self) -> Any:
        _, error = await self._ask(credentials.cancel_email_change)
        if error is None:
            await self._notify("account.email.cancelled")
        return AccountState.load
