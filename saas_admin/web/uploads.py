"""The one file of a form, counted while it arrives and kept on disk, never whole in memory."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from saas_admin.adapters.channels.base import MEGABYTE
from saas_admin.core.errors import Invalid
from saas_admin.web.request import BodyTooLarge

FORM_OVERHEAD = 10_000
"""What a form may add to its file: boundaries, names, a few short fields."""


@asynccontextmanager
async def uploaded(request: Request, limit: int) -> AsyncGenerator[UploadFile]:
    """The form's `file`, of at most `limit` bytes, until the block ends. A declared length is judged before reading."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit + FORM_OVERHEAD:
        raise too_large(limit)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Invalid("invalid")
    parser = MultiPartParser(request.headers, _counted(request, limit + FORM_OVERHEAD), max_files=1, max_fields=4)
    try:
        form = await parser.parse()
    except _TooLarge as error:
        raise too_large(limit) from error
    except MultiPartException as error:
        raise Invalid("invalid") from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Invalid("invalid")
        if (file.size or 0) > limit:
            raise too_large(limit)
        yield file
    finally:
        await form.close()


def too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge("file_too_large", limit=limit // MEGABYTE)


class _TooLarge(MultiPartException):
    """Of the kind that makes the parser close what it has spooled."""

    def __init__(self) -> None:
        super().__init__("too large")


async def _counted(request: Request, limit: int) -> AsyncGenerator[bytes]:
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise _TooLarge
            yield chunk
    except ClientDisconnect as error:
        # Somebody took the file away again while it went up.
        raise MultiPartException("gone") from error
