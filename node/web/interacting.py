"""Follow from anywhere: members meet here what they found on other servers, others are led to their own."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.connecting import elsewhere
from node.context import Node, State
from node.errors import Invalid, TooMany
from node.learning import search as find
from node.requests import identifier, params, text
from node.texts import _
from node.web.cards import cut, href
from storage import actors, posts, throttle
from storage.actors import Actor
from storage.database import Missing, Reading

URI_LENGTH = 2_048
HOUR = 60 * 60 * 1000  # ms
LOOK_UPS = 300  # of one member in an hour
TITLE = 80  # characters of what is to be followed or answered


async def meet(request: Request[State]) -> Response:
    """Show a member what another server sent them here for; sign-in comes first. Raises Invalid, TooMany."""
    node = request.state["node"]
    uri = request.query_params.get("uri", "").replace("\x00", "").strip()[: URI_LENGTH + 1]
    me = await sessions.me(request)
    if me is None:
        target = f"{request.url.path}?{urlencode({'uri': uri})}"
        return RedirectResponse(f"/sign-in?{urlencode({'next': target})}", 303)
    if not (find.is_address(uri) or find.is_handle(uri)) or len(uri) > URI_LENGTH:
        raise Invalid(_("This is no address of a person, team or post."))
    return RedirectResponse(await place_of(node, me, uri), 303)


async def place_of(node: Node, me: Actor, query: str) -> str:
    """The page of what an address or handle names, asked of its server if need be. Raises Invalid, TooMany."""
    if node.config.limits.rate:
        async with node.database.writing() as db:
            if await throttle.count(db, f"look-up {me.id}", now=node.clock(), window=HOUR) > LOOK_UPS:
                raise TooMany(HOUR // 1000)
    found = await find.resolve(node, query)
    if found is None:
        raise Invalid(_("That server did not answer, or knows nothing under this name."))
    if isinstance(found, Actor):
        return f"/@{found.acct}"
    async with node.database.reading() as db:
        return href(found, await actors.by_id(db, found.author_id))


async def leave(request: Request[State]) -> Response:
    """Lead somebody without an account here to where they follow or answer this. What they typed wrong is said."""
    node = request.state["node"]
    sessions.check_origin(request)
    typed = text(await params(request), "server")
    async with node.database.reading(stale=True) as db:
        uri, words, back = await _what(request, db)
    address = request.client.host if request.client is not None else ""
    wrong, status, place = "", 200, ""
    try:
        place = await elsewhere.place_for(node, typed, uri, address=address)
    except Invalid as error:
        wrong, status = str(error), 422
    except TooMany as error:
        wrong, status = _("Too many tries. Wait %s minutes and try again.") % -(-error.after // 60), 429
    return pages.page(
        request,
        "elsewhere.html",
        status=status,
        headers={"cache-control": "no-store"},
        place=place,
        host=urlsplit(place).netloc,
        typed=typed,
        wrong=wrong,
        words=words,
        back=back,
    )


async def _what(request: Request[State], db: Reading) -> tuple[str, str, str]:
    """The id of what the box stands beside, words for it, and its page here. Raises Missing."""
    wanted = identifier(request.path_params["id"])
    if request.url.path.startswith("/posts/"):
        post = await posts.by_id(db, wanted, reader_id=0)
        author = await actors.by_id(db, post.author_id)
        return post.uri, cut(post.title, TITLE) or author.name or author.handle, href(post, author)
    actor = await actors.by_id(db, wanted)
    if not find.is_shown(actor) or actor.suspended is not None:
        raise Missing(str(wanted))
    return actor.uri, actor.name or actor.handle, f"/@{actor.acct}"


routes = [
    Route("/authorize_interaction", meet),
    Route("/accounts/{id}/from-elsewhere", leave, methods=["POST"]),
    Route("/posts/{id}/from-elsewhere", leave, methods=["POST"]),
]
