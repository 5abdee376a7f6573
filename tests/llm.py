"""The sandbox's pretend OpenAI as a process, and how a test scripts it. Conftests import `llm` and `llm_process`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from saas_admin.adapters.llm import registry
from saas_admin.adapters.llm.base import Chat, Endpoint
from saas_admin.bots import provider
from saas_admin.sandbox.openai_script import KEY, MODEL
from tests.sandbox.conftest import free_port, start


@dataclass(frozen=True)
class Llm:
    url: str
    """The base URL, as a company types it."""
    control_url: str

    def will(self, *behaviours: str | dict[str, Any]) -> None:
        self._change("queue", behaviours)

    def will_embed(self, *behaviours: str | dict[str, Any]) -> None:
        self._change("embeddings", behaviours)

    def has_dimensions(self, dimensions: int) -> None:
        httpx.post(self.control_url, json={"dimensions": dimensions}).raise_for_status()

    def wants_key(self, key: str) -> None:
        httpx.post(self.control_url, json={"key": key}).raise_for_status()

    @property
    def asked(self) -> list[dict[str, Any]]:
        return httpx.get(self.control_url).json()["asked"]

    @property
    def embedded(self) -> list[list[str]]:
        return httpx.get(self.control_url).json()["embedded"]

    def forget(self) -> None:
        httpx.delete(self.control_url).raise_for_status()

    def _change(self, what: str, behaviours: Sequence[str | dict[str, Any]]) -> None:
        queue = [{"kind": each} if isinstance(each, str) else each for each in behaviours]
        answer = httpx.post(self.control_url, json={what: queue})
        assert answer.status_code == 200, answer.text

    def chat(self, key: str = KEY, model: str = MODEL) -> Chat:
        return registry.connect(Endpoint(self.url, key, model, is_company_url=True))


@pytest.fixture(scope="session")
def llm_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    running = start(tmp_path_factory.mktemp("llm"), port)
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    running.wait(10)


@pytest.fixture
def llm(llm_process: str) -> Llm:
    here = Llm(f"{llm_process}/v1", f"{llm_process}/_control/llm")
    here.forget()
    # One that was left alone in an earlier test is asked in this one.
    provider._embedder.cache_clear()
    return here
