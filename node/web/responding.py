"""What members do on pages: thank, pass on, save, reply, follow. A form each, and back to where it stood."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node.connecting import follows
from node.context import Node, State
from node.errors import Invalid
from node.learning import search as find
from node.requests import identifier, text
from node.sharing import posts as sharing
from node.sharing import reactions
from node.sharing.posts import Draft
from node.surfacing.surface import Told, announce
from node.texts import _
from node.web import reading
from node.web.cards import href
from node.web.members import acting
from node.web.paths import inside
from storage import actors, posts
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.pending import Pending
from storage.posts import Post


async def _pass_on(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    return (await reactions.boost(db, node, member, post_id))[1]


DEEDS: Mapping[str, Callable[[Writing, Node, Actor, int], Awaitable[list[Told]]]] = {
    "thank": reactions.like,
    "unthank": reactions.unlike,
    "pass-on": _pass_on,
    "stop-passing-on": reactions.unboost,
    "save": reactions.bookmark,
    "unsave": reactions.unbookmark,
}
BONDS: Mapping[str, Callable[[Writing, Node, Actor, Actor], Awaitable[list[Told]]]] = {
    "follow": follows.follow,
    "unfollow": follows.unfollow,
}


async def respond(request: Request[State]) -> Response:
    """Do something with a post, or take that back."""
    node = request.state["node"]
    me, values = await acting(request)
    deed = DEEDS.get(text(values, "do"))
    if deed is None:
        raise Invalid(_("That is nothing this node can do with a post."))
    async with node.database.writing() as db:
        told = await deed(db, node, me, identifier(request.path_params["id"]))
    announce(node, told)
    return RedirectResponse(inside(text(values, "back", "/")), 303)


async def reply(request: Request[State]) -> Response:
    """Answer a post. The same form sent twice is one reply."""
    node = request.state["node"]
    me, values = await acting(request)
    post_id = identifier(request.path_params["id"])
    async with node.database.reading() as db:
        answered, author = await _answered(db, me, post_id)
    written = text(values, "text")
    draft = Draft(
        written, in_reply_to_id=answered.id, idempotency_key=text(values, "key")[: sharing.KEY_LENGTH] or None
    )
    mentioned = await sharing.resolve(node, written)
    try:
        async with node.database.writing() as db:
            made, told = await sharing.publish(db, node, me, draft, mentioned)
    except Invalid as wrong:
        return await reading.thread(
            request, author.acct, answered.id, written=written, wrong=str(wrong), status=422
        )  # fmt: skip
    announce(node, told)
    back = href(answered, author)
    return RedirectResponse(f"{back}?waiting=1" if isinstance(made, Pending) else f"{back}#post-{made.id}", 303)


async def _answered(db: Reading, me: Actor, post_id: int) -> tuple[Post, Actor]:
    found = await posts.by_id(db, post_id, reader_id=me.id)
    if found.boost_of_id is not None:
        raise Missing(str(post_id))
    return found, await actors.by_id(db, found.author_id)


async def bind(request: Request[State]) -> Response:
    """Follow somebody, or end it."""
    node = request.state["node"]
    me, values = await acting(request)
    bond = BONDS.get(text(values, "do"))
    if bond is None:
        raise Invalid(_("That is nothing this node can do."))
    async with node.database.writing() as db:
        target = await actors.by_id(db, identifier(request.path_params["id"]))
        if target.gone is not None or target.suspended is not None:
            raise Missing(target.uri)
        told = await bond(db, node, me, target)
    announce(node, told)
    return RedirectResponse(inside(text(values, "back", f"/@{target.acct}")), 303)


async def look_up(request: Request[State]) -> Response:
    """Ask another server for a person, team or post, and show it here. Raises Invalid when it cannot be had."""
    node = request.state["node"]
    _me, values = await acting(request)
    found = await find.resolve(node, text(values, "q").strip()[: find.QUERY * 10])
    if found is None:
        raise Invalid(_("That server did not answer, or knows nothing under this name."))
    if isinstance(found, Actor):
        return RedirectResponse(f"/@{found.acct}", 303)
    async with node.database.reading() as db:
        author = await actors.by_id(db, found.author_id)
    return RedirectResponse(href(found, author), 303)


routes = [
    Route("/posts/{id}/respond", respond, methods=["POST"]),
    Route("/posts/{id}/reply", reply, methods=["POST"]),
    Route("/accounts/{id}/follow", bind, methods=["POST"]),
    Route("/look-up", look_up, methods=["POST"]),
]
