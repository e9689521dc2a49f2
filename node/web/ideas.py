"""Pages: ideas by their stage, calls for ideas, and moving an idea to another stage. Work without scripts."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.context import State
from node.errors import Invalid
from node.guarding import Stopped, Warned, asking
from node.requests import identifier, text
from node.sharing import behalf, stages
from node.sharing import posts as sharing
from node.surfacing.surface import announce
from node.web.cards import href
from node.web.entries import entries
from node.web.members import acting, reading
from storage import actors, posts, timelines
from storage import ideas as kept
from storage.actors import Actor
from storage.database import Missing, Reading, listed
from storage.filters import Context
from storage.ids import LAST
from storage.kinds import Kind, load
from storage.paging import Page
from storage.posts import Post
from storage.shapes.idea import STAGES, Idea

PAGE = 20


async def ideas(request: Request[State]) -> Response:
    """Public ideas: all, those at one stage, or those that answer one call. Raises Missing for an unknown stage."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id, now = 0 if me is None else me.id, node.clock()
    stage, call_id = request.query_params.get("stage", ""), identifier(request.query_params.get("call", ""))
    if stage and stage not in STAGES:
        raise Missing(stage)
    page = Page(before=identifier(request.query_params.get("max_id", "")) or LAST, limit=PAGE)
    async with node.database.reading(stale=me is None) as db:
        call = await posts.by_id(db, call_id, reader_id=reader_id) if call_id else None
        if call is not None:
            ids = await kept.answering(db, call.uri, reader_id=reader_id, page=page, now=now)
        elif stage:
            ids = await kept.at_stage(db, stage, reader_id=reader_id, page=page, now=now)
        else:
            lines = await timelines.of_kind(db, Kind.IDEA.value, reader_id=reader_id, page=page, now=now)
            ids = [one.id for one in lines]
        found = await timelines.some(db, listed(ids), reader_id=reader_id) if ids else {}
        shown = [found[one] for one in ids if one in found]
        listing = await entries(db, node, shown, reader_id=reader_id, where=Context.PUBLIC)
        asked = None if call is None else await actors.by_id(db, call.author_id)
    kept_query = {"stage": stage} if stage else {"call": str(call_id)} if call is not None else {}
    older = f"/ideas?{urlencode({**kept_query, 'max_id': ids[-1]})}" if len(ids) == PAGE else None
    return pages.page(
        request,
        "ideas.html",
        me=me,
        entries=listing,
        older=older,
        first=page.before == LAST,
        stage=stage,
        call=call,
        call_href="" if call is None or asked is None else href(call, asked),
    )


async def challenges(request: Request[State]) -> Response:
    """Calls for ideas, newest first."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    page = Page(before=identifier(request.query_params.get("max_id", "")) or LAST, limit=PAGE)
    async with node.database.reading(stale=me is None) as db:
        lines = await timelines.of_kind(
            db, Kind.CHALLENGE.value, reader_id=reader_id, page=page, now=node.clock()
        )  # fmt: skip
        listing = await entries(db, node, lines, reader_id=reader_id, where=Context.PUBLIC)
    older = f"/challenges?max_id={lines[-1].id}" if len(lines) == PAGE else None
    return pages.page(
        request, "challenges.html", me=me, entries=listing, older=older, first=page.before == LAST
    )  # fmt: skip


async def _own(db: Reading, me: Actor, post_id: int) -> tuple[Post, Actor]:
    """An idea that is the member's to change. Raises Missing, NotAllowed."""
    post = await behalf.own_post(db, me.id, post_id)
    if post.kind is not Kind.IDEA:
        raise Missing(str(post_id))
    return post, await actors.by_id(db, post.author_id)


async def form(request: Request[State]) -> Response:
    """The form that moves an idea. Raises Missing, NotAllowed."""
    me = await reading(request)
    async with request.state["node"].database.reading() as db:
        post, author = await _own(db, me, identifier(request.path_params["id"]))
    said = load(post.kind, post.fields)
    written = {"stage": said.stage, "reason": said.reason} if isinstance(said, Idea) else {}
    return _page(request, me, post, author, written)


def _page(
    request: Request[State],
    me: Actor,
    post: Post,
    author: Actor,
    written: dict[str, str],
    error: Invalid | None = None,
) -> Response:
    field = "" if error is None else error.field.removeprefix("fields.")
    return pages.page(
        request,
        "stage.html",
        me=me,
        status=200 if error is None else 422,
        post=post,
        author=author,
        place=href(post, author),
        written=written,
        wrong={} if error is None else {field if field in written else "stage": str(error)},
        found=error.passages() if isinstance(error, Stopped) else (),
        again=isinstance(error, Warned),
    )


async def move(request: Request[State]) -> Response:
    """Move it, and tell whoever got it. Raises Missing, NotAllowed."""
    node = request.state["node"]
    me, values = await acting(request)
    async with node.database.reading() as db:
        post, author = await _own(db, me, identifier(request.path_params["id"]))
    typed = {name: text(values, name) for name in ("stage", "reason")}
    try:
        draft = stages.moved(post, typed["stage"], typed["reason"])
        mentioned = await sharing.resolve(node, draft.text)
        async with asking(node), node.database.writing() as db:
            told = await behalf.edit(db, node, me.id, post.id, draft, mentioned)
    except Invalid as error:
        return _page(request, me, post, author, typed, error)
    announce(node, told)
    return RedirectResponse(href(post, author), 303)


routes = [
    Route("/ideas", ideas),
    Route("/challenges", challenges),
    Route("/posts/{id}/stage", form),
    Route("/posts/{id}/stage", move, methods=["POST"]),
]
