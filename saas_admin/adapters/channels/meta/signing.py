"""Meta's handshake and signature. The key is the secret of the app that owns the subscription, one for all its pages."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping

_PREFIX = "sha256="


def is_signed(headers: Mapping[str, str], body: bytes, app_secrets: Iterable[str]) -> bool:
    """Whether one of the secrets signed the bytes as sent. Without a secret nothing is accepted."""
    given = headers.get("x-hub-signature-256", "")
    if not given.startswith(_PREFIX):
        return False
    # As bytes: compare_digest refuses non-ASCII strings with an exception.
    digest = given[len(_PREFIX) :].encode("utf-8", "replace")
    return any(
        hmac.compare_digest(digest, hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode())
        for secret in app_secrets
        if secret
    )


def challenge(query: Mapping[str, str], token: str) -> str | None:
    """The challenge to repeat to a subscription check, or None when the token is not ours."""
    given = query.get("hub.verify_token", "")
    if query.get("hub.mode") != "subscribe" or not token:
        return None
    is_right = hmac.compare_digest(given.encode("utf-8", "replace"), token.encode("utf-8", "replace"))
    return query.get("hub.challenge", "") if is_right else None


def proof(token: str, app_secret: str) -> str:
    """`appsecret_proof`: with it Meta also judges whether the secret belongs to the token's app."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
