"""One channel, or the one about to be."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from saas_admin.adapters.channels import registry
from saas_admin.channels import credentials, queries, registration, service, trials
from saas_admin.channels.kinds import connectable, provider_of
from saas_admin.channels.queries import ChannelDetail
from saas_admin.channels.state import common
from saas_admin.core.config import get_settings
from saas_admin.core.errors import AppError
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import GuardedState, SessionState, handler

_DEMO_PAGES = {
    "whatsapp_cloud": "/meta",
    "messenger": "/messenger",
    "instagram": "/instagram",
    "telegram": "/telegram",
    "twilio": "/sms",
}
"""Where the sandbox plays a provider's dashboard."""


class ChannelState(GuardedState, rx.State):
    """Its status, its values without secrets, the problems of its form."""

    kind: str = ""
    channel: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    about: dict[str, Any] = {}
    """Moments and flags beside the row: registered, checked, expiring, templates."""
    values: dict[str, Any] = {}
    secrets_set: list[str] = []
    webhook_url: str = ""
    verify_token: str = ""
    snippet: str = ""
    demo_numbers: str = ""
    """In the demo: the page that plays the provider's dashboard."""
    refused: int = 0
    """Messages that failed for the credentials and may be sent now."""
    is_found: bool = False
    is_missing: bool = False
    is_busy: bool = False
    is_asking: bool = False
    """A check or a registration is under way."""
    errors: dict[str, str] = {}
    problem: str = ""

    @handler(Permission.CHANNELS_READ, opens_page=True)
    async def load(self) -> None:
        """The channel of the address. A foreign or mistyped id is a missing channel."""
        self.errors, self.problem, self.is_busy, self.is_asking = {}, "", False, False
        await self._show_channel()

    @handler(Permission.CHANNELS_READ)
    async def refresh(self) -> None:
        await self._show_channel()

    @handler(Permission.CHANNELS_MANAGE, opens_page=True)
    async def start(self) -> None:
        """An empty form of the kind in the address."""
        self.reset()
        kind = self.router.url.path.rstrip("/").rsplit("/", 1)[-1]
        self.kind = kind if kind in connectable() else ""
        self.is_missing = not self.kind
        self.demo_numbers = _demo_page(self.kind)

    @handler(Permission.CHANNELS_MANAGE, background=True)
    async def connect(self, kind: str, form: dict[str, Any]) -> Any:
        """Ask the provider first, which may take seconds: in the background, without holding the tab's state."""
        async with self:
            if self.is_busy:
                return
            self.is_busy, self.errors, self.problem = True, {}, ""
            actor = self._actor()
        checked, error = await common.check(kind, form)
        created = None
        if checked is not None:
            async with self:
                created, error = await self._ask(service.create, checked)
        outcome = None
        if created is not None:
            outcome, error = await common.ask_outside(registration.register, actor, common.as_id(created.id))
        async with self:
            self.is_busy = False
            if created is None or checked is None:
                self._show_problems(error)
                return
            if error is not None or (outcome is not None and outcome.failure is not None):
                provider = provider_of(checked.kind)
                await self._notify("channels.detail.created_but", kind="error", name=checked.name, provider=provider)
            else:
                await self._notify("channels.detail.created", name=checked.name)
        yield rx.redirect(f"/channels/{created.id}")

    @handler(Permission.CHANNELS_MANAGE, background=True)
    async def save(self, form: dict[str, Any]) -> Any:
        async with self:
            channel_id, kind = common.as_id(self.channel.get("id")), str(self.channel.get("kind", ""))
            if self.is_busy or channel_id is None:
                return
            self.is_busy, self.errors, self.problem = True, {}, ""
            stored, error = await self._ask(service.stored_values, channel_id)
        checked = None
        if error is None:
            checked, error = await common.check(kind, _without_secrets(kind, form), stored)
        async with self:
            self.is_busy = False
            if checked is not None:
                _, error = await self._ask(service.update, channel_id, checked)
            if error is not None or checked is None:
                self._show_problems(error)
                return
            await self._notify("channels.detail.saved", name=checked.name)
            await self._show_channel()

    @handler(Permission.CHANNELS_MANAGE, background=True)
    async def check_now(self) -> Any:
        async with self:
            channel_id = common.channel_of(self.router.url.path)
            if self.is_asking or channel_id is None:
                return
            self.is_asking, actor = True, self._actor()
        answer, error = await common.ask_outside(trials.check_now, actor, channel_id)
        async with self:
            self.is_asking = False
            provider = str(self.channel.get("provider", ""))
            if error is not None:
                await self._notify(f"errors.{error.code}", kind="error", **error.params)
            elif answer is not None and answer.ok:
                await self._notify("channels.check.good", provider=provider)
            elif answer is not None:
                code = answer.failure.code.value if answer.failure else "rejected"
                # The page shows it from now on: no toast that has to be closed.
                await self._notify(f"errors.check_{code}", provider=provider)
            await self._show_channel()
        yield SessionState.look_for_trouble

    @handler(Permission.CHANNELS_MANAGE, background=True)
    async def register(self) -> None:
        async with self:
            channel_id = common.channel_of(self.router.url.path)
            if self.is_asking or channel_id is None:
                return
            self.is_asking, actor = True, self._actor()
        outcome, error = await common.ask_outside(registration.register, actor, channel_id)
        async with self:
            self.is_asking = False
            provider = str(self.channel.get("provider", ""))
            if error is not None:
                await self._notify(f"errors.{error.code}", kind="error", **error.params)
            elif outcome is not None and outcome.failure is not None:
                await self._notify(f"errors.check_{outcome.failure.code.value}", kind="error", provider=provider)
            elif outcome is not None and outcome.is_registered:
                await self._notify("channels.webhook.registered", provider=provider)
            await self._show_channel()

    @handler(Permission.CHANNELS_MANAGE)
    async def pause(self, channel_id: str) -> None:
        await common.pause(self, channel_id)
        await self._show_channel()

    @handler(Permission.CHANNELS_MANAGE)
    async def resume(self, channel_id: str) -> None:
        await common.resume(self, channel_id)
        await self._show_channel()

    @handler(Permission.CHANNELS_MANAGE)
    async def remove(self, channel_id: str) -> Any:
        return rx.redirect("/channels") if await common.remove(self, channel_id) else None

    async def _show_channel(self) -> None:
        channel_id = common.channel_of(self.router.url.path)
        found: ChannelDetail | None = None
        if channel_id is not None:
            found, error = await self._ask(queries.find_channel, channel_id)
            if error is not None and error.code != "not_found":
                await self._notify(f"errors.{error.code}", kind="error", **error.params)
                return
        self.is_found, self.is_missing = found is not None, found is None
        if found is None or channel_id is None:
            return
        self.channel, self.facts, self.kind = common.plain(found.row), found.facts, found.row.kind
        self.about = {
            "fields": found.fields,
            "made": found.made,
            "has_templates": found.has_templates,
            "registered_at": found.registered_at,
            "checked_at": found.checked_at,
            "expires_at": found.expires_at,
            "former_until": found.former_until,
            "webhook_failure": asdict(found.webhook_failure) if found.webhook_failure else None,
        }
        self.values = {**found.settings, "name": found.row.name}
        self.secrets_set = found.secrets_set
        self.demo_numbers = _demo_page(self.kind)
        self.webhook_url, self.verify_token, self.snippet = (
            found.webhook_url or "",
            found.verify_token or "",
            found.snippet or "",
        )
        if self._session().permissions and Permission.CHANNELS_MANAGE in self._session().permissions:
            self.refused = (await self._ask(credentials.count_refused, channel_id))[0] or 0

    def _show_problems(self, error: AppError | None) -> None:
        if error is None:
            return
        self.errors = dict(error.fields)
        self.problem = "" if error.fields else error.code


def _without_secrets(kind: str, form: Any) -> Any:
    """Keys are changed in their own dialog, but for those that go with a setting (an API key and its name)."""
    if kind not in registry.kinds() or not isinstance(form, dict):
        return form
    adapter = registry.get(kind)
    secret = {f.name for f in adapter.fields if f.secret and (f.required or f.name in adapter.generated)}
    return {name: value for name, value in form.items() if name not in secret}


def _demo_page(kind: str) -> str:
    settings = get_settings()
    page = _DEMO_PAGES.get(kind)
    return f"{settings.sandbox_url}{page}" if settings.demo and page else ""
