"""What arrives and how fast, by the kind of sender."""

from collections.abc import Mapping
from dataclasses import replace

from saas_admin.adapters.channels.base import MEGABYTE, Capabilities, MessageKind, Pace
from saas_admin.adapters.channels.reading import number
from saas_admin.adapters.channels.twilio import addresses
from saas_admin.adapters.channels.twilio.send import TEXT_LIMIT

_KILOBYTE = 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OFFICE_FILES = frozenset(
    {
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        f"{_OFFICE}.wordprocessingml.document",
        f"{_OFFICE}.spreadsheetml.sheet",
        f"{_OFFICE}.presentationml.presentation",
    }
)
_MEDIA = frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT})

WHATSAPP = Capabilities(
    text_limit=TEXT_LIMIT,
    media=_MEDIA,
    # twilio.com/docs/whatsapp/guidance-whatsapp-media-messages: 16 MB; a picture 5 MB, as WhatsApp has it.
    media_limits={kind: (5 if kind is MessageKind.IMAGE else 16) * MEGABYTE for kind in _MEDIA},
    media_mimes={
        MessageKind.IMAGE: frozenset({"image/jpeg", "image/png"}),
        MessageKind.VIDEO: frozenset({"video/mp4", "video/3gpp"}),
        MessageKind.AUDIO: frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}),
        MessageKind.DOCUMENT: frozenset({"application/pdf", "text/plain", *_OFFICE_FILES}),
    },
    caption_limit=1024,
    has_receipts=True,
    has_typing=True,
    can_quote=False,
    window_hours=24,
    # Buttons and lists exist only inside contents made beforehand.
    buttons=0,
    list_rows=0,
    has_location=True,
    has_templates=True,
)
"""Twilio's WhatsApp: 24 hours of free text, outside of them approved contents."""

_MMS = Capabilities(
    text_limit=TEXT_LIMIT,
    media=_MEDIA,
    # twilio.com/docs/messaging/guides/accepted-mime-types: 5 MB for pictures, 500 KB for all else.
    media_limits={kind: 5 * MEGABYTE if kind is MessageKind.IMAGE else 500 * _KILOBYTE for kind in _MEDIA},
    media_mimes={
        MessageKind.IMAGE: frozenset({"image/jpeg", "image/png", "image/gif"}),
        MessageKind.VIDEO: frozenset({"video/mp4", "video/3gpp"}),
        MessageKind.AUDIO: frozenset({"audio/mpeg", "audio/mp4", "audio/ogg", "audio/amr"}),
        MessageKind.DOCUMENT: frozenset({"application/pdf", "text/plain"}),
    },
    caption_limit=TEXT_LIMIT,
    has_receipts=True,
    has_typing=False,
    can_quote=False,
    window_hours=None,
)
_SMS = replace(_MMS, media=frozenset(), media_limits={}, media_mimes={})

_WHATSAPP_PER_SECOND = 10.0
"""twilio.com/docs/whatsapp/best-practices-and-faqs: what a sender gets at first; up to 50 on request."""
_TOLL_FREE_PER_SECOND = 3.0
_LONG_CODE_PER_SECOND = 1.0
"""A number of the United States or Canada (Twilio, "Understanding Twilio rate limits and message queues")."""
_ELSEWHERE_PER_SECOND = 10.0
_SHORT_CODE_PER_SECOND = 100.0
_FASTEST = 1000.0


def capabilities_of(sender: str) -> Capabilities:
    if addresses.is_whatsapp(sender):
        return WHATSAPP
    return _MMS if addresses.carries_mms(sender) else _SMS


def pace(sender: str, facts: Mapping[str, str]) -> Pace:
    """Twilio queues what comes faster, for hours, and then fails it: better to wait here. `messages_per_second` goes before."""
    told = number(facts.get("messages_per_second"))
    if told is not None and 0 < told <= _FASTEST:
        return Pace(told)
    if addresses.is_whatsapp(sender):
        return Pace(_WHATSAPP_PER_SECOND)
    if addresses.is_short_code(sender):
        return Pace(_SHORT_CODE_PER_SECOND)
    if addresses.is_toll_free(sender):
        return Pace(_TOLL_FREE_PER_SECOND)
    return Pace(_LONG_CODE_PER_SECOND if sender.startswith("+1") else _ELSEWHERE_PER_SECOND)
