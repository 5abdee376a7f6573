"""What both States share: where the list is, ids out of a browser, the problem that a person is told."""

from typing import Any
from uuid import UUID

from saas_admin.core.errors import AppError
from saas_admin.core.ids import parse_id

LIST = "/bots/faqs"


def ids(given: Any) -> list[UUID]:
    return [key for each in (given if isinstance(given, list) else []) if (key := parse_id(each))]


def first_problem(error: AppError | None) -> tuple[str, dict[str, Any]]:
    if error is None:
        return "", {}
    code = next(iter(error.fields.values()), error.code)
    return code, {name: str(value) for name, value in error.params.items()}
