"""What a model may ask the server to do while it answers. The server decides what is done, for whom and with what.

Company, conversation and whether the customer is verified come from the context, never from the model's arguments.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from saas_admin.accounts.hours import DAYS, Hours, is_open, next_opening
from saas_admin.adapters.llm.base import MOST_SECONDS, ToolCall, ToolSpec
from saas_admin.adapters.llm.shapes import schema_of
from saas_admin.bots.prompt import FaqSource
from saas_admin.core.actor import Actor
from saas_admin.core.work import Work
from saas_admin.models import Company

log = logging.getLogger(__name__)

MOST_ROUNDS = 3
MOST_CALLS = 4
"""In one round; more are not made."""
_MOST_ARGUMENTS = 4000
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class ToolContext:
    """For whom a tool runs: decided by the server before the model is asked."""

    company_id: UUID
    conversation_id: UUID
    is_verified: bool = False
    """The customer has proven who they are, in this conversation and lately."""
    search: Callable[[str], Sequence[FaqSource]] | None = None
    """Finds FAQs of this company; None where there is no index."""
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)
    """By the monotonic clock: no tool is begun any more. A context is made when its answer is begun."""

    @property
    def actor(self) -> Actor:
        return Actor.system(self.company_id)


@dataclass(frozen=True)
class ToolResult:
    """Data for the model, never instructions."""

    data: Any
    sources: tuple[FaqSource, ...] = ()
    """FAQs that may be cited from now on."""
    says: tuple[str, ...] = ()
    """The data in sentences of the customers' languages, for an answer to be held against."""
    wants_person: bool = False
    is_refused: bool = False


@dataclass(frozen=True)
class Tool:
    name: str
    description: str
    arguments: type[BaseModel]
    run: Callable[[ToolContext, Any], ToolResult]
    needs_verified: bool = False

    @property
    def spec(self) -> ToolSpec:
        return ToolSpec(self.name, self.description, schema_of(self.arguments))


@dataclass(frozen=True)
class ToolUse:
    """What was asked for and what came of it: for the receipt."""

    name: str
    arguments: str
    outcome: str
    """`done`, or why it was refused: `unknown_tool`, `wrong_arguments`, `not_verified`, `too_late`, `failed`."""


@dataclass(frozen=True)
class Toolbox:
    context: ToolContext
    tools: tuple[Tool, ...] = field(default_factory=lambda: STANDARD)

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        return tuple(tool.spec for tool in self.tools)

    def use(self, call: ToolCall) -> tuple[ToolResult, ToolUse]:
        """Run one call, or refuse it; the refusal is an answer too, so that the model can go on without it."""
        tool = next((each for each in self.tools if each.name == call.name), None)
        if tool is None:
            return _refused(call, "unknown_tool")
        if tool.needs_verified and not self.context.is_verified:
            return _refused(call, "not_verified")
        try:
            arguments = tool.arguments.model_validate_json(call.arguments[:_MOST_ARGUMENTS] or "{}")
        except ValidationError:
            return _refused(call, "wrong_arguments")
        if time.monotonic() >= self.context.until:
            return _refused(call, "too_late")
        try:
            result = tool.run(self.context, arguments)
        except Exception:
            log.exception("the tool %s failed", tool.name)
            return _refused(call, "failed")
        return result, _use(call, "done")


def _refused(call: ToolCall, why: str) -> tuple[ToolResult, ToolUse]:
    return ToolResult({"error": why}, is_refused=True), _use(call, why)


def _use(call: ToolCall, outcome: str) -> ToolUse:
    return ToolUse(call.name[:64], call.arguments[:300], outcome)


class _Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Search(BaseModel):
    model_config = ConfigDict(extra="forbid")

    query: str = Field(min_length=2, max_length=200)


class _Person(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Literal["asked_for", "complaint", "not_in_sources", "needs_action"]


_OPEN = (
    "Ahora está abierto. Ahora no está cerrado. Este es el horario de atención de la tienda y su equipo.",
    "It is open now. It is not closed now. These are the hours of the shop and its team.",
    "Agora está aberto. Agora não está fechado. Este é o horário de atendimento da loja e da equipe.",
)
_CLOSED = (
    "Ahora está cerrado. Ahora no está abierto. Este es el horario de atención de la tienda y su equipo.",
    "It is closed now. It is not open now. These are the hours of the shop and its team.",
    "Agora está fechado. Agora não está aberto. Este é o horário de atendimento da loja e da equipe.",
)


def _business_hours(context: ToolContext, _arguments: _Nothing) -> ToolResult:
    with Work(context.actor) as work:
        company = work.get(Company, context.company_id)
        hours = Hours.of(company.hours, company.holidays, company.time_zone)
        now = work.now.astimezone(hours.zone)
        opening = next_opening(hours, work.now)
        is_now = is_open(hours, work.now)
        opens_today = is_now or (opening is not None and opening.astimezone(hours.zone).date() == now.date())
        said: dict[str, Any] = {
            "state": "open right now" if is_now else "closed right now",
            "today" if opens_today else "date": now.strftime("%A %Y-%m-%d"),
            "clock": now.strftime("%H:%M"),
            "week": "always open" if hours.is_always_open else _week(company.hours),
            "closed_on": sorted(day.isoformat() for day in hours.holidays if day >= now.date())[:10],
        }
    if opening is not None and not is_now:
        local = opening.astimezone(hours.zone)
        is_next_day = local.date() == now.date() + timedelta(days=1)
        said["opens"] = f"{'tomorrow ' if is_next_day else ''}{local:%A %Y-%m-%d %H:%M}"
    return ToolResult(said, says=_OPEN if is_now else _CLOSED)


def _week(hours: Mapping[str, Any]) -> dict[str, list[str]]:
    names = zip(DAYS, _DAY_NAMES, strict=True)
    # A day without hours is left out: a sentence with its name is not proven by a list.
    return {name: [f"{start} - {end}" for start, end in hours[day]] for day, name in names if hours.get(day)}


def _search_faqs(context: ToolContext, arguments: _Search) -> ToolResult:
    found = tuple(context.search(arguments.query))[:3] if context.search else ()
    return ToolResult({"found": len(found)}, sources=found)


def _hand_over(_context: ToolContext, arguments: _Person) -> ToolResult:
    return ToolResult({"reason": arguments.reason}, wants_person=True)


STANDARD: tuple[Tool, ...] = (
    Tool("business_hours", "When people of the shop are there, and whether they are now.", _Nothing, _business_hours),
    Tool("search_faqs", "Look for other sources, in other words than the customer's.", _Search, _search_faqs),
    Tool("hand_over", "Give the conversation to a person of the shop.", _Person, _hand_over),
)
