"""A provider on loopback: a real socket that answers by script, so that HTTP behaviour is not mocked."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One scripted answer. `hang` reads the request and stays silent, `cut` reads it and drops the line."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    cut: bool = False
    drip: bool = False


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Provider:
    url: str
    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    default: Answer | None = None
    """What is answered when the script is used up; without it, 500."""

    def will(self, *answers: Answer) -> None:
        self.answers.extend(answers)


@contextmanager
def running() -> Iterator[Provider]:
    stopped = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            provider.asked.append(Asked(self.command, self.path, headers, body))
            unscripted = provider.default or Answer(500, {"unscripted": self.path})
            answer = provider.answers.pop(0) if provider.answers else unscripted
            if answer.hang:
                stopped.wait(5)
            if answer.hang or answer.cut:
                self.close_connection = True
                return
            content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            for start in range(0, len(content), 1 if answer.drip else max(1, len(content))):
                self.wfile.write(content[start : start + (1 if answer.drip else len(content))])
                if answer.drip:
                    time.sleep(0.05)

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815 (http.server calls them so)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # the client hung up on purpose

    server = Server(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
