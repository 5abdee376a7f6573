"""What every State stands on: the guard of its handlers, the actor behind the browser, and the way to a service verb.

Every public method of a State can be called by any client, so each carries `@handler(permission)` or `@public_handler`
(an architecture test walks them all). Identity comes from the cookie, never from an argument or a var.
"""

import functools
import inspect
import logging
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import asdict
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import anyio.to_thread
import reflex as rx
from reflex.event import EventSpec
from sqlalchemy.exc import OperationalError

from saas_admin.accounts import company, people
from saas_admin.accounts import service as accounts
from saas_admin.accounts.queries import SessionView
from saas_admin.channels import queries as channels
from saas_admin.conversations import queries as conversations
from saas_admin.core import clock, pictures
from saas_admin.core.actor import Actor
from saas_admin.core.config import get_settings
from saas_admin.core.errors import AppError, Forbidden, Unauthorised
from saas_admin.core.permissions import Permission
from saas_admin.core.text import cleaned
from saas_admin.core.work import Work
from saas_admin.ui import live
from saas_admin.ui.identity import find_identity, forget_identity
from saas_admin.web.proxies import client_address

log = logging.getLogger(__name__)

_CURRENT: ContextVar[SessionView | None] = ContextVar("session", default=None)


_SHOWN = object()
"""A refusal that the page shows by itself."""
SET_UP = "/set-up-two-step"
"""Where somebody is kept whose company asks a second factor they have not set up in time."""


def handler(
    permission: Permission | None, *, background: bool = False, opens_page: bool = False
) -> Callable[[Callable[..., Any]], Any]:
    """Guard an event handler: signed in, e-mail confirmed, second factor where the company asks it, and holding the
    permission (None: any member).

    `opens_page`: the page itself shows that it is not for this role, so no toast says it again; and when not even the
    guard could read, the State says so by `_fail` (a page shows `ui.kit.Failed`).
    Its arguments come from a browser: texts in them are cleaned of what the database refuses.
    """

    def decorate(fn: Callable[..., Any]) -> Any:
        if inspect.isgeneratorfunction(fn):
            msg = f"{fn.__qualname__}: an async generator, not a sync one"
            raise TypeError(msg)
        if inspect.isasyncgenfunction(fn):

            @functools.wraps(fn)
            async def guarded_stream(self: Any, *args: Any, **kwargs: Any) -> Any:
                refusal = await _enter(self, permission)
                if refusal is not None:
                    yield refusal
                    return
                async for update in fn(self, *cleaned(list(args)), **cleaned(kwargs)):
                    yield update

            run: Callable[..., Any] = guarded_stream
        else:

            @functools.wraps(fn)
            async def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
                refusal = await (_enter_page if opens_page else _enter)(self, permission)
                if refusal is not None:
                    return None if refusal is _SHOWN else refusal
                result = fn(self, *cleaned(list(args)), **cleaned(kwargs))
                return await result if inspect.isawaitable(result) else result

            run = guarded
        return _mark(run, permission.value if permission else "member", background)

    return decorate


def public_handler(fn: Callable[..., Any]) -> Any:
    """Anyone may call this one: it checks by itself what it needs."""
    return _mark(fn, "public", False)


def _mark(fn: Callable[..., Any], door: str, background: bool) -> Any:
    fn.__door__ = door  # type: ignore[attr-defined]
    event: Any = rx.event
    return event(fn, background=True) if background else event(fn)


async def _enter(state: Any, permission: Permission | None) -> Any:
    """None when the caller may go on, else the event that answers instead."""
    view = await find_identity(state.router.headers.cookie)
    _CURRENT.set(view)
    if view is None:
        return sign_in_first(state)
    if not view.email_confirmed:
        return rx.redirect("/confirm-email")
    if view.must_set_up_two_factor:
        return rx.redirect(SET_UP)
    if permission is not None and permission not in view.permissions:
        return SessionState.say_forbidden
    return None


async def _enter_page(state: Any, permission: Permission | None) -> Any:
    """Like `_enter`, for a page that shows by itself what kept it from opening."""
    try:
        refusal = await _enter(state, permission)
    except OperationalError:
        log.exception("the database went away before a page was opened")
        await state._fail("unavailable")
        return _SHOWN
    return _SHOWN if refusal is SessionState.say_forbidden else refusal


def sign_in_first(state: Any) -> Any:
    here = state.router.url.path or "/"
    return rx.redirect(f"/login?next={quote(here)}" if here not in ("/", "/login") else "/login")


