"""Pages to take a post back everywhere, and to see what each server said to that. Work without scripts."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.context import State
from node.errors import Invalid, Unauthenticated
from node.requests import identifier, text
from node.review import recalling
from node.surfacing.surface import announce
from node.texts import _
from node.web.cards import cards
from node.web.members import acting
from node.web.paths import saying
from storage import actors, members, recalls, timelines
from storage.actors import Actor
from storage.ids import LAST
from storage.members import Member
from storage.recalls import Recall

MOST = 30  # recalls on a page


async def _reading(request: Request[State]) -> tuple[Member, Actor]:
    """Who is signed in. Raises Unauthenticated."""
    found = await sessions.current(request)
    if found is None:
        raise Unauthenticated
    return found


async def form(request: Request[State]) -> Response:
    """Why a post is taken back. Raises Missing, NotAllowed."""
    return await _form(request, *await _reading(request))


async def _form(request: Request[State], member: Member, me: Actor, wrong: str = "") -> Response:
    node = request.state["node"]
    async with node.database.reading() as db:
        post, author, _mine = await recalling.wanted(db, member, identifier(request.path_params["id"]))
        line = await timelines.one(db, post.id, reader_id=me.id)
        shown = [] if line is None else await cards(db, [line], reader_id=me.id, now=node.clock())
    return pages.page(
        request,
        "recall_form.html",
        me=me,
        status=422 if wrong else 200,
        post=post,
        author=author,
        card=shown[0] if shown else None,
        reasons=[(reason.value, _(words)) for reason, words in recalling.REASONS.items()],
        wrong={"reason": wrong} if wrong else {},
    )


async def take_back(request: Request[State]) -> Response:
    """Take it back, and show what becomes of that. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    post_id = identifier(request.path_params["id"])
    async with node.database.reading() as db:
        member = await members.by_id(db, me.id)
    try:
        async with node.database.writing() as db:
            recall, told = await recalling.take_back(db, node, member, post_id, text(values, "reason"))
    except Invalid as error:
        return await _form(request, member, me, str(error))
    announce(node, told)
    return RedirectResponse(saying(f"/recalls/{recall.id}", "recalled"), 303)


async def show(request: Request[State]) -> Response:
    """How a recall stands. Raises Missing."""
    member, me = await _reading(request)
    node = request.state["node"]
    after = request.query_params.get("after", "").replace("\x00", "")
    async with node.database.reading() as db:
        recall = await recalling.visible(db, member, identifier(request.path_params["id"]))
        view = await recalling.view_one(db, node, recall, after=after)
        author = await actors.by_id(db, recall.author_id)
    return pages.page(
        request,
        "recall.html",
        me=me,
        view=view,
        author=author,
        why=recalling.reason_words(recall),
        mine=recall.author_id == me.id,
        guards=recalling.guards(member),
        still="still" in request.query_params,
        after=after,
        further=view.hosts[-1].host if len(view.hosts) == recalling.HOSTS else "",
    )


async def listed(request: Request[State]) -> Response:
    """Recalls of one's own posts, for guardians of all. Raises Unauthenticated."""
    member, me = await _reading(request)
    node = request.state["node"]
    before = identifier(request.query_params.get("before", "")) or LAST
    async with node.database.reading() as db:
        guards = recalling.guards(member)
        found: list[Recall] = (
            await recalls.newest(db, before=before, limit=MOST)
            if guards
            else await recalls.newest_of(db, me.id, before=before, limit=MOST)
        )
        views = await recalling.view(db, node, found)
        authors = await actors.by_ids(db, {one.author_id for one in found})
    return pages.page(
        request,
        "recalls.html",
        me=me,
        guards=guards,
        shown=[(view, authors.get(view.recall.author_id), recalling.reason_words(view.recall)) for view in views],
        older=found[-1].id if len(found) == MOST else None,
    )


routes = [
    Route("/posts/{id}/recall", form),
    Route("/posts/{id}/recall", take_back, methods=["POST"]),
    Route("/recalls", listed),
    Route("/recalls/{id}", show),
]
