"""What members do with posts on pages: thank, pass on, save, vote, reply. A form each, and back to where it stood."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.context import Node, State
from node.errors import Invalid
from node.guarding import asking
from node.learning import search as find
from node.requests import Params, flag, identifier, text, texts
from node.sharing import affecting, reactions
from node.sharing import polls as voting
from node.sharing import posts as sharing
from node.sharing.drafts import Draft
from node.surfacing.surface import Told, announce
from node.texts import _
from node.web import reading
from node.web.cards import cards, href
from node.web.interacting import place_of
from node.web.members import acting
from node.web.paths import inside
from storage import actors, members, posts, timelines
from storage.actors import Actor
from storage.database import Missing, Reading, Writing
from storage.pending import Pending, Reason
from storage.posts import Post
from storage.quotes import Policy


async def _pass_on(db: Writing, node: Node, member: Actor, post_id: int) -> list[Told]:
    return (await reactions.boost(db, node, member, post_id))[1]


DEEDS: Mapping[str, Callable[[Writing, Node, Actor, int], Awaitable[list[Told]]]] = {
    "thank": reactions.like,
    "unthank": reactions.unlike,
    "pass-on": _pass_on,
    "stop-passing-on": reactions.unboost,
    "save": reactions.bookmark,
    "unsave": reactions.unbookmark,
    "affected": affecting.add,
    "not-affected": affecting.remove,
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
    if pages.partly(request):
        return await _row(request, me, values)
    return RedirectResponse(inside(text(values, "back", "/")), 303)


async def _row(request: Request[State], me: Actor, values: Params) -> Response:
    """The row of buttons as it is now, for the place it stood at."""
    node = request.state["node"]
    async with node.database.reading() as db:
        line = await timelines.one(db, identifier(request.path_params["id"]), reader_id=me.id)
        shown = [] if line is None else await cards(db, [line], reader_id=me.id, now=node.clock())
    if not shown:
        raise Missing(request.path_params["id"])
    place, full = identifier(text(values, "place")), flag(values, "full")
    return pages.part(request, "acts", me=me, card=shown[0], back=inside(text(values, "back")), full=full, place=place)


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
        async with asking(node), node.database.writing() as db:
            member = await members.by_id(db, me.id)
            draft = replace(draft, quote_policy=Policy(member.quote_policy))
            shared = await sharing.share(db, node, me, draft, mentioned, member=member)
    except Invalid as wrong:
        return await reading.thread(
            request, author.acct, answered.id, written=written, wrong=str(wrong), status=422
        )  # fmt: skip
    announce(node, shared.told)
    back, made = href(answered, author), shared.post
    if isinstance(made, Pending) and made.reason is Reason.HELD:
        return RedirectResponse("/#waiting", 303)
    return RedirectResponse(f"{back}?waiting=1" if isinstance(made, Pending) else f"{back}#post-{made.id}", 303)


async def vote(request: Request[State]) -> Response:
    """Choose in a poll; what does not count is said on the page of the post."""
    node = request.state["node"]
    me, values = await acting(request)
    post_id = identifier(request.path_params["id"])
    chosen = [int(one) for one in texts(values, "choice") if one.isascii() and one.isdigit() and len(one) < 4]
    async with node.database.reading() as db:
        asked, author = await _answered(db, me, post_id)
    try:
        async with node.database.writing() as db:
            told = await voting.vote(db, node, me, asked.id, chosen)
    except Invalid as wrong:
        return await reading.thread(request, author.acct, asked.id, unvoted=str(wrong), status=422)
    announce(node, told)
    return RedirectResponse(inside(text(values, "back", href(asked, author))), 303)


async def _answered(db: Reading, me: Actor, post_id: int) -> tuple[Post, Actor]:
    found = await posts.by_id(db, post_id, reader_id=me.id)
    if found.boost_of_id is not None:
        raise Missing(str(post_id))
    return found, await actors.by_id(db, found.author_id)


async def look_up(request: Request[State]) -> Response:
    """Ask another server for a person, team or post, and show it here. Raises Invalid when it cannot be had."""
    me, values = await acting(request)
    query = text(values, "q").strip()[: find.QUERY * 10]
    return RedirectResponse(await place_of(request.state["node"], me, query), 303)


routes = [
    Route("/posts/{id}/respond", respond, methods=["POST"]),
    Route("/posts/{id}/reply", reply, methods=["POST"]),
    Route("/posts/{id}/vote", vote, methods=["POST"]),
    Route("/look-up", look_up, methods=["POST"]),
]
