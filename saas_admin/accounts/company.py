"""The company itself: its name and how it counts, its hours, its rule about second factors, its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from babel.numbers import list_currencies
from sqlalchemy import select
from sqlmodel import col

from saas_admin.accounts import audit, lockout, mails, passwords, proofs
from saas_admin.accounts.admins import list_admins
from saas_admin.accounts.hours import Hours, checked_holidays, checked_hours, is_open, is_zone, next_opening
from saas_admin.accounts.proofs import WrongProof
from saas_admin.core import doors, pictures
from saas_admin.core.clock import iso
from saas_admin.core.errors import Conflict, Invalid
from saas_admin.core.permissions import Permission, Role, requires, system_only
from saas_admin.core.work import Work
from saas_admin.models import Company, Membership, UserAccount

GRACE = timedelta(days=14)
LOCALES = ("es-ES", "es-MX", "es-AR", "es-CO", "es-CL", "es-PE", "ca-ES", "en-GB", "en-US")
"""How dates and amounts are written; the words of the interface are each person's own choice."""
CURRENCIES = ("EUR", "USD", "GBP", "MXN", "ARS", "COP", "CLP", "PEN", "UYU", "BRL", "CHF")
GRACE_DAYS = (0, 3, 7, 14, 30)


@dataclass(frozen=True)
class CompanyView:
    id: str
    name: str
    logo_id: str | None
    locale: str
    time_zone: str
    currency: str
    hours: dict[str, Any]
    holidays: list[dict[str, str]]
    two_factor: dict[str, str]
    two_factor_days: int
    delete_after: str | None
    is_open: bool
    next_opening: str | None


@dataclass(frozen=True)
class Deletion:
    """A company that is about to go: when, and who asked."""

    at: str
    by: str


@dataclass(frozen=True)
class Opening:
    is_always_open: bool
    is_open: bool
    next_opening: datetime | None
    time_zone: str
    logo: str


@requires(Permission.COMPANY_READ)
def find_company(work: Work) -> CompanyView:
    company = work.get(Company, work.company_id)
    hours = Hours.of(company.hours, company.holidays, company.time_zone)
    return CompanyView(
        id=str(company.id),
        name=company.name,
        logo_id=str(company.logo_id) if company.logo_id else None,
        locale=company.locale,
        time_zone=company.time_zone,
        currency=company.currency,
        hours=company.hours,
        holidays=company.holidays,
        two_factor=company.two_factor,
        two_factor_days=company.two_factor_days,
        delete_after=iso(company.delete_after),
        is_open=is_open(hours, work.now),
        next_opening=iso(next_opening(hours, work.now)),
    )


@requires(Permission.PROFILE_EDIT)
def find_deletion(work: Work) -> Deletion | None:
    """What everybody is told while a company waits to be deleted."""
    company = work.get(Company, work.company_id)
    if company.delete_after is None:
        return None
    asked = work.find(UserAccount, company.delete_asked_by) if company.delete_asked_by else None
    return Deletion(iso(company.delete_after) or "", asked.name if asked else "")


@system_only
def find_opening(work: Work) -> Opening:
    """For the widget's head."""
    company = work.get(Company, work.company_id)
    hours = Hours.of(company.hours, company.holidays, company.time_zone)
    always = hours.is_always_open and not hours.holidays
    return Opening(
        always,
        is_open(hours, work.now),
        next_opening(hours, work.now),
        company.time_zone,
        pictures.url_of(company.logo_id),
    )


@requires(Permission.COMPANY_MANAGE)
def edit(work: Work, *, name: str, locale: str, time_zone: str, currency: str) -> None:
    name = " ".join(name.split())
    problems: dict[str, str] = {}
    if not 2 <= len(name) <= 80:
        problems["name"] = "company_length"
    if locale not in LOCALES:
        problems["locale"] = "locale"
    if not is_zone(time_zone):
        problems["time_zone"] = "time_zone"
    if currency not in list_currencies():
        problems["currency"] = "currency"
    if problems:
        raise Invalid(fields=problems)
    _change(work, "company.changed", name=name, locale=locale, time_zone=time_zone, currency=currency)


@requires(Permission.COMPANY_MANAGE)
def edit_hours(work: Work, hours: Mapping[str, Any], holidays: Sequence[Any]) -> None:
    """Business hours per weekday, and days off. No hours at all: always open."""
    _change(work, "company.hours_changed", hours=checked_hours(hours), holidays=checked_holidays(holidays))


@requires(Permission.COMPANY_MANAGE)
def change_logo(work: Work, content: bytes) -> str:
    """A new square logo from an uploaded image; answers its id."""
    kept = pictures.keep(content)
    _replace_logo(work, kept)
    return str(kept)


