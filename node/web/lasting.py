"""Say on a page whether what one shared is still in place, when it is asked; and whether one wants to be asked. Works
without scripts."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages
from node.context import State
from node.errors import Invalid
from node.guarding import Stopped, Warned, asking
from node.requests import identifier, text
from node.sharing import behalf, lasting
from node.surfacing.surface import announce
from node.web.cards import href
from node.web.members import acting, reading
from node.web.paths import saying
from storage import actors
from storage.actors import Actor
from storage.database import Missing, Reading
from storage.posts import Post


async def _wanted(db: Reading, me: Actor, post_id: int) -> tuple[Post, Actor, int]:
    """The post, its author, and the age that is asked about. Raises Missing, NotAllowed."""
    post = await behalf.own_post(db, me.id, post_id)
    author = await actors.by_id(db, post.author_id)
    months = await lasting.open_to(db, me.id, post, author, mine=True)
    if not months:
        raise Missing(str(post_id))
    return post, author, months


async def form(request: Request[State]) -> Response:
    """The question. Raises Missing when there is none, NotAllowed."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        post, author, months = await _wanted(db, me, identifier(request.path_params["id"]))
    return _page(request, me, post, author, months, {})


def _page(
    request: Request[State],
    me: Actor,
    post: Post,
    author: Actor,
    months: int,
    written: Mapping[str, str],
    error: Invalid | None = None,
) -> Response:
    field = "" if error is None else error.field
    return pages.page(
        request,
        "in_place.html",
        me=me,
        status=200 if error is None else 422,
        post=post,
        author=author,
        months=months,
        place=href(post, author),
        written=written,
        wrong={} if error is None else {field if field == "state" else "said": str(error)},
        found=error.passages() if isinstance(error, Stopped) else (),
        again=isinstance(error, Warned),
    )


async def answer(request: Request[State]) -> Response:
    """Keep the answer, and tell whoever got the post. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    async with node.database.reading() as db:
        post, author, months = await _wanted(db, me, identifier(request.path_params["id"]))
    typed = {name: text(values, name) for name in ("state", "said")}
    try:
        async with asking(node), node.database.writing() as db:
            told = await lasting.answer(db, node, me.id, post.id, typed["state"], typed["said"])
    except Invalid as error:
        return _page(request, me, post, author, months, typed, error)
    announce(node, told)
    return RedirectResponse(saying(href(post, author), "in-place"), 303)


routes = [
    Route("/posts/{id}/in-place", form),
    Route("/posts/{id}/in-place", answer, methods=["POST"]),
]
