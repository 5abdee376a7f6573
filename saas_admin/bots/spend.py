"""What a company's model costs it: added up call by call, warned about at 80 %, ended at the cap.

A month is a calendar month in the company's zone. A call is not begun once the cap is reached, so that the cap is passed by
no more than the calls that were under way then.
"""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from saas_admin.accounts import mails
from saas_admin.accounts.admins import list_admins
from saas_admin.bots.terms import MICRO, terms_of
from saas_admin.core.ids import new_id
from saas_admin.core.permissions import system_only
from saas_admin.core.work import Work
from saas_admin.models import AiProvider, AiUsage, Company

WARN_AT = 0.8


@dataclass(frozen=True)
class Used:
    """The month so far."""

    month: str
    calls: int
    tokens_in: int
    tokens_out: int
    cost: int
    """Micro-units."""


def cost_of(provider: AiProvider, tokens_in: int, tokens_out: int) -> int:
    """Micro-units, rounded up: a call is never free by rounding."""
    terms = terms_of(provider)
    return -((tokens_in * terms.price_in + tokens_out * terms.price_out) // -MICRO)


def embedding_cost_of(provider: AiProvider, tokens: int) -> int:
    return -(tokens * terms_of(provider).price_embedding // -MICRO)


@system_only
def may_spend(work: Work) -> bool:
    """Whether this month's cap leaves room for another call."""
    provider = provider_of(work)
    return provider is not None and used(work).cost < terms_of(provider).monthly_cap


@system_only
def record(work: Work, provider: AiProvider, tokens_in: int, tokens_out: int) -> int:
    """Add a call to the month; its cost in micro-units. Tells the Admins, once each, of 80 % and of the end."""
    return _add(work, provider, tokens_in, tokens_out, cost_of(provider, tokens_in, tokens_out))


@system_only
def record_embedding(work: Work, provider: AiProvider, tokens: int) -> int:
    """The same of a call for vectors: what it read is added to what the model read."""
    return _add(work, provider, tokens, 0, embedding_cost_of(provider, tokens))


def _add(work: Work, provider: AiProvider, tokens_in: int, tokens_out: int, cost: int) -> int:
    values = {"calls": 1, "tokens_in": tokens_in, "tokens_out": tokens_out, "cost": cost}
    added = insert(AiUsage).values(id=new_id(), company_id=work.company_id, month=month_of(work), **values)
    added = added.on_conflict_do_update(
        index_elements=[col(AiUsage.company_id), col(AiUsage.month)],
        set_={name: getattr(AiUsage, name) + value for name, value in values.items()},
    ).returning(AiUsage)
    # The row stays locked until the commit: of two calls that pass a mark one alone sees that nobody was told.
    usage = work.session.scalars(added, execution_options={"populate_existing": True}).one()
    cap = terms_of(provider).monthly_cap
    if usage.cost >= cap and usage.capped_at is None:
        usage.capped_at = usage.warned_at = work.now
        tell_admins(work, "ai_capped")
    elif usage.cost >= WARN_AT * cap and usage.warned_at is None:
        usage.warned_at = work.now
        tell_admins(work, "ai_warning")
    return cost


def used(work: Work) -> Used:
    month = month_of(work)
    row = work.first(select(AiUsage).where(col(AiUsage.month) == month))
    return Used(month, row.calls, row.tokens_in, row.tokens_out, row.cost) if row else Used(month, 0, 0, 0, 0)


def forget_warnings(work: Work, cap: int) -> None:
    """The cap is another one: what was told of the old one is told again when its marks are reached."""
    row = work.first(select(AiUsage).where(col(AiUsage.month) == month_of(work)).with_for_update())
    if row is not None:
        row.capped_at = row.capped_at if row.cost >= cap else None
        row.warned_at = row.warned_at if row.cost >= WARN_AT * cap else None


def provider_of(work: Work, *, lock: bool = False) -> AiProvider | None:
    query = select(AiProvider)
    return work.first(query.with_for_update().execution_options(populate_existing=True) if lock else query)


def month_of(work: Work) -> str:
    zone = work.get(Company, work.company_id).time_zone
    return f"{work.now.astimezone(ZoneInfo(zone)):%Y-%m}"


def tell_admins(work: Work, kind: str, **params: Any) -> None:
    for person in list_admins(work):
        said = {"name": person.name, "path": "/bots/ai", **params}
        mails.queue_of_company(work, person.email, kind, person.language, said)
