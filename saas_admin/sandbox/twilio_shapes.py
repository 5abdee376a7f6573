"""Twilio's resources as its REST API tells them."""

import time
from typing import Any

from saas_admin.sandbox.twilio_world import Message, Sender


def message_json(message: Message) -> dict[str, Any]:
    uri = f"/2010-04-01/Accounts/{message.account_sid}/Messages/{message.sid}"
    at = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(message.at))
    return {
        "account_sid": message.account_sid,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": at,
        "date_sent": None,
        "date_updated": at,
        "direction": "inbound" if message.is_mine else "outbound-api",
        "error_code": message.error_code,
        "error_message": None,
        "from": None if message.service_sid else message.sender,
        "messaging_service_sid": message.service_sid or None,
        "num_media": str(len(message.media)),
        "num_segments": "1",
        "price": None,
        "price_unit": None,
        "sid": message.sid,
        "status": "received" if message.is_mine else message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }


def number_json(sender: Sender) -> dict[str, Any]:
    return {
        "sid": sender.sid,
        "account_sid": sender.account_sid,
        "phone_number": sender.address,
        "friendly_name": sender.name,
        "capabilities": {"voice": False, "sms": True, "mms": sender.address.startswith("+1"), "fax": False},
        "sms_url": sender.url,
        "sms_method": sender.method,
        "status": "in-use",
    }


def sender_json(sender: Sender) -> dict[str, Any]:
    return {
        "sid": sender.sid,
        "status": "ONLINE",
        "sender_id": sender.address,
        "webhook": {"callback_url": sender.url, "callback_method": sender.method},
        "profile": {"name": sender.name},
        "properties": {"quality_rating": "HIGH", "messaging_limit": "1K Customers/24hr"},
    }
