"""Meta's error codes in our closed list: by `error.code`, never by HTTP status or title, which vary."""

from collections.abc import Mapping
from typing import Any

from saas_admin.adapters.channels.base import Failure, FailureCode
from saas_admin.adapters.channels.reading import items, mapping, number, text
from saas_admin.adapters.http import HttpFailure, Response, redact

_CODES: dict[FailureCode, tuple[int, ...]] = {
    FailureCode.THROTTLED: (4, 17, 32, 341, 613, 80007, 130429, 131056, 133016),
    FailureCode.PROVIDER_DOWN: (1, 2, 1200, 131000, 131016, 131057, 133004),
    FailureCode.UNAUTHORISED: (0, 3, 10, 102, 190, 131005),
    FailureCode.WINDOW_CLOSED: (470, 131047),
    FailureCode.NOT_REACHABLE: (551, 131021, 131026, 131030, 131062, 137000),
    FailureCode.OPTED_OUT: (131050,),
    FailureCode.MARKETING_CAPPED: (130472, 131049),
    FailureCode.MEDIA_REJECTED: (36000, 36001, 36003, 131052, 131053),
    FailureCode.CONTENT_REJECTED: (100, 131008, 131009),
    # 131048 and 131064 are limits too, but of standing: they do not pass by waiting a little.
    FailureCode.ACCOUNT_BLOCKED: (368, 130497, 131031, 131037, 131042, 131044, 131045, 131048, 131064, 133010),
    FailureCode.UNSUPPORTED: (131051,),
}
_SUBCODES: dict[FailureCode, tuple[int, ...]] = {
    # Outside the 24 hours (Messenger, Instagram) and outside the seven days of the human-agent tag.
    FailureCode.WINDOW_CLOSED: (2018278, 2018065, 2534022),
    # Nobody by that id, somebody who blocked the page or wants no messages, an account that is gone.
    FailureCode.NOT_REACHABLE: (2018001, 2018108, 1545041, 2534014),
    FailureCode.MEDIA_REJECTED: (2018006, 2018007, 2018008, 2018047, 2018074, 2018109, 2018294),
    FailureCode.THROTTLED: (2018022,),
    # The page may not send at all for now.
    FailureCode.ACCOUNT_BLOCKED: (1893063,),
}
"""Messenger and Instagram say the precise thing in the subcode (developers.facebook.com, Messenger error codes)."""
_BY_SUBCODE = {subcode: failure for failure, subcodes in _SUBCODES.items() for subcode in subcodes}
_BY_CODE = {code: failure for failure, codes in _CODES.items() for code in codes}
_PERMISSIONS = range(200, 300)
_TEMPLATES = range(132000, 133000)
_PAIR_RATE = 131056
_PAIR_SECONDS = 6.0
"""Meta allows one message per six seconds and recipient."""
_UNKNOWN_OBJECT = (100, 33)
"""Code and subcode of an id that does not exist or that the token may not see."""


def of_error(error: Any, retry_after: float | None = None) -> Failure:
    """Classify an `error` object of an answer, or one of `errors[]` of a status."""
    error = mapping(error)
    code, subcode = _whole(error.get("code")), _whole(error.get("error_subcode"))
    details = text(mapping(error.get("error_data")).get("details"), 300)
    message = text(error.get("message"), 300) or text(error.get("title"), 300)
    words = message if details in ("", message) else f"{message}: {details}"
    failure = _code(code, subcode, is_transient=error.get("is_transient") is True)
    if code == _PAIR_RATE:
        retry_after = retry_after or _PAIR_SECONDS
    said = str(code) if code >= 0 else ""
    said = f"{said}/{subcode}" if said and subcode > 0 else said
    return Failure(failure, said, redact(words), retry_after, code == _PAIR_RATE)


def of_status(errors: Any) -> Failure:
    """Why a message failed that Meta had accepted."""
    found = items(errors)
    return of_error(found[0]) if found else Failure(FailureCode.REJECTED)


def of_answer(answer: Response) -> Failure | None:
    """The failure an answer tells of; None when it tells of none."""
    said = mapping(answer.json()).get("error")
    retry_after = _seconds(answer.headers)
    if isinstance(said, dict):
        return of_error(said, retry_after)
    if answer.is_success:
        return None
    # No error object: a proxy or the edge spoke, and the status is all there is.
    return Failure(_status(answer.status), f"http {answer.status}", "", retry_after)


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


def is_unknown_object(answer: Response) -> bool:
    error = mapping(mapping(answer.json()).get("error"))
    return (number(error.get("code")), number(error.get("error_subcode"))) == _UNKNOWN_OBJECT or error.get(
        "code"
    ) == 803


def is_bad_proof(answer: Response) -> bool:
    return "appsecret_proof" in text(mapping(mapping(answer.json()).get("error")).get("message"))


def _code(code: int, subcode: int, *, is_transient: bool) -> FailureCode:
    if subcode in _BY_SUBCODE:
        return _BY_SUBCODE[subcode]
    if (code, subcode) == _UNKNOWN_OBJECT or code in _PERMISSIONS:
        return FailureCode.UNAUTHORISED
    if code in _TEMPLATES:
        return FailureCode.TEMPLATE_PROBLEM
    return _BY_CODE.get(code, FailureCode.PROVIDER_DOWN if is_transient else FailureCode.REJECTED)


def _whole(value: Any) -> int:
    found = number(value)
    return -1 if found is None else int(found)


def _status(status: int) -> FailureCode:
    if status == 429:
        return FailureCode.THROTTLED
    if status in (401, 403):
        return FailureCode.UNAUTHORISED
    if status == 504:
        # The edge waited for Meta's inside and gave up: the message may have gone.
        return FailureCode.OUTCOME_UNKNOWN
    return FailureCode.PROVIDER_DOWN if status >= 500 else FailureCode.REJECTED


def _seconds(headers: Mapping[str, str]) -> float | None:
    seconds = number(headers.get("retry-after"))
    return min(seconds, 3600.0) if seconds is not None and seconds > 0 else None
