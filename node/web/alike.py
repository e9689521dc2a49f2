"""Pages: the form with which an author says that a post is about the same problem as another."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.context import State
from node.errors import Invalid
from node.requests import identifier, text
from node.sharing import alike, behalf
from node.surfacing.surface import announce
from node.web.cards import Card, cards, href
from node.web.members import acting, reading
from node.web.paths import saying
from storage import actors, lineage, posts, timelines
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.kinds import load
from storage.paging import Page
from storage.posts import Post

SAVED = 40  # of what the author saved last is offered what can be named


async def form(request: Request[State]) -> Response:
    """What is named now, and a form to name more. Raises Unauthenticated, Missing, NotAllowed."""
    return await _form(request, await reading(request))


async def _form(request: Request[State], me: Actor, said: str = "", error: Invalid | None = None) -> Response:
    node = request.state["node"]
    async with node.database.reading() as db:
        post = await behalf.own_post(db, me.id, identifier(request.path_params["id"]))
        if not alike.may_be(post):
            raise Missing(str(post.id))
        author = await actors.by_id(db, post.author_id)
        given = load(post.kind, post.fields)
        named = [] if given is None else list(given.same_problem)
        shown = await _shown(db, named)
        saved = await _saved(db, me, post, node.clock())
    return pages.page(
        request, "same.html", me=me, status=200 if error is None else 422, post=post, place=href(post, author),
        named=[(uri, shown.get(uri)) for uri in named], saved=[one for one in saved if one.post.uri not in named],
        written={"address": said}, wrong={} if error is None else {"address": str(error)},
    )  # fmt: skip


async def _shown(db: Reading, uris: Sequence[str]) -> dict[str, Post]:
    """Those of these that are here; two queries."""
    ids = await lineage.here(db, uris) if uris else {}
    found = await posts.by_ids(db, ids.values()) if ids else {}
    return {one.uri: one for one in found.values() if one.public}


async def _saved(db: Reading, me: Actor, post: Post, now: int) -> list[Card]:
    placed = await timelines.bookmarked(db, reader_id=me.id, page=Page(limit=SAVED))
    found = await cards(db, [line for _, line in placed], reader_id=me.id, now=now)
    return [one for one in found if alike.may_be(one.post) and one.post.id != post.id]


async def submit(request: Request[State]) -> Response:
    """Name a post by its address, or one that is saved; or name one no longer. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    post_id = identifier(request.path_params["id"])
    said = text(values, "address").strip()
    gone = text(values, "remove")
    try:
        uri = gone or await alike.named(node, me, said or text(values, "saved"))
        async with node.database.writing() as db:
            deed = alike.take_back if gone else alike.add
            told = await deed(db, node, me, post_id, uri)
            post = await posts.any_by_id(db, post_id)
            author = await actors.by_id(db, post.author_id)
    except Invalid as error:
        return await _form(request, me, said, error)
    announce(node, told)
    back = f"/posts/{post_id}/same" if gone else href(post, author)
    return RedirectResponse(saying(back, "saved"), 303)


routes = [
    Route("/posts/{id}/same", form),
    Route("/posts/{id}/same", submit, methods=["POST"]),
]
