"""Settings: the company, its people, its rules, its log. Thin over the verbs of `accounts`."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import reflex as rx

from saas_admin.accounts import audit_log, company, invitations, people
from saas_admin.accounts.audit_log import AuditFilter, EntryPage
from saas_admin.core.errors import AppError, Throttled
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.ui.base_state import GuardedState, SessionState, handler
from saas_admin.ui.identity import forget_identity
from saas_admin.web.throttle import ensure_not_too_often

MAILS_A_DAY = 200
"""Invitations and reminders of one company; and a tenth of it from one address in ten minutes."""


class _FormState(GuardedState, rx.State, mixin=True):
    """What every form of the settings has: its problems by field, and a count of what went well."""

    errors: dict[str, str] = {}
    params: dict[str, Any] = {}
    problem: str = ""
    is_busy: bool = False
    done: int = 0

    def _start(self) -> None:
        self.errors, self.params, self.problem = {}, {}, ""

    async def _finish(self, error: AppError | None, words: str, **params: Any) -> bool:
        """Show the problem beside its field, or say what was done."""
        self.is_busy = False
        if error is None:
            self._start()
            self.done += 1
            await self._notify(words, **params)
            return True
        self.errors, self.params = dict(error.fields), {name: str(value) for name, value in error.params.items()}
        self.problem = "" if error.fields else error.code
        return False

    async def _small_act(self, words: str, verb: Any, *arguments: Any, undo: Any = None, **params: Any) -> bool:
        """An act without a form: its error is a toast."""
        _, error = await self._ask(verb, *arguments)
        if error is not None:
            await self._notify(f"errors.{error.code}", kind="error", **error.params)
            return False
        await self._notify(words, undo=undo, **params)
        return True


class CompanyState(_FormState, rx.State):
    company: dict[str, Any] = {}
    is_loaded: bool = False

    @handler(Permission.COMPANY_READ)
    async def load(self) -> None:
        self._start()
        await self._show()

    @handler(Permission.COMPANY_MANAGE)
    async def save(self, form: dict[str, Any]) -> Any:
        names = ("name", "locale", "time_zone", "currency")
        _, error = await self._ask(company.edit, **{name: _text(form, name) for name in names})
        if await self._finish(error, "settings.saved"):
            await self._show()
            return SessionState.load
        return None

    @handler(Permission.COMPANY_MANAGE)
    async def save_hours(self, form: dict[str, Any]) -> None:
        _, error = await self._ask(company.edit_hours, form.get("hours"), form.get("holidays"))
        if await self._finish(error, "settings.saved"):
            await self._show()

    @handler(Permission.COMPANY_MANAGE)
    async def logo_changed(self) -> Any:
        """After the upload, which goes by a route of its own."""
        await self._show()
        return SessionState.load

    @handler(Permission.COMPANY_MANAGE)
    async def remove_logo(self) -> Any:
        if await self._small_act("settings.company.logo_removed", company.remove_logo):
            await self._show()
            return SessionState.load
        return None

    @handler(Permission.COMPANY_DELETE)
    async def ask_deletion(self, form: dict[str, Any]) -> Any:
        try:
            await ensure_not_too_often("deletion", str(self._session().user_id), most=5, seconds=900)
        except Throttled as error:
            await self._finish(error, "")
            return None
        _, error = await self._ask(company.ask_deletion, _text(form, "name"), _text(form, "password"))
        if await self._finish(error, "settings.delete.asked"):
            await self._show()
            return SessionState.load
        return None

    @handler(Permission.COMPANY_DELETE)
    async def cancel_deletion(self) -> Any:
        if await self._small_act("settings.delete.cancelled", company.cancel_deletion):
            await self._show()
            return SessionState.load
        return None

    async def _show(self) -> None:
        found = await self._do(company.find_company)
        if found is not None:
            self.company, self.is_loaded = asdict(found), True


class PeopleState(_FormState, rx.State):
    people: list[dict[str, Any]] = []
    invitations: list[dict[str, Any]] = []
    is_loaded: bool = False
    has_left: bool = False
    """The page then navigates in full: who is left without a company is asked to sign in."""

    @handler(Permission.MEMBERS_READ)
    async def load(self) -> None:
        self._start()
        self.has_left = False
        await self._show()

    @handler(Permission.MEMBERS_MANAGE)
    async def invite(self, form: dict[str, Any]) -> None:
        emails = _text(form, "emails", most=6000)
        if (error := await self._too_many()) is None:
            sent, error = await self._ask(invitations.invite, emails, _text(form, "role"), _text(form, "sight"))
        else:
            sent = None
        if await self._finish(error, "settings.people.invited", n=len(sent or [])):
            await self._show()

    @handler(Permission.MEMBERS_MANAGE)
    async def resend(self, invitation_id: str) -> None:
        if (error := await self._too_many()) is not None:
            await self._notify(f"errors.{error.code}", kind="error", **error.params)
            return
        email, error = await self._ask(invitations.resend, _id(invitation_id))
        await self._told(error, "settings.people.resent", email=email)

    @handler(Permission.MEMBERS_MANAGE)
    async def cancel(self, invitation_id: str) -> None:
        email, error = await self._ask(invitations.cancel, _id(invitation_id))
        await self._told(error, "settings.people.invitation_cancelled", email=email)

    @handler(Permission.MEMBERS_MANAGE)
    async def change_role(self, form: dict[str, Any]) -> None:
        member, sight = _id(form.get("id")), _text(form, "sight") or None
        _, error = await self._ask(people.change_role, member, _text(form, "role"), sight)
        if await self._finish(error, "settings.people.role_changed", name=self._name(form.get("id"))):
            await self._show()

    @handler(Permission.MEMBERS_MANAGE)
    async def deactivate(self, member_id: str) -> None:
        member, name = _id(member_id), self._name(member_id)
        given, error = await self._ask(people.deactivate, member)
        undo = (people.reactivate, member)
        await self._told(error, "settings.people.deactivated", undo=undo, name=name, n=given or 0)

    @handler(Permission.MEMBERS_MANAGE)
    async def reactivate(self, member_id: str) -> None:
        _, error = await self._ask(people.reactivate, _id(member_id))
        await self._told(error, "settings.people.reactivated", name=self._name(member_id))

    @handler(Permission.MEMBERS_MANAGE)
    async def reset_two_factor(self, member_id: str) -> None:
        _, error = await self._ask(people.reset_two_factor, _id(member_id))
        await self._told(error, "settings.people.two_factor_reset", name=self._name(member_id))

    @handler(None)
    async def leave(self) -> None:
        _, error = await self._ask(people.leave)
        if error is not None:
            await self._notify(f"errors.{error.code}", kind="error", **error.params)
            return
        forget_identity(self.router.headers.cookie)
        self.has_left = True

    async def _told(self, error: AppError | None, words: str, *, undo: Any = None, **params: Any) -> None:
        if error is not None:
            await self._notify(f"errors.{error.code}", kind="error", **error.params)
        else:
            await self._notify(words, undo=undo, **params)
        await self._show()

    async def _too_many(self) -> AppError | None:
        return await _mails_left(self._session().company_id, self.router.session.client_ip)

    def _name(self, member_id: object) -> str:
        return next((str(p["name"]) for p in self.people if p["id"] == member_id), "")

    async def _show(self) -> None:
        found = await self._do(people.list_people)
        if found is None:
            return
        self.people = [asdict(person) for person in found]
        if Permission.MEMBERS_MANAGE in self._session().permissions:
            self.invitations = [asdict(each) for each in await self._do(invitations.list_pending) or []]
        self.is_loaded = True


class SecurityState(_FormState, rx.State):
    rule: dict[str, Any] = {}
    people: list[dict[str, Any]] = []
    is_loaded: bool = False

    @handler(Permission.SECURITY_MANAGE)
    async def load(self) -> None:
        self._start()
        await self._show()

    @handler(Permission.SECURITY_MANAGE)
    async def save(self, form: dict[str, Any]) -> None:
        roles = form.get("roles")
        days = form.get("days")
        chosen = [str(role) for role in roles] if isinstance(roles, list) else []
        _, error = await self._ask(company.edit_two_factor, chosen, days if isinstance(days, int) else -1)
        if await self._finish(error, "settings.saved"):
            await self._show()

    @handler(Permission.SECURITY_MANAGE)
    async def remind(self, member_id: str) -> None:
        """One person, or with an empty id everybody who owes it."""
        error: AppError | None = await _mails_left(self._session().company_id, self.router.session.client_ip)
        told = 0
        if error is None:
            told, error = await self._ask(company.remind_two_factor, _id(member_id) if member_id else None)
        if error is not None:
            await self._notify(f"errors.{error.code}", kind="error", **error.params)
        else:
            await self._notify("settings.security.reminded", n=told)

    async def _show(self) -> None:
        found, listed = await self._do(company.find_company), await self._do(people.list_people)
        if found is None or listed is None:
            return
        self.rule = {"roles": sorted(found.two_factor), "days": found.two_factor_days, "since": found.two_factor}
        self.people = [asdict(person) for person in listed if person.is_active]
        self.is_loaded = True


class AuditState(GuardedState, rx.State):
    rows: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    chosen: dict[str, str] = {}
    next: str = ""
    is_loaded: bool = False
    errors: dict[str, str] = {}

    @handler(Permission.AUDIT_READ)
    async def load(self) -> None:
        self.people = [{"id": p.user_id, "name": p.name} for p in await self._do(people.list_people) or []]
        self.chosen = {}
        await self._read(fresh=True)

    @handler(Permission.AUDIT_READ)
    async def narrow(self, chosen: dict[str, Any]) -> None:
        self.chosen = {name: value for name, value in AuditFilter.of(chosen).__dict__.items() if value}
        await self._read(fresh=True)

    @handler(Permission.AUDIT_READ)
    async def more(self) -> None:
        if self.next:
            await self._read(fresh=False)

    async def _read(self, *, fresh: bool) -> None:
        page: EntryPage | None
        page, error = await self._ask(audit_log.list_entries, AuditFilter.of(self.chosen), "" if fresh else self.next)
        if page is None:
            self.errors = dict(error.fields) if error else {}
            if error and not error.fields:
                await self._notify(f"errors.{error.code}", kind="error", **error.params)
            return
        rows = [asdict(row) for row in page.rows]
        self.rows, self.next = rows if fresh else [*self.rows, *rows], page.next
        self.errors, self.is_loaded = {}, True


async def _mails_left(company_id: object, ip: str | None) -> AppError | None:
    try:
        await ensure_not_too_often("invite", str(company_id), most=MAILS_A_DAY, seconds=86_400)
        await ensure_not_too_often("invite", ip, most=MAILS_A_DAY // 10, seconds=600)
    except Throttled as error:
        return error
    return None


def _text(form: Any, name: str, *, most: int = 2000) -> str:
    value = form.get(name) if isinstance(form, dict) else None
    return value.replace("\x00", "")[:most] if isinstance(value, str) else ""


def _id(value: object) -> Any:
    """A malformed id is one that nobody has."""
    return parse_id(value) or UUID(int=0)
