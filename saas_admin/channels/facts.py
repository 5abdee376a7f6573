"""Facts of a channel that are ours, not the provider's words: their names start with an underscore and no page shows them."""

from datetime import datetime

from saas_admin.core.clock import iso
from saas_admin.models import Channel
from saas_admin.models.channel import ChannelState

OWN = "_"
REGISTERED_URL = "_webhook_url"
"""The address of ours that the provider was told."""
FAILURE = "_webhook_failure"
FAILURE_WORDS = "_webhook_words"
SYNCED_AT = "_templates_at"
"""When the templates were last brought: an account may have none."""
SINCE = "_attention_since"


def provider_facts(channel: Channel) -> dict[str, object]:
    return {name: value for name, value in channel.facts.items() if not name.startswith(OWN)}


def call_for_attention(channel: Channel, now: datetime) -> None:
    """Something is wrong that a person has to mend; the moment it began stays until it is mended."""
    channel.state = ChannelState.ATTENTION
    channel.facts = {**channel.facts, SINCE: iso(now)}
