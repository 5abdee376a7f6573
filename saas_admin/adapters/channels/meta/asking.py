"""How a refused check is said so that a person can mend it: a number not found, a key not accepted."""

from dataclasses import replace

from saas_admin.adapters.channels.base import CheckResult, Failure, FailureCode
from saas_admin.adapters.channels.meta import errors
from saas_admin.adapters.http import Response


def refused(answer: Response, failure: Failure, asked: str, token_field: str) -> CheckResult:
    """`asked`: the setting that the request was about; `token_field`: the setting that holds the token."""
    field = _blamed(answer, failure, asked, token_field)
    codes = {token_field: FailureCode.UNAUTHORISED}
    if field == asked and asked != "waba_id":
        codes[asked] = FailureCode.NOT_REACHABLE
    code = codes.get(field, FailureCode.REJECTED) if field else failure.code
    return CheckResult(False, replace(failure, code=code), field=field)


def _blamed(answer: Response, failure: Failure, asked: str, token_field: str) -> str | None:
    if errors.is_bad_proof(answer):
        return "app_secret"
    if errors.is_unknown_object(answer):
        return asked
    if failure.code is FailureCode.UNAUTHORISED:
        return token_field
    return asked if failure.code in (FailureCode.CONTENT_REJECTED, FailureCode.REJECTED) else None
