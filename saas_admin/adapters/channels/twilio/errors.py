"""Twilio's error codes in our closed list. Source: twilio.com/docs/api/errors."""

from collections.abc import Mapping
from typing import Any

from saas_admin.adapters.channels.base import Failure, FailureCode
from saas_admin.adapters.channels.reading import mapping, number, text
from saas_admin.adapters.http import HttpFailure, Response, redact

_CODES: dict[FailureCode, tuple[int, ...]] = {
    FailureCode.THROTTLED: (20429, 21611, 30001, 30017, 30022, 63017, 63018),
    FailureCode.PROVIDER_DOWN: (20500, 20503, 63009, 63010, 63012),
    # 20404 on our own account's path: the account and the key do not belong together.
    FailureCode.UNAUTHORISED: (20003, 20006, 20008, 20151, 20403, 20404, 63001),
    FailureCode.WINDOW_CLOSED: (63016,),
    FailureCode.NOT_REACHABLE: (
        *(21211, 21214, 21217, 21219, 21408, 21601, 21608, 21612, 21614, 21635),
        *(30003, 30005, 30006, 30014, 30036, 63003, 63015, 63024, 63035, 63036),
    ),
    FailureCode.OPTED_OUT: (21610, 63014, 63033),
    FailureCode.MARKETING_CAPPED: (63032, 63049),
    FailureCode.TEMPLATE_PROBLEM: (21654, 21655, 21656, 21658, 63027, 63028, 63029, 63040, 63041, 63042),
    FailureCode.MEDIA_REJECTED: (11751, 21620, 21621, 21622, 21623, 30011, 30019, 63019, 63025, 63034, 63037),
    FailureCode.CONTENT_REJECTED: (
        *(21602, 21605, 21617, 21618, 21619, 30004, 30007, 30038, 30044, 63005, 63006, 63021, 63026, 63030),
    ),
    # 63013 and 63038 are about the account's standing: they do not pass by waiting a little.
    FailureCode.ACCOUNT_BLOCKED: (
        *(10001, 10002, 20005, 20010, 21606, 21607, 21701, 21702, 21703, 21704, 21705, 90010),
        *(30002, 30018, 30023, 30024, 30027, 30032, 30034, 63002, 63007, 63008, 63013, 63020, 63022, 63038, 63051),
    ),
    FailureCode.UNSUPPORTED: (30015, 30016),
}
_BY_CODE = {code: failure for failure, codes in _CODES.items() for code in codes}
_RANGES: tuple[tuple[range, FailureCode], ...] = (
    (range(20100, 20200), FailureCode.UNAUTHORISED),
    (range(20500, 20600), FailureCode.PROVIDER_DOWN),
    (range(30400, 30500), FailureCode.ACCOUNT_BLOCKED),
    (range(92000, 93000), FailureCode.TEMPLATE_PROBLEM),
)
"""Where a code is not known by itself: access tokens, server errors, toll-free registration, the Content API."""


def of_code(code: Any, words: str = "", retry_after: float | None = None, status: int = 400) -> Failure:
    found = number(code)
    whole = int(found) if found is not None else 0
    failure = _BY_CODE.get(whole) or next((f for among, f in _RANGES if whole in among), None) or _status(status)
    return Failure(failure, str(whole) if whole else "", redact(text(words, 300)), retry_after)


def of_answer(answer: Response) -> Failure | None:
    """The failure an answer tells of; None when it tells of none."""
    if answer.is_success:
        return None
    said = mapping(answer.json())
    retry_after = _seconds(answer.headers)
    if answer.status == 429:
        # Not processed, whatever the body says (twilio.com/docs/api/errors/20429).
        return Failure(FailureCode.THROTTLED, text(said.get("code"), 20) or "http 429", "", retry_after)
    if number(said.get("code")):
        return of_code(said["code"], text(said.get("message"), 300), retry_after, answer.status)
    return Failure(_status(answer.status), f"http {answer.status}", redact(text(said.get("message"), 300)), retry_after)


def of_transport(failure: HttpFailure, *, is_send: bool) -> Failure:
    """`is_send`: the request itself was the message, so an answer that never came leaves the outcome open."""
    if failure.code in ("forbidden_host", "bad_url"):
        return Failure(FailureCode.REJECTED, failure.code, str(failure))
    if failure.was_written and is_send:
        return Failure(FailureCode.OUTCOME_UNKNOWN, failure.code, str(failure))
    if failure.code == "too_large":
        return Failure(FailureCode.MEDIA_REJECTED, failure.code, str(failure))
    code = FailureCode.TIMEOUT_BEFORE if failure.code == "timeout" else FailureCode.PROVIDER_DOWN
    return Failure(code, failure.code, str(failure))


def _status(status: int) -> FailureCode:
    if status == 429:
        return FailureCode.THROTTLED
    if status in (401, 403):
        return FailureCode.UNAUTHORISED
    if status in (502, 504):
        # A gateway lost the answer: the message may have gone.
        return FailureCode.OUTCOME_UNKNOWN
    return FailureCode.PROVIDER_DOWN if status >= 500 else FailureCode.REJECTED


def _seconds(headers: Mapping[str, str]) -> float | None:
    seconds = number(headers.get("retry-after"))
    return min(seconds, 3600.0) if seconds is not None and seconds > 0 else None
