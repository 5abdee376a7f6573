from collections.abc import Iterator

import pytest

from tests.adapters import provider as provider_server


@pytest.fixture
def provider() -> Iterator[provider_server.Provider]:
    with provider_server.running() as running:
        yield running
