"""What a company enters to connect a channel: cleaned, measured by our rules, then by the provider's word."""

import re
from dataclasses import dataclass

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import ChannelAdapter, CheckResult, Failure, FailureCode, SettingField
from saas_admin.channels.kinds import provider_of
from saas_admin.core.errors import Invalid, NotFound

_HOST = re.compile(r"^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*(:\d{1,5})?$")


@dataclass(frozen=True)
class Checked:
    """Values that passed our own rules and, unless told otherwise, the provider's."""

    kind: str
    name: str
    settings: dict[str, str]
    secrets: dict[str, str]
    facts: dict[str, str]


def check(
    kind: str, name: str, values: dict[str, str], *, stored: dict[str, str] | None = None, ask_provider: bool = True
) -> Checked:
    """Values of a form, by our rules and then by the provider's word. Raises Invalid with a code per field.

    Runs outside any transaction: the provider may take its time. `stored` fills in secrets that a change left empty.
    """
    if kind not in registry.kinds():
        raise NotFound
    adapter = registry.get(kind)
    problems: dict[str, str] = {}
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        problems["name"] = "name_length"
    clean = {
        field.name: _clean(values.get(field.name) or (stored or {}).get(field.name, "")) for field in adapter.fields
    }
    for field in adapter.fields:
        if code := _problem(field, clean[field.name]):
            problems[field.name] = code
    if kind == "webchat":
        clean["domains"], bad = _domains(clean["domains"])
        if bad:
            problems["domains"] = "domains"
    if problems:
        raise Invalid(fields=problems)
    settings = {f.name: clean[f.name] for f in adapter.fields if not f.secret and clean[f.name]}
    keys = {f.name: clean[f.name] for f in adapter.fields if f.secret and clean[f.name]}
    facts = _ask(adapter, settings, keys) if ask_provider else {}
    return Checked(kind, name, settings, keys, facts)


def _clean(value: object) -> str:
    return str(value).replace("\x00", "").strip() if isinstance(value, str | int) else ""


def _problem(field: SettingField, value: str) -> str | None:
    if not value:
        return "required" if field.required else None
    if len(value) > field.max_length:
        return "too_long"
    if field.pattern and not re.fullmatch(field.pattern, value):
        return f"format_{field.name}"
    return None


def _domains(text: str) -> tuple[str, bool]:
    """Host names a widget may stand on, one per comma, space or line; a pasted address is cut to its host."""
    hosts: list[str] = []
    for part in re.split(r"[\s,;]+", text.lower()):
        host = re.sub(r"^https?://", "", part).split("/")[0]
        if host and host not in hosts:
            hosts.append(host)
    return ",".join(hosts), any(not _HOST.match(host) for host in hosts)


def _ask(adapter: ChannelAdapter, settings: dict[str, str], keys: dict[str, str]) -> dict[str, str]:
    answer: CheckResult = adapter.check(settings, keys)
    if answer.ok:
        return answer.facts
    failure = answer.failure or Failure(FailureCode.REJECTED)
    code = f"check_{failure.code.value}"
    if answer.field:
        raise Invalid(code, fields={answer.field: code}, provider=provider_of(adapter.kind))
    raise Invalid(code, provider=provider_of(adapter.kind))
