"""The language models there are. The key is the file's name."""

from collections.abc import Callable

from saas_admin.adapters.llm.base import Chat, Endpoint
from saas_admin.adapters.llm.openai import OpenAi

_PROVIDERS: dict[str, Callable[[Endpoint], Chat]] = {"openai": OpenAi}


def connect(endpoint: Endpoint, kind: str = "openai") -> Chat:
    """Nothing is said to the server yet."""
    return _PROVIDERS[kind](endpoint)
