"""The pages of the settings: their list, their forms, the tables behind them."""

from typing import Any

import reflex as rx

from saas_admin.accounts.company import CURRENCIES, LOCALES
from saas_admin.accounts.hours import zones
from saas_admin.core.permissions import ROLE_PERMISSIONS, Permission
from saas_admin.settings.jsx import FOLDER
from saas_admin.settings.state import AuditState, CompanyState, PeopleState, SecurityState
from saas_admin.ui.base_state import SessionState, may
from saas_admin.ui.kit import LocalJsx
from saas_admin.ui.shell import SESSION

_ID = rx.event.passthrough_event_spec(str)
_FORM = rx.event.passthrough_event_spec(dict)
_NOTHING = rx.event.no_args_event_spec


class SettingsNav(LocalJsx):
    library = f"{FOLDER}/frame.jsx"
    tag = "SettingsNav"
    permissions: rx.Var[list[str]]


class SettingsOwn(LocalJsx):
    library = f"{FOLDER}/frame.jsx"
    tag = "SettingsOwn"
    session: rx.Var[dict[str, Any]]
    on_availability: rx.EventHandler[_ID]


class _Form(LocalJsx):
    errors: rx.Var[dict[str, str]]
    params: rx.Var[dict[str, Any]]
    problem: rx.Var[str]
    busy: rx.Var[bool]
    done: rx.Var[int]
    on_submit: rx.EventHandler[_FORM]


class _CompanyForm(_Form):
    company: rx.Var[dict[str, Any]]
    can_edit: rx.Var[bool]


class CompanyForm(_CompanyForm):
    library = f"{FOLDER}/company.jsx"
    tag = "CompanyForm"
    locales: rx.Var[list[str]]
    zones: rx.Var[list[str]]
    currencies: rx.Var[list[str]]
    on_logo: rx.EventHandler[_NOTHING]
    on_remove_logo: rx.EventHandler[_NOTHING]


class HoursForm(_CompanyForm):
    library = f"{FOLDER}/hours.jsx"
    tag = "HoursForm"


class RemoveCompany(_CompanyForm):
    library = f"{FOLDER}/remove.jsx"
    tag = "RemoveCompany"
    deletion: rx.Var[dict[str, str]]
    on_cancel: rx.EventHandler[_NOTHING]


class People(_Form):
    library = f"{FOLDER}/people.jsx"
    tag = "People"
    people: rx.Var[list[dict[str, Any]]]
    invitations: rx.Var[list[dict[str, Any]]]
    permissions: rx.Var[list[str]]
    company: rx.Var[str]
    has_left: rx.Var[bool]
    on_invite: rx.EventHandler[_FORM]
    on_resend: rx.EventHandler[_ID]
    on_cancel: rx.EventHandler[_ID]
    on_role: rx.EventHandler[_FORM]
    on_deactivate: rx.EventHandler[_ID]
    on_reactivate: rx.EventHandler[_ID]
    on_reset: rx.EventHandler[_ID]
    on_leave: rx.EventHandler[_NOTHING]
    on_refresh: rx.EventHandler[_NOTHING]


class RolesTable(LocalJsx):
    library = f"{FOLDER}/roles.jsx"
    tag = "RolesTable"
    groups: rx.Var[list[dict[str, Any]]]


class SecurityForm(_Form):
    library = f"{FOLDER}/security.jsx"
    tag = "SecurityForm"
    rule: rx.Var[dict[str, Any]]
    people: rx.Var[list[dict[str, Any]]]
    loaded: rx.Var[bool]
    on_remind: rx.EventHandler[_ID]


class AuditLog(LocalJsx):
    library = f"{FOLDER}/audit.jsx"
    tag = "AuditLog"
    rows: rx.Var[list[dict[str, Any]]]
    people: rx.Var[list[dict[str, Any]]]
    next: rx.Var[str]
    loaded: rx.Var[bool]
    errors: rx.Var[dict[str, str]]
    on_narrow: rx.EventHandler[_FORM]
    on_more: rx.EventHandler[_NOTHING]


def permission_table() -> list[dict[str, Any]]:
    """The table that `core.permissions` enforces, in its order: groups, permissions, the roles that hold each."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for permission in Permission:
        group, _, name = permission.value.partition(":")
        roles = [role.value for role, held in ROLE_PERMISSIONS.items() if permission in held]
        groups.setdefault(group, []).append({"key": f"{group}.{name}", "roles": roles})
    return [{"group": group, "permissions": listed} for group, listed in groups.items()]


def settings_nav() -> rx.Component:
    return rx.fragment(
        SettingsNav.create(permissions=SessionState.permissions),
        SettingsOwn.create(session=SESSION, on_availability=SessionState.choose_availability),
    )


def _problems(state: Any) -> dict[str, Any]:
    names = {"errors": "errors", "params": "params", "problem": "problem", "busy": "is_busy", "done": "done"}
    return {prop: getattr(state, name) for prop, name in names.items()}


def _company_props(permission: Permission) -> dict[str, Any]:
    return {"company": CompanyState.company, "can_edit": may(permission), **_problems(CompanyState)}


def company_form() -> rx.Component:
    return CompanyForm.create(
        locales=list(LOCALES),
        zones=sorted(zones()),
        currencies=list(CURRENCIES),
        on_submit=CompanyState.save,
        on_logo=CompanyState.logo_changed,
        on_remove_logo=CompanyState.remove_logo,
        **_company_props(Permission.COMPANY_MANAGE),
    )


def hours_form() -> rx.Component:
    return HoursForm.create(on_submit=CompanyState.save_hours, **_company_props(Permission.COMPANY_MANAGE))


def remove_company() -> rx.Component:
    return RemoveCompany.create(
        deletion=SessionState.deletion,
        on_submit=CompanyState.ask_deletion,
        on_cancel=CompanyState.cancel_deletion,
        **_company_props(Permission.COMPANY_DELETE),
    )


def people() -> rx.Component:
    return People.create(
        people=PeopleState.people,
        invitations=PeopleState.invitations,
        permissions=SessionState.permissions,
        company=SessionState.company_name,
        has_left=PeopleState.has_left,
        on_invite=PeopleState.invite,
        on_resend=PeopleState.resend,
        on_cancel=PeopleState.cancel,
        on_role=PeopleState.change_role,
        on_deactivate=PeopleState.deactivate,
        on_reactivate=PeopleState.reactivate,
        on_reset=PeopleState.reset_two_factor,
        on_leave=PeopleState.leave,
        on_refresh=PeopleState.load,
        **_problems(PeopleState),
    )


def roles_table() -> rx.Component:
    return RolesTable.create(groups=permission_table())


def security_form() -> rx.Component:
    return SecurityForm.create(
        rule=SecurityState.rule,
        people=SecurityState.people,
        loaded=SecurityState.is_loaded,
        on_submit=SecurityState.save,
        on_remind=SecurityState.remind,
        **_problems(SecurityState),
    )


def audit_table() -> rx.Component:
    return AuditLog.create(
        rows=AuditState.rows,
        people=AuditState.people,
        next=AuditState.next,
        loaded=AuditState.is_loaded,
        errors=AuditState.errors,
        on_narrow=AuditState.narrow,
        on_more=AuditState.more,
    )
