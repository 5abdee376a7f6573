"""The States of the channels pages."""

from saas_admin.channels.state.keys import ChannelKeysState
from saas_admin.channels.state.listing import ChannelsState
from saas_admin.channels.state.log import ChannelLogState
from saas_admin.channels.state.one import ChannelState
from saas_admin.channels.state.templates import ChannelTemplatesState

__all__ = ["ChannelKeysState", "ChannelLogState", "ChannelState", "ChannelTemplatesState", "ChannelsState"]