@requires(Permission.COMPANY_MANAGE)
def remove_logo(work: Work) -> None:
    _replace_logo(work, None)


@requires(Permission.SECURITY_MANAGE)
def edit_two_factor(work: Work, roles: Sequence[str], days: int) -> None:
    """Which roles must have a second factor. Its grace counts from now for a role that is new to the rule."""
    known = [role.value for role in Role]
    if any(role not in known for role in roles) or days not in GRACE_DAYS:
        raise Invalid(fields={"days": "choice"})
    company = work.get(Company, work.company_id, lock=True)
    rule = {role: company.two_factor.get(role) or iso(work.now) or "" for role in known if role in roles}
    if rule == company.two_factor and days == company.two_factor_days:
        return
    before = {"roles": sorted(company.two_factor), "days": company.two_factor_days}
    company.two_factor, company.two_factor_days = rule, days
    audit.record(
        work,
        "security.two_factor_changed",
        target=_target(company),
        before=before,
        after={"roles": sorted(rule), "days": days},
    )


@requires(Permission.SECURITY_MANAGE)
def remind_two_factor(work: Work, member_id: UUID | None = None) -> int:
    """A mail to one person, or to everybody who must have a second factor and has none. Answers to how many."""
    company = work.get(Company, work.company_id)
    if member_id is not None:
        people = [work.get(Membership, member_id)]
    else:
        people = work.all(select(Membership).where(col(Membership.role).in_(list(company.two_factor) or [""])))
    told = 0
    for member in people:
        user = work.get(UserAccount, member.user_id)
        if member.deactivated_at is not None or user.totp_confirmed_at is not None:
            continue
        mails.queue_of_company(
            work,
            user.email,
            "two_factor_reminder",
            user.language,
            {"name": user.name, "who": work.actor.name, "path": "/account"},
        )
        audit.record(work, "member.two_factor_reminded", target=("member", user.id, user.name))
        told += 1
    return told


@requires(Permission.COMPANY_DELETE)
def ask_deletion(work: Work, name: str, password: str) -> None:
    """Start the grace, with the company's name typed and one's own password. Everything goes on working until it ends.

    The password is judged before the company is locked: telling an owner of ten wrong ones writes into its log.
    """
    me = proofs.me(work)
    problems: dict[str, str] = {}
    if " ".join(name.split()) != work.get(Company, work.company_id).name:
        problems["name"] = "company_name_differs"
    with lockout.counted(me.email, work.actor.ip):
        login = doors.find_login(work.session, me.email)
        if login is None or not passwords.verify_and_update(password, login.password_hash)[0]:
            raise WrongProof(fields={**problems, "password": "wrong_password"})
    if problems:
        raise Invalid(fields=problems)
    company = work.get(Company, work.company_id, lock=True)
    if company.delete_after is not None:
        raise Conflict("deletion_asked")
    company.delete_after, company.delete_asked_by = work.now + GRACE, me.id
    audit.record(
        work, "company.deletion_asked", target=_target(company), after={"delete_after": iso(company.delete_after)}
    )
    for admin in list_admins(work):
        _tell(work, admin, "deletion_asked", days=GRACE.days)


@requires(Permission.COMPANY_DELETE)
def cancel_deletion(work: Work) -> None:
    company = work.get(Company, work.company_id, lock=True)
    if company.delete_after is None:
        return
    if company.delete_after <= work.now:
        raise Conflict("deletion_over")
    audit.record(
        work, "company.deletion_cancelled", target=_target(company), before={"delete_after": iso(company.delete_after)}
    )
    company.delete_after = company.delete_asked_by = None
    for admin in list_admins(work):
        _tell(work, admin, "deletion_cancelled")


def _replace_logo(work: Work, logo_id: UUID | None) -> None:
    company = work.get(Company, work.company_id, lock=True)
    former = company.logo_id
    if former == logo_id:
        return
    company.logo_id = logo_id
    audit.record(
        work,
        "company.logo_changed",
        target=_target(company),
        before={"logo": former is not None},
        after={"logo": logo_id is not None, "image": str(logo_id or "")},
    )
    work.once_committed(lambda: pictures.delete(former))


def _change(work: Work, action: str, **values: Any) -> None:
    company = work.get(Company, work.company_id, lock=True)
    before = {name: getattr(company, name) for name in values}
    if before == values:
        return
    audit.record(work, action, target=_target(company), before=before, after=values)
    for name, value in values.items():
        setattr(company, name, value)


def _tell(work: Work, admin: UserAccount, kind: str, **params: Any) -> None:
    mails.queue_of_company(
        work,
        admin.email,
        kind,
        admin.language,
        {"name": admin.name, "who": work.actor.name, "path": "/settings/delete", **params},
    )


def _target(company: Company) -> tuple[str, UUID, str]:
    return ("company", company.id, company.name)
