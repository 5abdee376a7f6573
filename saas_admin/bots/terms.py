"""Where a company's model is, and whose key opens it."""

from saas_admin.adapters.llm.base import Endpoint
from saas_admin.core import secrets
from saas_admin.core.config import get_settings
from saas_admin.models import AiProvider


def own_key(provider: AiProvider) -> str:
    """The one the company typed, or empty."""
    return secrets.decrypt(provider.secrets).get("key", "")


def key_of(provider: AiProvider) -> str:
    """The company's own; where it has typed neither key nor address, the operator's (OPENAI_API_KEY), if there is one."""
    return own_key(provider) or ("" if provider.base_url else get_settings().openai_api_key or "")


def endpoint_of(provider: AiProvider) -> Endpoint:
    # The operator's own address is trusted; one that a company typed goes through the guard.
    url = provider.base_url or get_settings().openai_base_url
    return Endpoint(url, key_of(provider), provider.model, is_company_url=bool(provider.base_url))
