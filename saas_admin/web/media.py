"""Files of messages: our own authenticated upload and download. Nothing a customer sent runs in our origin."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from saas_admin.adapters.channels import registry
from saas_admin.channels.addresses import FILE_PURPOSE, FILE_SECONDS
from saas_admin.conversations import media
from saas_admin.conversations import queries as conversations
from saas_admin.conversations.views import AttachmentView
from saas_admin.core import files, secrets
from saas_admin.core.actor import Actor
from saas_admin.core.errors import AppError, NotFound
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.core.work import Work
from saas_admin.models import Attachment, Message
from saas_admin.models.message import AttachmentState, Direction
from saas_admin.web.request import ensure_own_origin, error_response, in_thread, language, signed_in
from saas_admin.web.uploads import uploaded

# Shown in the page; everything else is a download, HTML and SVG above all.
_INLINE = ("image/jpeg", "image/png", "image/webp", "image/gif", "audio/", "video/", "application/pdf")


async def upload(request: Request) -> Response:
    """Multipart `file`; answers the attachment an answer can take along."""
    lang = language(request)
    try:
        ensure_own_origin(request)
        view = await signed_in(request, Permission.CONVERSATIONS_REPLY)
        lang = view.lang
        async with uploaded(request, registry.largest_file()) as file:
            source, name = file.file, file.filename or ""

            def keep() -> AttachmentView:
                with Work(view.actor()) as work:
                    return media.upload(work, source, name)

            kept = await in_thread(keep)
    except AppError as error:
        return error_response(error, lang)
    return JSONResponse(kept.__dict__)


async def download(request: Request) -> Response:
    return await _serve(request, variant="")


async def thumb(request: Request) -> Response:
    return await _serve(request, variant="thumb")


async def _serve(request: Request, *, variant: str) -> Response:
    attachment_id = parse_id(request.path_params["attachment_id"])
    try:
        view = await signed_in(request, Permission.CONVERSATIONS_READ)

        def find() -> Attachment:
            with Work(view.actor()) as work:
                if attachment_id is None:
                    raise NotFound
                found = work.get(Attachment, attachment_id)
                if found.conversation_id:
                    conversations.find_conversation(work, found.conversation_id)
                elif found.uploaded_by != f"user:{view.user_id}":
                    raise NotFound
                return found

        attachment = await in_thread(find)
    except AppError as error:
        return error_response(error, language(request))
    return file_response(attachment, variant=variant)


async def fetched(request: Request) -> Response:
    """A file a provider fetches from us: whoever holds the sealed address may, while it lasts. Nothing a customer sent."""
    said = secrets.unsign(FILE_PURPOSE, request.path_params["token"][:2000], max_age=FILE_SECONDS)
    company_id, attachment_id = parse_id((said or {}).get("c")), parse_id((said or {}).get("a"))

    def find() -> Attachment:
        if company_id is None or attachment_id is None:
            raise NotFound
        with Work(Actor.system(company_id)) as work:
            found = work.get(Attachment, attachment_id)
            if found.message_id is None or work.get(Message, found.message_id).direction is not Direction.OUT:
                raise NotFound
            return found

    try:
        return file_response(await in_thread(find))
    except AppError as error:
        return error_response(error, language(request))


def file_response(attachment: Attachment, *, variant: str = "") -> Response:
    """The bytes with headers that let nothing in them run: sniffing off, a sandbox, inline only for known kinds."""
    path = files.path_of(attachment.company_id, attachment.id, variant=variant)
    if attachment.state is not AttachmentState.STORED or not path.exists():
        return JSONResponse({"error": {"code": "not_found"}}, status_code=404)
    mime = "image/webp" if variant == "thumb" else attachment.mime
    shown = is_inline(mime)
    name = quote(attachment.filename or f"{attachment.kind}")
    return FileResponse(
        path,
        media_type=mime if shown else "application/octet-stream",
        headers={
            "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{name}",
            "Cache-Control": "private, max-age=86400, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox"
            if mime != "application/pdf"
            else "default-src 'none'",
        },
    )


def is_inline(mime: str) -> bool:
    """Whether a page may show it; everything else is only downloaded."""
    return mime.startswith(_INLINE)


routes = [
    Route("/media", upload, methods=["POST"]),
    Route("/media/{attachment_id}", download, methods=["GET"]),
    Route("/files/{token}/{filename}", fetched, methods=["GET"]),
    Route("/media/{attachment_id}/thumb", thumb, methods=["GET"]),
]
