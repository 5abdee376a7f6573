"""What a number and its business account say of themselves, and where their webhooks go."""

from collections.abc import Iterator, Mapping
from typing import Any

from saas_admin.adapters.channels.base import CheckResult, Connected, Failure, FailureCode, Pace, SendError
from saas_admin.adapters.channels.content import Template
from saas_admin.adapters.channels.meta import asking, errors, graph, signing
from saas_admin.adapters.channels.meta.graph import CHECK_SECONDS
from saas_admin.adapters.channels.reading import items, mapping, text
from saas_admin.adapters.channels.whatsapp_cloud import templates
from saas_admin.adapters.channels.whatsapp_cloud.notices import limit
from saas_admin.adapters.channels.whatsapp_cloud.send import token

_PAGES = 10
_TEMPLATE_PAGES = 60
_FACTS = ("display_phone_number", "verified_name", "quality_rating")
_MORE = ("name_status", "code_verification_status", "platform_type")
_LIMIT = "whatsapp_business_manager_messaging_limit"

Values = Mapping[str, str]


def check(settings: Values, secrets: Values) -> CheckResult:
    """Token, number and account belong together; the proof also tells whether the app secret is this app's."""
    params = {"fields": f"id,{','.join(_FACTS)}"}
    params["appsecret_proof"] = signing.proof(token(secrets), secrets.get("app_secret", ""))
    try:
        answer = graph.ask("GET", settings["phone_number_id"], token(secrets), params=params, total=CHECK_SECONDS)
        failure = errors.of_answer(answer)
        if failure is not None:
            return asking.refused(answer, failure, "phone_number_id", "access_token")
        facts = _said(mapping(answer.json()), _FACTS)
        refusal = _check_account(settings, secrets, facts)
        return refusal or CheckResult(True, facts={**facts, **_more(settings, secrets)})
    except SendError as error:
        return CheckResult(False, error.failure)


def pace(facts: Values) -> Pace:
    """80 messages a second per number, 1,000 once Meta raised it, 20 while the phone's own app is used beside us;
    one per six seconds to one person (developers.facebook.com, WhatsApp throughput and pair rate limits)."""
    per_second = 80.0
    if facts.get("throughput", "").upper() == "HIGH":
        per_second = 1000.0
    if facts.get("is_on_biz_app") == "true":
        per_second = 20.0
    return Pace(per_second, seconds_per_person=6.0)


def connect(settings: Values, secrets: Values, webhook_url: str) -> Connected:
    """Subscribe the app to the account and have its webhooks sent to us, whatever the app's own address is."""
    body = {"override_callback_uri": webhook_url, "verify_token": secrets.get("verify_token", "")}
    try:
        graph.call("POST", f"{settings['waba_id']}/subscribed_apps", token(secrets), body=body)
    except SendError as error:
        return Connected(False, error.failure)
    return Connected(True)


def disconnect(settings: Values, secrets: Values, webhook_url: str) -> None:
    path = f"{settings['waba_id']}/subscribed_apps"
    answer = graph.call("GET", path, token(secrets), total=CHECK_SECONDS)
    rows = [mapping(row) for row in items(mapping(answer.json()).get("data"))]
    if any(text(row.get("override_callback_uri"), 2000) == webhook_url for row in rows):
        graph.call("DELETE", path, token(secrets), total=CHECK_SECONDS)


def all_templates(settings: Values, secrets: Values) -> list[Template]:
    fields = "id,name,language,status,category,components,parameter_format,quality_score,rejected_reason"
    path, params = f"{settings['waba_id']}/message_templates", {"fields": fields, "limit": "100"}
    rows: list[Template] = []
    for answer in _paged(path, params, secrets, _TEMPLATE_PAGES):
        failure = errors.of_answer(answer)
        if failure is not None:
            raise SendError(failure)
        if not isinstance(mapping(answer.json()).get("data"), list):
            raise SendError(Failure(FailureCode.PROVIDER_DOWN, f"http {answer.status}", "an answer without a list"))
        read = (templates.read(mapping(row)) for row in items(mapping(answer.json()).get("data")))
        rows += [template for template in read if template is not None]
    return list({(template.name, template.language): template for template in rows}.values())


def _check_account(settings: Values, secrets: Values, facts: dict[str, str]) -> CheckResult | None:
    for answer in _paged(f"{settings['waba_id']}/phone_numbers", {"fields": "id", "limit": "100"}, secrets, _PAGES):
        failure = errors.of_answer(answer)
        if failure is not None:
            return asking.refused(answer, failure, "waba_id", "access_token")
        rows = items(mapping(answer.json()).get("data"))
        if settings["phone_number_id"] in [text(mapping(row).get("id"), 64) for row in rows]:
            return None
    failure = Failure(FailureCode.REJECTED, "not_in_waba", "this number is not one of the account's numbers")
    return CheckResult(False, failure, facts, "waba_id")


def _more(settings: Values, secrets: Values) -> dict[str, str]:
    """Facts that not every number and version has: asked apart, and their absence is no refusal."""
    fields = (*_MORE, "throughput", "is_on_biz_app", _LIMIT)
    params = {"fields": ",".join(("id", *fields))}
    try:
        found = mapping(
            graph.call("GET", settings["phone_number_id"], token(secrets), params=params, total=CHECK_SECONDS).json()
        )
    except SendError:
        return {}
    facts = _said(found, _MORE)
    facts["throughput"] = text(mapping(found.get("throughput")).get("level"), 40)
    facts["messaging_limit"] = limit(found.get(_LIMIT))
    if isinstance(found.get("is_on_biz_app"), bool):
        facts["is_on_biz_app"] = str(found["is_on_biz_app"]).lower()
    return {name: value for name, value in facts.items() if value}


def _paged(path: str, params: dict[str, str], secrets: Values, most: int) -> Iterator[Any]:
    """Page after page; whoever reads stops at a refusal."""
    seen = {""}
    after = ""
    for _ in range(most):
        asked = {**params, **({"after": after} if after else {})}
        answer = graph.ask("GET", path, token(secrets), params=asked, total=CHECK_SECONDS)
        yield answer
        found = mapping(answer.json())
        after = text(mapping(mapping(found.get("paging")).get("cursors")).get("after"), 500)
        # The last page has a cursor too: only an empty page, or one seen before, is the end.
        if after in seen or not items(found.get("data")):
            return
        seen.add(after)


def _said(found: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name in names if (value := text(found.get(name), 200))}
