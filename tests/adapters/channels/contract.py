"""What every adapter that talks to a provider must do. A test module subclasses `Contract` and fills in the provider's ways."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from saas_admin.adapters import http
from saas_admin.adapters.channels import base
from saas_admin.adapters.channels.base import FailureCode, InboundMessage, MessageKind, SendError
from tests.adapters.provider import Answer, Provider

FIXTURES = Path(__file__).parent / "fixtures"


def fixture(kind: str, name: str) -> bytes:
    return (FIXTURES / kind / f"{name}.json").read_bytes()


class Contract:
    """Bodies and answers a provider's module supplies; the tests below are the same for all."""

    adapter: ClassVar[base.ChannelAdapter]
    settings: ClassVar[Mapping[str, str]]
    secrets: ClassVar[Mapping[str, str]]
    rotated: ClassVar[Mapping[str, str]]
    """The same channel after its webhook secret was changed."""
    signature_header: ClassVar[str]
    signs_bytes: ClassVar[bool] = True
    """False where the provider repeats a secret instead of signing."""
    endpoint: ClassVar[str]
    """The environment variable that points the adapter at a server."""
    text_body: ClassVar[bytes]
    batch_body: ClassVar[bytes]
    """Good messages around something that is none."""
    batch_texts: ClassVar[list[str]]
    unknown_body: ClassVar[bytes]
    bare_body: ClassVar[bytes]
    """A message whose typed object is missing."""
    message: ClassVar[base.OutboundMessage]
    media: ClassVar[base.Media]
    accepted: ClassVar[Answer]
    accepted_id: ClassVar[str]
    nameless: ClassVar[Answer]
    """A success that names no message."""
    throttled: ClassVar[Answer]
    rejected: ClassVar[Answer]
    token_refused: ClassVar[Answer]
    media_gone: ClassVar[list[Answer]]

    def sign(self, body: bytes, secrets: Mapping[str, str]) -> dict[str, str]:
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def pointed(self, provider: Provider, monkeypatch: pytest.MonkeyPatch):
        from saas_admin.core.config import get_settings

        monkeypatch.setenv(self.endpoint, provider.url)
        monkeypatch.setattr(http, "TOTAL_SECONDS", 0.6)
        get_settings.cache_clear()
        yield
        monkeypatch.undo()
        get_settings.cache_clear()

    def messages(self, body: bytes) -> list[InboundMessage]:
        events = [event for item in self.adapter.split(body) for event in self.adapter.parse(item.payload)]
        return [event for event in events if isinstance(event, InboundMessage)]

    def failure(self, message: base.OutboundMessage | None = None) -> base.Failure:
        with pytest.raises(SendError) as raised:
            self.adapter.send(self.settings, self.secrets, message or self.message)
        return raised.value.failure

    # In

    def test_good_signature(self):
        assert self.adapter.verify(self.sign(self.text_body, self.secrets), self.text_body, self.secrets)

    def test_signature_of_other_bytes(self):
        headers = self.sign(self.text_body, self.secrets)
        assert self.adapter.verify(headers, self.text_body + b" ", self.secrets) is not self.signs_bytes

    def test_signature_is_over_the_bytes_as_sent(self):
        escaped = json.dumps(json.loads(self.text_body)).replace("/", "\\/").encode()
        plain = json.dumps(json.loads(self.text_body), ensure_ascii=False).encode()
        assert escaped != plain
        for body in (escaped, plain):
            assert self.adapter.verify(self.sign(body, self.secrets), body, self.secrets)

    def test_missing_signature(self):
        assert not self.adapter.verify({}, self.text_body, self.secrets)

    @pytest.mark.parametrize(
        "change", [lambda v: "", lambda v: v[:-1], lambda v: v + "0", lambda v: "ñ" + v, lambda v: v[:-1] + "é"]
    )
    def test_damaged_signature(self, change):
        headers = self.sign(self.text_body, self.secrets)
        headers[self.signature_header] = change(headers[self.signature_header])
        assert not self.adapter.verify(headers, self.text_body, self.secrets)

    def test_rotated_secret(self):
        old, new = self.sign(self.text_body, self.secrets), self.sign(self.text_body, self.rotated)
        assert not self.adapter.verify(old, self.text_body, self.rotated)
        assert self.adapter.verify(new, self.text_body, self.rotated)

    def test_no_secret_means_closed(self):
        for secrets in ({}, dict.fromkeys(self.secrets, "")):
            assert not self.adapter.verify(
                self.sign(self.text_body, dict.fromkeys(self.secrets, "")), self.text_body, secrets
            )

    def test_one_bad_item_does_not_lose_the_others(self):
        assert [message.text for message in self.messages(self.batch_body)] == self.batch_texts

    def test_duplicate_has_the_same_key(self):
        first, second = self.adapter.split(self.text_body), self.adapter.split(self.text_body)
        assert [(i.address, i.key, i.kind) for i in first] == [(i.address, i.key, i.kind) for i in second]
        assert len({item.key for item in first}) == len(first)

    def test_item_is_self_contained(self):
        (item,) = self.adapter.split(self.text_body)
        (again,) = self.adapter.split(item.payload)
        assert (again.address, again.key, again.kind) == (item.address, item.key, item.kind)
        assert self.adapter.parse(again.payload) == self.adapter.parse(item.payload)

    def test_unknown_type_is_shown(self):
        assert [message.kind for message in self.messages(self.unknown_body)] == [MessageKind.UNSUPPORTED]

    def test_missing_object_is_shown_as_unsupported(self):
        assert [message.kind for message in self.messages(self.bare_body)] == [MessageKind.UNSUPPORTED]

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b"null", b'"a"', b"\xff\xfe", b"{}", b"[" * 5000, b'{"a":' * 5000]
    )
    def test_broken_body(self, body):
        with pytest.raises(base.BrokenPayload):
            self.adapter.split(body)
        assert not [event for event in self.adapter.parse(body) if isinstance(event, InboundMessage)]

    # Out

    def test_accepted(self, provider: Provider):
        provider.will(self.accepted)
        assert self.adapter.send(self.settings, self.secrets, self.message).provider_id == self.accepted_id
        assert len(provider.asked) == 1

    def test_throttled_may_be_tried_again(self, provider: Provider):
        provider.will(self.throttled)
        failure = self.failure()
        assert (failure.code, failure.can_retry) == (FailureCode.THROTTLED, True)

    def test_rejected_may_not(self, provider: Provider):
        provider.will(self.rejected)
        assert not self.failure().can_retry
        assert len(provider.asked) == 1

    def test_refused_token(self, provider: Provider):
        provider.will(self.token_refused)
        failure = self.failure()
        assert (failure.code, failure.can_retry) == (FailureCode.UNAUTHORISED, False)
        assert not any(secret in f"{failure}" for secret in self.secrets.values() if secret)

    def test_server_error_without_words(self, provider: Provider):
        provider.will(Answer(503, b"<html>upstream</html>"))
        assert self.failure().code is FailureCode.PROVIDER_DOWN

    def test_gateway_timeout_leaves_the_outcome_open(self, provider: Provider):
        provider.will(Answer(504, b"<html>timeout</html>"))
        assert self.failure().code is FailureCode.OUTCOME_UNKNOWN

    def test_nobody_listens(self, monkeypatch: pytest.MonkeyPatch, provider: Provider):
        from saas_admin.core.config import get_settings

        monkeypatch.setenv(self.endpoint, "http://127.0.0.1:9")
        get_settings.cache_clear()
        failure = self.failure()
        assert (failure.code, failure.can_retry) == (FailureCode.PROVIDER_DOWN, True)

    def test_silence_after_the_request_is_unknown(self, provider: Provider):
        provider.will(Answer(hang=True))
        failure = self.failure()
        assert (failure.code, failure.can_retry) == (FailureCode.OUTCOME_UNKNOWN, False)
        assert len(provider.asked) == 1

    def test_broken_line_after_the_request_is_unknown(self, provider: Provider):
        provider.will(Answer(cut=True))
        assert self.failure().code is FailureCode.OUTCOME_UNKNOWN
        assert len(provider.asked) == 1

    def test_success_that_names_no_message_is_unknown(self, provider: Provider):
        provider.will(self.nameless)
        assert self.failure().code is FailureCode.OUTCOME_UNKNOWN

    def test_success_that_is_no_json_is_unknown(self, provider: Provider):
        provider.will(Answer(200, b"<html>hello</html>"))
        assert self.failure().code is FailureCode.OUTCOME_UNKNOWN

    def test_media_is_gone(self, provider: Provider):
        provider.will(*self.media_gone)
        with pytest.raises(SendError) as raised:
            self.adapter.fetch_media(self.settings, self.secrets, self.media, 1_000, io.BytesIO())
        assert not raised.value.failure.can_retry
