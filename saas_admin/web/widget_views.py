"""Messages as a visitor may see them: no ids of people, no surnames, no failures of ours, nothing private."""

from typing import Any

from saas_admin.conversations.views import AttachmentView, MessageView
from saas_admin.conversations.visitor import VisitorThread

_AUTHORS = frozenset({"customer", "agent", "bot", "system"})
_KINDS = frozenset(
    {
        "text",
        "image",
        "document",
        "audio",
        "video",
        "sticker",
        "location",
        "contacts",
        "interactive",
        "unsupported",
    }
)

_OPTION = ("id", "title", "description")


def thread_json(thread: VisitorThread, public_id: str) -> dict[str, Any]:
    shown = [message_json(message.json(), public_id) for message in thread.messages if is_shown(message.json())]
    return {"messages": shown, "cursor": thread.cursor, "has_more": thread.has_more}


def is_shown(message: dict[str, Any]) -> bool:
    """A closed list: a kind of row invented later (a private note) stays inside until it is let out here."""
    return message["direction"] in ("in", "out") and message["author"]["kind"] in _AUTHORS and message["kind"] in _KINDS


def message_json(message: dict[str, Any], public_id: str) -> dict[str, Any]:
    """From a MessageView as JSON, which is also what a live delta carries."""
    is_mine = message["direction"] == "in"
    view: dict[str, Any] = {
        "id": message["id"],
        "rev": message["rev"],
        "direction": message["direction"],
        "kind": message["kind"],
        "text": message["text"],
        "at": message["at"],
        "author": {
            "kind": message["author"]["kind"],
            "name": "" if is_mine else first_name(message["author"]["name"]),
        },
        "attachments": [_file_json(file, public_id) for file in message["attachments"]],
    }
    if is_mine:
        view["client_id"] = message["data"].get("client_id")
        view["status"] = "read" if message["status"] == "read" else "sent"
        if message["data"].get("interactive"):
            view["choice"] = message["data"].get("id")
    elif (choices := message["data"].get("choices")) and not message["data"].get("fallback"):
        view["choices"] = [{name: option[name] for name in _OPTION} for option in choices["options"]]
    for name in ("location", "contacts"):
        if message[name]:
            view[name] = message[name]
    if quote := message["reply_to"]:
        theirs = quote["direction"] != "in"
        view["reply_to"] = {
            "text": quote["text"],
            "author_name": first_name(quote["author_name"]) if theirs else "",
        }
    return view


def view_json(message: MessageView, public_id: str) -> dict[str, Any]:
    return message_json(message.json(), public_id)


def upload_json(file: AttachmentView, public_id: str) -> dict[str, Any]:
    return _file_json(file.__dict__, public_id)


def first_name(name: str) -> str:
    return name.split(" ", 1)[0]


def _file_json(file: dict[str, Any], public_id: str) -> dict[str, Any]:
    url = f"/widget/v1/{public_id}/media/{file['id']}"
    kept = {
        name: file[name]
        for name in (
            "id",
            "kind",
            "mime",
            "name",
            "size",
            "width",
            "height",
            "voice",
            "state",
        )
    }
    return {
        **kept,
        "url": url,
        "thumb_url": f"{url}/thumb" if file["thumb_url"] else None,
    }
