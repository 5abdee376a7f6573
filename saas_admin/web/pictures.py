"""GET /pictures/{id}.png: a person's photo or a company's logo. Public: customers and mails show them too."""

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from saas_admin.core import pictures
from saas_admin.core.ids import parse_id

# A picture never changes under its id: a new one gets a new id.
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


async def picture(request: Request) -> Response:
    picture_id = parse_id(request.path_params["picture_id"])
    path = pictures.path_of(picture_id) if picture_id else None
    if path is None or not path.is_file():
        return PlainTextResponse("", status_code=404)
    return FileResponse(path, media_type="image/png", headers=_HEADERS)


routes = [Route("/pictures/{picture_id}.png", picture, methods=["GET"])]
