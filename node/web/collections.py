"""A collection of recommended accounts as a page, for who has an account here and who has none."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from federation.documents.featuring import page as page_of
from node import pages, sessions
from node.connecting import collections as use
from node.context import State
from node.requests import identifier
from node.surfacing.surface import Told, announce
from node.web.members import acting
from node.web.paths import saying
from storage import actors, collections, follows
from storage.database import Missing, Writing
from storage.retrying import retrying


async def show(request: Request[State]) -> Response:
    """Its name, what its owner says of it, and who is in it, each with a way to follow."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    async with node.database.reading(stale=me is None) as db:
        kept = await collections.by_id(db, identifier(request.path_params["id"]), reader_id=reader_id)
        owner = await actors.by_id(db, kept.owner_id)
        placed = await collections.accounts(db, kept.id, reader_id=reader_id)
        ids = [actor.id for _item, actor in placed]
        standing = await follows.of(db, follower_id=reader_id, target_ids=ids) if me is not None and ids else {}
    return pages.page(
        request, "collection.html", me=me, owner=owner, kept=kept, placed=placed, standing=standing,
        elsewhere="" if kept.here else page_of(kept, node.site),
    )  # fmt: skip


async def leave(request: Request[State]) -> Response:
    """Take oneself out. Raises Missing when one is not in it."""
    node = request.state["node"]
    me, _values = await acting(request)
    collection_id = identifier(request.path_params["id"])

    async def work(db: Writing) -> list[Told]:
        kept = await collections.by_id(db, collection_id, reader_id=me.id)
        item = await collections.place(db, collection_id=kept.id, actor_id=me.id)
        if item is None:
            raise Missing(str(collection_id))
        return await use.revoke(db, node, me, kept, item.id)

    announce(node, await retrying(node.database, work, keyed=True))
    return RedirectResponse(saying(f"/collections/{collection_id}", "left-collection"), 303)


routes = [Route("/collections/{id}/leave", leave, methods=["POST"])]
