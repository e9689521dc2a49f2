"""/api/v2/media and /api/v1/media: https://docs.joinmastodon.org/methods/media/"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node import picturing
from node.api import auth, entities
from node.context import Node, State
from node.errors import Invalid
from node.forms.uploading import received
from node.requests import Params, identifier, text
from node.sharing import uploads
from node.sharing.uploads import Description
from node.texts import _
from storage import attachments

SCOPE = "write:media"
WITH_FILES = ("POST /api/v1/media", "POST /api/v2/media", "PUT /api/v1/media/")


async def create(request: Request[State]) -> Response:
    """Keep a file for a post to come; 202 while it is still to be made."""
    return await _create(request, at_once=False)


async def create_at_once(request: Request[State]) -> Response:
    """The same for older apps, which get it when it is done."""
    return await _create(request, at_once=True)


async def _create(request: Request[State], *, at_once: bool) -> Response:
    node = request.state["node"]
    member_id = await _member_id(request, node)
    async with received(request, node.media, files=("file", "thumbnail"), most=picturing.weighed(node)) as form:
        values, files = form
        if "file" not in files:
            raise Invalid(_("Send it as the file of a form."), field="file")
        id, shown = await uploads.take(node, member_id, files["file"], _said(values), at_once=at_once)
        if shown is None:
            async with node.database.reading() as db:
                shown = await attachments.upload(db, id, actor_id=member_id)
        if "thumbnail" in files and (shown.url or shown.plays):
            shown = await uploads.describe(node, member_id, id, alt=None, focus=None, thumbnail=files["thumbnail"])
    return JSONResponse(entities.attachment(shown), 200 if shown.url else 202)


async def _member_id(request: Request[State], node: Node) -> int:
    """Who sends it; asked before anything of the body is read."""
    async with node.database.reading() as db:
        return (await auth.signed_in(request, db, SCOPE)).id


def _said(values: Params) -> Description:
    return uploads.description(text(values, "description"), text(values, "focus"))


async def show(request: Request[State]) -> Response:
    """An upload of the member's that no post has; 206 until it is made."""
    node = request.state["node"]
    async with node.database.reading() as db:
        caller = await auth.signed_in(request, db, SCOPE)
        found = await attachments.upload(db, identifier(request.path_params["id"]), actor_id=caller.id)
    if found.refused:
        raise Invalid(found.refused)
    return JSONResponse(entities.attachment(found), 200 if found.url else 206)


async def change(request: Request[State]) -> Response:
    """Other words for it, another point that must be seen, another small picture."""
    node = request.state["node"]
    member_id = await _member_id(request, node)
    async with received(request, node.media, files=("thumbnail",), most=node.config.media.size_limit) as form:
        values, files = form
        changed = await uploads.describe(
            node,
            member_id,
            identifier(request.path_params["id"]),
            alt=text(values, "description") if "description" in values else None,
            focus=text(values, "focus") if "focus" in values else None,
            thumbnail=files.get("thumbnail"),
        )
    return JSONResponse(entities.attachment(changed))


async def delete(request: Request[State]) -> Response:
    """Erase an upload that no post has."""
    node = request.state["node"]
    async with node.database.writing() as db:
        caller = await auth.signed_in(request, db, SCOPE)
        await uploads.take_back(db, node, caller.id, identifier(request.path_params["id"]))
    return JSONResponse({})


routes = [
    Route("/api/v2/media", create, methods=["POST"]),
    Route("/api/v1/media", create_at_once, methods=["POST"]),
    Route("/api/v1/media/{id}", show),
    Route("/api/v1/media/{id}", change, methods=["PUT"]),
    Route("/api/v1/media/{id}", delete, methods=["DELETE"]),
]
