"""FAQs by our own routes: files of answers, an import too large for the socket, exports."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from saas_admin.core import files
from saas_admin.core.errors import AppError, Forbidden, NotFound
from saas_admin.core.ids import parse_id
from saas_admin.core.permissions import Permission
from saas_admin.core.work import Work
from saas_admin.faqs import queries
from saas_admin.faqs.transfer import importing, reading, writing
from saas_admin.web.media import is_inline
from saas_admin.web.proxies import client_ip
from saas_admin.web.request import ensure_own_origin, error_response, in_thread, language, signed_in
from saas_admin.web.throttle import ensure_not_too_often
from saas_admin.web.uploads import uploaded


async def import_(request: Request) -> Response:
    """Multipart `file`. In the query: `do` (anything: carry it out, else a dry run), `language`, `columns`, `first`, `all_or_nothing`.

    `columns` is the field of each column in order, parted by commas: what the reader chose over what the header says.
    `first`: `question` or `header`, what the reader says of a first row that names no column.
    """
    lang = language(request)
    try:
        ensure_own_origin(request)
        view = await signed_in(request, Permission.FAQS_MANAGE)
        lang = view.lang
        await ensure_not_too_often("faq-import", str(view.user_id), most=120, seconds=3600)
        async with uploaded(request, reading.MAX_BYTES) as file:
            content, name = await file.read(), file.filename or ""
        asked = request.query_params
        mapping = _mapping(asked.get("columns", ""))
        has_header = {"question": False, "header": True}.get(asked.get("first", ""))

        def run() -> importing.Report:
            with Work(view.actor(client_ip(request))) as work:
                if not asked.get("do"):
                    return importing.preview(work, content, asked.get("language", ""), mapping, has_header=has_header)
                only_good = not asked.get("all_or_nothing")
                return importing.run(
                    work,
                    content,
                    asked.get("language", ""),
                    mapping,
                    has_header=has_header,
                    only_good=only_good,
                    name=name[:120],
                )

        report = await in_thread(run)
    except AppError as error:
        return error_response(error, lang)
    return JSONResponse(report.json())


async def export_csv(request: Request) -> Response:
    return await _export(request, "csv")


async def export_jsonl(request: Request) -> Response:
    return await _export(request, "jsonl")


async def file(request: Request) -> Response:
    return await _file(request, "")


async def thumb(request: Request) -> Response:
    return await _file(request, "thumb")


async def _export(request: Request, kind: str) -> Response:
    lang = language(request)
    try:
        view = await signed_in(request, Permission.BOTS_READ)
        lang = view.lang
        # A page elsewhere may not start it: a link in another site comes with its own fetch site.
        if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
            raise Forbidden("foreign_origin")

        def run() -> str:
            with Work(view.actor()) as work:
                return writing.to_csv(work, view.lang) if kind == "csv" else writing.to_json_lines(work)

        text = await in_thread(run)
    except AppError as error:
        return error_response(error, lang)
    headers = {
        "Content-Disposition": f'attachment; filename="faqs.{kind}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    media_type = "text/csv; charset=utf-8" if kind == "csv" else "application/x-ndjson"
    return Response(text.encode(), media_type=media_type, headers=headers)


async def _file(request: Request, variant: str) -> Response:
    file_id = parse_id(request.path_params["file_id"])
    try:
        view = await signed_in(request, Permission.BOTS_READ)

        def find() -> tuple[UUID, Any]:
            if file_id is None:
                raise NotFound
            with Work(view.actor()) as work:
                return work.company_id, queries.find_file(work, file_id)

        company_id, found = await in_thread(find)
        path = files.path_of(company_id, UUID(found.id), variant=variant)
        if not path.exists():
            raise NotFound
    except AppError as error:
        return error_response(error, language(request))
    mime = "image/webp" if variant else found.mime
    shown = is_inline(mime)
    return FileResponse(
        path,
        media_type=mime if shown else "application/octet-stream",
        headers={
            "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(found.filename)}",
            "Cache-Control": "private, max-age=86400, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def _mapping(columns: str) -> dict[int, str]:
    """`question,-,answer`: `-` takes a column out, an empty one leaves it to its header."""
    chosen = enumerate(columns.split(",")[:200])
    return {at: "" if field == "-" else field for at, field in chosen if field == "-" or field in reading.FIELDS}


routes = [
    Route("/faq-import", import_, methods=["POST"]),
    Route("/faq-export.csv", export_csv, methods=["GET"]),
    Route("/faq-export.jsonl", export_jsonl, methods=["GET"]),
    Route("/faq-files/{file_id}", file, methods=["GET"]),
    Route("/faq-files/{file_id}/thumb", thumb, methods=["GET"]),
]
