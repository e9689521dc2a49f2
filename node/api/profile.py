"""/api/v1/profile: what a member says of themselves: https://docs.joinmastodon.org/methods/profile/"""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from node.api import accounts, auth
from node.api.entities import Entity, field
from node.context import State
from node.errors import Invalid
from node.requests import Params, flag
from node.texts import _
from storage import actors
from storage.actors import Actor

SHOWN = ("show_media", "show_media_replies", "show_featured")  # tabs that every profile here has
WITH_FILES = ("PATCH /api/v1/profile",)


def _profile(actor: Actor) -> Entity:
    """A Profile: as the member wrote it."""
    rows = orjson.loads(actor.fields)
    return {
        "id": str(actor.id),
        "display_name": actor.name,
        "note": actor.summary_source,
        "fields": [field(one["name"], one.get("source", one["value"])) for one in rows],
        "avatar": actor.icon or None,
        "avatar_static": actor.icon or None,
        "avatar_description": actor.icon_alt,
        "header": actor.header or None,
        "header_static": actor.header or None,
        "header_description": actor.header_alt,
        "locked": actor.locked is not None,
        "bot": False,
        "hide_collections": False,
        "discoverable": actor.discoverable is not None,
        "indexable": actor.indexable is not None,
        **dict.fromkeys(SHOWN, True),
        "attribution_domains": orjson.loads(actor.attribution_domains),
    }


async def show(request: Request[State]) -> Response:
    """The member's profile."""
    async with request.state["node"].database.reading() as db:
        found = await auth.bearer(request, db)
        scope = "profile" if found is not None and "profile" in found.token.scopes.split() else "read:accounts"
        caller = await auth.signed_in(request, db, scope)
        return JSONResponse(_profile(await actors.by_id(db, caller.id)))


def _refuse(values: Params) -> None:
    for name in SHOWN:
        if not flag(values, name, True):
            raise Invalid(_("%(name)s is not supported by this node yet.") % {"name": name}, field=name)


async def change(request: Request[State]) -> Response:
    """Change it; what was not sent stays. Raises Invalid."""
    changed = await accounts.changed(request, also=_refuse)
    return JSONResponse(_profile(changed.actor))


routes = [
    Route("/api/v1/profile", show, methods=["GET"]),
    Route("/api/v1/profile", change, methods=["PATCH"]),
]
