"""The channels there are. The key is file name, URL segment and fixture folder alike."""

from saas_admin.adapters.channels.base import ChannelAdapter
from saas_admin.adapters.channels.webchat import WebChat
from saas_admin.adapters.channels.whatsapp_cloud import WhatsAppCloud

_ADAPTERS: dict[str, ChannelAdapter] = {adapter.kind: adapter for adapter in (WhatsAppCloud(), WebChat())}


def get(kind: str) -> ChannelAdapter:
    """The adapter of a kind. Raises KeyError: check against `kinds()` what a stranger sent."""
    return _ADAPTERS[kind]


def kinds() -> tuple[str, ...]:
    return tuple(_ADAPTERS)
