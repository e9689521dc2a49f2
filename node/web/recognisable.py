"""Say that somebody is recognisable in a post: a page for everyone, signed in or not, with or without scripts."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.context import State
from node.errors import Hidden, Invalid, NotAllowed
from node.requests import identifier, params, text
from node.review import recognising
from node.review.recognising import COMMENT, Concern
from node.surfacing.surface import announce
from node.texts import _
from node.web.cards import cut, href
from storage import actors, hidden, posts
from storage.actors import Actor
from storage.database import Missing

TITLE = 80  # characters of the post that the page shows
DONE = ("hidden", "read")  # what is said afterwards


async def form(request: Request[State]) -> Response:
    """The form; or thanks, with what happens now. Raises Missing, NotAllowed."""
    me = await sessions.me(request)
    done = request.query_params.get("done", "")
    if done in DONE:
        return pages.page(
            request, "recognisable.html", me=me, headers={"cache-control": "no-store"}, done=done, wrong={}
        )
    return await _form(request, me)


async def _form(request: Request[State], me: Actor | None, written: str = "", wrong: str = "") -> Response:
    node = request.state["node"]
    post_id = identifier(request.path_params["id"])
    reader_id = 0 if me is None else me.id
    async with node.database.reading() as db:
        try:
            post = await posts.by_id(db, post_id, reader_id=reader_id)
            if post.boost_of_id is not None:
                post = await posts.by_id(db, post.boost_of_id, reader_id=reader_id)
        except Missing as missing:
            if await hidden.public(db, post_id):
                raise Hidden(str(post_id)) from missing
            raise
        author = await actors.by_id(db, post.author_id)
    if author.id == reader_id:
        raise NotAllowed(_("This is your own post: you can change or delete it."))
    return pages.page(
        request,
        "recognisable.html",
        me=me,
        status=422 if wrong else 200,
        headers={"cache-control": "no-store"},
        done="",
        words=cut(post.summary or post.title, TITLE) or _("a post by %s") % (author.name or author.handle),
        language=post.language,
        back=href(post, author),
        written=written,
        wrong={"comment": wrong} if wrong else {},
        most=COMMENT,
    )


async def submit(request: Request[State]) -> Response:
    """Hide the post, and have a guardian read it; what is wrong is said beside what was typed. Raises Missing,
    NotAllowed, TooMany."""
    node = request.state["node"]
    values = await params(request)
    me = await sessions.anybody(request, text(values, "proof"))
    address = request.client.host if request.client is not None else ""
    comment = text(values, "comment")
    said = Concern(identifier(request.path_params["id"]), comment, me, address)
    try:
        async with node.database.writing() as db:
            is_hidden, told = await recognising.report(db, node, said)
    except Invalid as error:
        return await _form(request, me, comment, str(error))
    announce(node, told)
    return RedirectResponse(f"{request.url.path}?done={DONE[0] if is_hidden else DONE[1]}", 303)


PAGE = "/posts/{id}/recognisable"
routes = [Route(PAGE, form), Route(PAGE, submit, methods=["POST"])]
