"""A mail on its way to a server, and what is not sent to one that cannot keep it to itself."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from saas_admin.adapters.mail import smtp

MAIL = {
    "sender": "no-reply@shop.example",
    "recipient": "ana@casa.example",
    "subject": "Hola",
    "text": "a",
    "html": "<b>",
}


class Box:
    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.logins: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(envelope)
        return "250 OK"

    def let_in(self, _server: Any, _session: Any, _envelope: Any, _how: Any, data: Any) -> AuthResult:
        self.logins.append(data)
        return AuthResult(success=True)


@pytest.fixture
def server() -> Iterator[tuple[Box, int]]:
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Controller(box, "127.0.0.1", port, authenticator=box.let_in, auth_require_tls=False)
    running.start()
    yield box, port
    running.stop()


def test_a_mail_arrives_with_its_two_bodies(server: tuple[Box, int]):
    box, port = server
    smtp.send(f"smtp://127.0.0.1:{port}", **MAIL)
    (envelope,) = box.mails
    assert envelope.rcpt_tos == ["ana@casa.example"]
    assert b"text/plain" in envelope.content
    assert b"text/html" in envelope.content


def test_on_this_machine_a_password_needs_no_encryption(server: tuple[Box, int]):
    box, port = server
    smtp.send(f"smtp://ana:s%40lo@127.0.0.1:{port}", **MAIL)
    assert [login.password.decode() for login in box.logins] == ["s@lo"]


def test_a_password_is_not_sent_to_a_server_without_encryption(
    server: tuple[Box, int], monkeypatch: pytest.MonkeyPatch
):
    box, port = server
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *rest, **more: resolve("127.0.0.1", *rest, **more))
    with pytest.raises(smtp.MailError, match="no encryption"):
        smtp.send(f"smtp://ana:secreto@mail.example:{port}", **MAIL)
    assert (box.mails, box.logins) == ([], [])


def test_a_server_that_is_away_is_an_error_of_mail():
    with pytest.raises(smtp.MailError, match="ConnectionRefusedError"):
        smtp.send("smtp://127.0.0.1:9", **MAIL)


def test_a_password_that_smtp_cannot_say_is_an_error_of_mail(server: tuple[Box, int]):
    with pytest.raises(smtp.MailError, match="UnicodeEncodeError"):
        smtp.send(f"smtp://ana:s%C3%B3lo@127.0.0.1:{server[1]}", **MAIL)
