"""Files that go with an answer. An upload belongs to whoever made it and is forgotten within hours: a FAQ keeps a copy.

A copy stays when the FAQ lets go of it, since an earlier version may come back and messages may carry it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from saas_admin.adapters.channels import registry
from saas_admin.adapters.channels.base import MessageKind
from saas_admin.core import files
from saas_admin.core.errors import Invalid, NotFound
from saas_admin.core.i18n import translate
from saas_admin.core.ids import new_id
from saas_admin.core.work import Work
from saas_admin.models import Attachment
from saas_admin.models.message import AttachmentState


def take(work: Work, known: Sequence[dict[str, Any]], wanted: Sequence[UUID]) -> list[dict[str, Any]]:
    """The files of a FAQ in this order: those it has, and copies of what this person has uploaded."""
    there = {each["id"]: each for each in known}
    return [there.get(str(key)) or _copy(work, key) for key in wanted]


def ensure_carried(media: Sequence[dict[str, Any]], channel_kinds: Sequence[str]) -> None:
    """Refuse a file that one of the channels it is meant for cannot carry."""
    for kind in channel_kinds:
        can = registry.get(kind).capabilities
        for each in media:
            what = MessageKind(each["kind"])
            fits = what in can.media and each["mime"] in can.media_mimes.get(what, frozenset())
            if not fits or each["size"] > can.media_limits.get(what, 0):
                raise Invalid(
                    "faq_invalid",
                    fields={"files": "faq_file_channel"},
                    channel=translate(f"common.channel.{kind}"),
                    file=each["filename"],
                )


def _copy(work: Work, upload_id: UUID) -> dict[str, Any]:
    upload = work.get(Attachment, upload_id)
    is_own = upload.uploaded_by == f"user:{work.actor.user_id}" and upload.message_id is None
    path = files.path_of(work.company_id, upload_id)
    if not is_own or upload.state is not AttachmentState.STORED or not path.exists():
        raise NotFound(what="attachment")
    file_id = new_id()
    _copy_bytes(work.company_id, file_id, path, "")
    if upload.has_thumb:
        _copy_bytes(work.company_id, file_id, files.path_of(work.company_id, upload_id, variant="thumb"), "thumb")
    return {
        "id": str(file_id),
        "kind": upload.kind,
        "mime": upload.mime,
        "filename": upload.filename,
        "size": upload.size or 0,
        "has_thumb": upload.has_thumb,
    }


def _copy_bytes(company_id: UUID, file_id: UUID, path: Path, variant: str) -> None:
    with path.open("rb") as source:
        files.write(company_id, file_id, source, variant=variant)
