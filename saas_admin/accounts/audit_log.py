"""Reading the audit log: filters, pages, export. Nothing here changes a line, nor could it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, cast, or_, select
from sqlmodel import col

from saas_admin.accounts import audit
from saas_admin.core.actor import Actor
from saas_admin.core.clock import iso
from saas_admin.core.errors import Invalid
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission, requires
from saas_admin.core.work import Work
from saas_admin.models import AuditEntry, Company

PAGE = 50
EXPORT_PAGE = 1000
GROUPS = {
    "session": ("session",),
    "account": ("account", "email", "password", "two_factor"),
    "member": ("member",),
    "invitation": ("invitation",),
    "company": ("company",),
    "security": ("security",),
    "bot": ("bot",),
    "channel": ("channel",),
    "faq": ("faq", "faq_category"),
    "export": ("export",),
    "audit": ("audit",),
}
"""What a filter offers, and the parts before the dot of an action that belong to it."""


@dataclass(frozen=True)
class AuditFilter:
    person: str = ""
    group: str = ""
    since: str = ""
    until: str = ""
    """Days of the company's zone, both included."""
    query: str = ""

    @classmethod
    def of(cls, given: Any) -> "AuditFilter":
        values: dict[Any, Any] = given if isinstance(given, dict) else {}
        return cls(**{name: str(values.get(name) or "")[:200] for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class EntryView:
    id: str
    at: str
    actor_kind: str
    actor_id: str
    actor_name: str
    action: str
    target_kind: str
    target_id: str
    target_name: str
    before: dict[str, Any]
    after: dict[str, Any]
    ip: str


@dataclass(frozen=True)
class EntryPage:
    rows: list[EntryView]
    next: str
    """Where the next page starts; empty on the last."""


@requires(Permission.AUDIT_READ)
def list_entries(work: Work, chosen: AuditFilter, cursor: str = "") -> EntryPage:
    rows = _read(work, chosen, cursor, PAGE)
    following = f"{rows[PAGE - 1].at}|{rows[PAGE - 1].id}" if len(rows) > PAGE else ""
    return EntryPage(rows[:PAGE], following)


@requires(Permission.AUDIT_READ)
def note_export(work: Work, chosen: AuditFilter, kind: str) -> None:
    """Taking the log away is itself a line of it."""
    filters = {name: value for name, value in chosen.__dict__.items() if value}
    audit.record(work, "audit.exported", target=("audit", None, kind), after=filters)


def export(actor: Actor, chosen: AuditFilter) -> Iterator[EntryView]:
    """Every line that fits, newest first, each page in a short transaction of its own."""
    cursor = ""
    while True:
        with Work(actor) as work:
            page = _export_page(work, chosen, cursor)
        yield from page
        if len(page) < EXPORT_PAGE:
            return
        cursor = f"{page[-1].at}|{page[-1].id}"


@requires(Permission.AUDIT_READ)
def _export_page(work: Work, chosen: AuditFilter, cursor: str) -> list[EntryView]:
    return _read(work, chosen, cursor, EXPORT_PAGE - 1)


def _read(work: Work, chosen: AuditFilter, cursor: str, most: int) -> list[EntryView]:
    query = (
        select(AuditEntry)
        .where(*_conditions(work, chosen, cursor))
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
        .limit(most + 1)
    )
    return [_view(entry) for entry in work.all(query)]


def _conditions(work: Work, chosen: AuditFilter, cursor: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.person == "system":
        found.append(col(AuditEntry.actor_kind) != "agent")
    elif chosen.person:
        found.append(col(AuditEntry.actor_id) == (parse_id(chosen.person) or UUID(int=0)))
    if chosen.group:
        things = GROUPS.get(chosen.group, (chosen.group,))
        found.append(or_(*(col(AuditEntry.action).startswith(f"{thing}.", autoescape=True) for thing in things)))
    zone = ZoneInfo(work.get(Company, work.company_id).time_zone)
    if since := _day(chosen.since):
        found.append(col(AuditEntry.at) >= datetime.combine(since, time(), zone))
    if until := _day(chosen.until):
        found.append(col(AuditEntry.at) < datetime.combine(until + timedelta(days=1), time(), zone))
    for word in chosen.query.split():
        places = (
            col(AuditEntry.actor_name),
            col(AuditEntry.target_name),
            col(AuditEntry.action),
            col(AuditEntry.ip),
            cast(col(AuditEntry.before), String),
            cast(col(AuditEntry.after), String),
        )
        found.append(or_(*(place.icontains(word, autoescape=True) for place in places)))
    if cursor:
        at, entry_id = _cursor(cursor)
        found.append(or_(col(AuditEntry.at) < at, and_(col(AuditEntry.at) == at, col(AuditEntry.id) < entry_id)))
    return found


def _view(entry: AuditEntry) -> EntryView:
    return EntryView(
        str(entry.id),
        iso(entry.at) or "",
        entry.actor_kind,
        str(entry.actor_id or ""),
        entry.actor_name,
        entry.action,
        entry.target_kind,
        str(entry.target_id or ""),
        entry.target_name,
        entry.before,
        entry.after,
        entry.ip or "",
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(fields={"since": "date"}) from error


def _cursor(text: str) -> tuple[datetime, UUID]:
    at, _, entry_id = text.partition("|")
    found = parse_id(entry_id)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise Invalid("cursor") from error
    if found is None:
        raise Invalid("cursor")
    return moment, found