class GuardedState(rx.State, mixin=True):
    """Helpers for States: `class InboxState(GuardedState, rx.State)`. All private, so that no client can call them."""

    def _session(self) -> SessionView:
        view = _CURRENT.get()
        if view is None:
            raise Unauthorised
        return view

    def _actor(self) -> Actor:
        socket = self.router.session.client_ip
        return self._session().actor(
            ip=client_address(socket, [self.router.headers.raw_headers.get("x-forwarded-for", "")])
        )

    async def _do(self, verb: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Run a service verb or a query in its own transaction, off the event loop. An error becomes a toast and None."""
        result, error = await self._ask(verb, *args, **kwargs)
        if error is not None:
            await self._notify(f"errors.{error.code}", kind="error", **error.params)
        return result

    async def _ask(self, verb: Callable[..., Any], /, *args: Any, **kwargs: Any) -> tuple[Any, AppError | None]:
        """Like `_do` for forms: the error comes back, to be shown beside its fields."""
        actor = self._actor()

        def run() -> Any:
            with Work(actor) as work:
                return verb(work, *args, **kwargs)

        try:
            return await anyio.to_thread.run_sync(run), None
        except AppError as error:
            return None, error
        except OperationalError:
            log.exception("the database went away during %s", getattr(verb, "__name__", verb))
            return None, AppError("unavailable")

    async def _fail(self, code: str) -> None:
        """What a page shows could not be read. A State with a place for that on its page overrides this."""
        await self._notify(f"errors.{code}", kind="error")

    async def _notify(
        self, key: str, /, *, kind: str = "done", undo: tuple[Any, ...] | None = None, **params: Any
    ) -> None:
        """One line at the bottom, in the reader's language. `undo` is a service verb and its arguments."""
        session = await self.get_state(SessionState)
        notice_id = uuid4().hex
        session.notice = {
            "id": notice_id,
            "key": key,
            "kind": kind,
            "params": _plain(params),
            "can_undo": undo is not None,
        }
        session._undo = {notice_id: undo} if undo is not None else {}


class SessionState(GuardedState, rx.State):
    """The signed-in person, rebuilt by every page load and reconnect; a cache, never an authority."""

    is_ready: bool = False
    user_id: str = ""
    user_name: str = ""
    user_email: str = ""
    company_id: str = ""
    company_name: str = ""
    logo_id: str = ""
    availability: str = ""
    companies: list[dict[str, Any]] = []
    deletion: dict[str, str] = {}
    role: str = ""
    lang: str = ""
    theme: str = ""
    permissions: list[str] = []
    waiting: int = 0
    troubles: list[dict[str, Any]] = []
    """Channels that need somebody, for whoever works with conversations."""
    notice: dict[str, Any] = {}
    undone: int = 0
    is_demo: bool = False
    photo_url: str = ""
    has_sounds: bool = True
    has_two_factor: bool = False
    two_factor_due: str = ""
    """Until when the company gives time to set up the second factor; empty when nothing is asked."""
    _undo: dict[str, tuple[Any, ...]] = {}

    @public_handler
    async def load(self) -> Any:
        """First in every page's on_load: who is here, or where to go instead."""
        # Read afresh: a full navigation follows what changes who somebody is (another company, a new role).
        forget_identity(self.router.headers.cookie)
        view = await find_identity(self.router.headers.cookie)
        _CURRENT.set(view)
        if view is None:
            self.reset()
            return sign_in_first(self)
        self._show(view)
        if not view.email_confirmed:
            return rx.redirect("/confirm-email")
        await self._show_companies(view)
        if view.must_set_up_two_factor:
            return rx.redirect(SET_UP)
        live.take_seat(self, view)
        self.is_ready = True
        if Permission.CONVERSATIONS_READ in view.permissions:
            counts, _ = await self._ask(conversations.count_by_owner)
            self.waiting = sum((counts or {}).get("pending", {}).values())
        await self._show_troubles()
        return None

    @public_handler
    async def welcome(self) -> Any:
        """The address without a path, and the sign-in page for someone who is in already."""
        forget_identity(self.router.headers.cookie)
        view = await find_identity(self.router.headers.cookie)
        if view is None:
            return rx.redirect("/login") if self.router.url.path in ("", "/") else None
        home = "/inbox" if Permission.CONVERSATIONS_READ in view.permissions else "/channels"
        return rx.redirect(home if view.email_confirmed else "/confirm-email")

    @public_handler
    async def await_confirmation(self) -> Any:
        """The waiting page: who is in already moves on, who is signed in but unconfirmed sees their address."""
        self.is_demo = get_settings().demo
        view = await find_identity(self.router.headers.cookie)
        if view is None:
            return None
        self.user_email = view.email
        return rx.redirect("/") if view.email_confirmed and "token" not in self.router.url.query_parameters else None

    @public_handler
    async def note_demo(self) -> None:
        """Whether mails stay in a mailbox of this install that a page may point to."""
        self.is_demo = get_settings().demo

    @public_handler
    async def await_two_factor(self) -> Any:
        """The page where somebody is kept until the second factor is set up; everybody else moves on."""
        view = await find_identity(self.router.headers.cookie)
        if view is None:
            return rx.redirect("/login")
        if not view.must_set_up_two_factor:
            return rx.redirect("/")
        self.user_email, self.company_name, self.lang = view.email, view.company_name, view.lang
        return None

    @handler(None)
    async def choose_sounds(self, is_on: bool) -> None:
        await self._change(has_sounds=is_on is True)

    @handler(None)
    async def refresh(self) -> None:
        """After the person changed something of their own by a route."""
        forget_identity(self.router.headers.cookie)
        view = await find_identity(self.router.headers.cookie)
        if view is not None:
            self._show(view)

    @handler(None)
    async def choose_language(self, lang: str) -> None:
        await self._change(language=lang)

    @handler(None)
    async def choose_theme(self, theme: str) -> None:
        await self._change(theme=theme)

    @handler(None)
    async def choose_availability(self, availability: str) -> None:
        _, error = await self._ask(people.choose_availability, str(availability))
        if error is None:
            await self._refresh()

    @handler(Permission.COMPANY_DELETE)
    async def cancel_deletion(self) -> None:
        _, error = await self._ask(company.cancel_deletion)
        if error is not None:
            await self._notify(f"errors.{error.code}", kind="error", **error.params)
            return
        self.deletion = {}
        await self._notify("settings.delete.cancelled")

    @handler(None)
    async def rename(self, form: Any) -> None:
        name = form.get("name", "") if isinstance(form, dict) else ""
        if await self._change(name=str(name)):
            await self._notify("ui.account.saved")

    @handler(None)
    async def undo(self, notice_id: str) -> None:
        """The verb and its arguments were kept here when the toast was shown; the browser only names the toast."""
        kept = self._undo.pop(str(notice_id), None)
        if kept is not None:
            verb, *arguments = kept
            await self._do(verb, *arguments)
            self.undone += 1

    @public_handler
    async def say_forbidden(self) -> None:
        await self._notify("errors.forbidden", kind="error")

    @public_handler
    async def say_unexpected(self) -> None:
        await self._notify("errors.unexpected", kind="error")

    async def _change(self, **values: str | bool) -> bool:
        _, error = await self._ask(accounts.edit_profile, **values)
        if error is not None:
            code = next(iter(error.fields.values()), error.code)
            await self._notify(f"errors.{code}", kind="error", **error.params)
            return False
        await self._refresh()
        return True

    async def _refresh(self) -> None:
        forget_identity(self.router.headers.cookie)
        view = await find_identity(self.router.headers.cookie)
        if view is not None:
            self._show(view)

    @handler(Permission.CONVERSATIONS_READ)
    async def look_for_trouble(self) -> None:
        """Asked twice a minute by an open page: a channel may have stopped working meanwhile."""
        await self._show_troubles()

    async def _show_troubles(self) -> None:
        held = self._session().permissions
        if Permission.CONVERSATIONS_READ not in held or Permission.CHANNELS_READ not in held:
            return
        found, error = await self._ask(channels.list_troubled)
        if error is None and (troubles := [asdict(each) for each in found or []]) != self.troubles:
            self.troubles = troubles

    async def _show_companies(self, view: SessionView) -> None:
        found, _ = await self._ask(people.list_companies)
        self.companies = [asdict(each) for each in found or []]
        deletion = (await self._ask(company.find_deletion))[0] if view.delete_after else None
        self.deletion = asdict(deletion) if deletion else {}

    def _show(self, view: SessionView) -> None:
        self.user_id, self.company_id = str(view.user_id), str(view.company_id)
        self.user_name, self.user_email, self.company_name = view.name, view.email, view.company_name
        self.logo_id, self.availability = str(view.logo_id or ""), str(view.availability)
        self.role, self.lang, self.theme = str(view.role), view.lang, str(view.theme)
        self.permissions = [str(permission) for permission in view.permissions]
        self.photo_url, self.has_sounds = pictures.url_of(view.photo_id), view.has_sounds
        self.has_two_factor, self.two_factor_due = view.has_two_factor, clock.iso(view.two_factor_due) or ""


def may(permission: Permission) -> rx.Var[bool]:
    """Whether the signed-in person holds it: for what a page shows; the door itself is on the handlers."""
    held: Any = SessionState.permissions
    return held.contains(permission.value)


def on_unexpected_error(exception: Exception) -> EventSpec | None:
    """The reader learns that it failed and that nothing was lost; the details stay in our log."""
    log.error("unexpected error in an event handler", exc_info=exception)
    said: Any = SessionState.say_forbidden if isinstance(exception, Forbidden) else SessionState.say_unexpected
    return said()


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, (int, float)) else str(value) for name, value in params.items()}
