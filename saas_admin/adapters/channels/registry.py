"""The channels there are. The key is file name, URL segment and fixture folder alike."""

from saas_admin.adapters.channels.base import ChannelAdapter, MessageKind
from saas_admin.adapters.channels.instagram import Instagram
from saas_admin.adapters.channels.messenger import Messenger
from saas_admin.adapters.channels.telegram import Telegram
from saas_admin.adapters.channels.twilio import Twilio
from saas_admin.adapters.channels.webchat import WebChat
from saas_admin.adapters.channels.whatsapp_cloud import WhatsAppCloud

_ADAPTERS: dict[str, ChannelAdapter] = {
    adapter.kind: adapter for adapter in (WhatsAppCloud(), Messenger(), Instagram(), Telegram(), Twilio(), WebChat())
}


def get(kind: str) -> ChannelAdapter:
    """The adapter of a kind. Raises KeyError: check against `kinds()` what a stranger sent."""
    return _ADAPTERS[kind]


def kinds() -> tuple[str, ...]:
    return tuple(_ADAPTERS)


def largest(kind: MessageKind) -> int:
    """Bytes of the largest file of a kind that any channel carries."""
    return max(adapter.capabilities.media_limits.get(kind, 0) for adapter in _ADAPTERS.values())


def largest_file() -> int:
    return max(largest(kind) for kind in MessageKind)
