"""Pages for reading: home, profile, post with thread, tag, search, about. Open to everyone, no script needed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.context import State
from node.learning import search as find
from node.requests import identifier
from node.web.cards import cards, href, tree
from storage import actors, posts, tags, timelines
from storage.actors import Actor, ActorKind
from storage.database import Missing, Reading, listed
from storage.ids import LAST
from storage.kinds import Kind
from storage.paging import Page
from storage.timelines import Line, Wanted

PAGE = 20
TEAMS = 5  # named on the home page
KINDS = frozenset(one.value for one in Kind if one is not Kind.PLAIN)


def _page(request: Request[State]) -> Page:
    return Page(before=identifier(request.query_params.get("max_id", "")) or LAST, limit=PAGE)


def _older(request: Request[State], lines: Sequence[Line]) -> str | None:
    """The link to what comes after a full page."""
    if len(lines) < PAGE:
        return None
    kept = [(name, value) for name, value in request.query_params.multi_items() if name in ("kind", "q")]
    return f"{request.url.path}?{urlencode([*kept, ('max_id', str(lines[-1].id))])}"


async def home(request: Request[State]) -> Response:
    """What this node is, and what its members shared last."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    chosen = request.query_params.get("kind", "")
    page = _page(request)
    async with node.database.reading(stale=me is None) as db:
        if chosen in KINDS:
            lines = await timelines.of_kind(db, chosen, reader_id=reader_id, page=page)
        else:
            lines = await timelines.public(db, reader_id=reader_id, page=page)
        shown = await cards(db, lines)
        teams = await actors.of_kind_here(db, ActorKind.GROUP, limit=TEAMS)
        alliances = await actors.of_kind_here(db, ActorKind.ORGANIZATION, limit=1)
    return pages.page(
        request,
        "home.html",
        me=me,
        cards=shown,
        older=_older(request, lines),
        older_page=page.before != LAST,
        chosen=chosen if chosen in KINDS else "",
        teams=teams,
        alliance=alliances[0] if alliances else None,
    )


async def found_actor(db: Reading, acct: str, domain: str) -> Actor:
    """The account a page's address names: ``name`` or ``name@domain``. Raises Missing."""
    handle, _, place = acct.partition("@")
    actor = await actors.by_handle(db, handle, "" if place.lower() == domain else place.lower())
    if actor.gone is not None or actor.suspended is not None or actor.kind is ActorKind.APPLICATION:
        raise Missing(acct)
    return actor


async def profile(request: Request[State]) -> Response:
    """A member, team or alliance, here or elsewhere, and what they shared."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    async with node.database.reading(stale=me is None) as db:
        actor = await found_actor(db, request.path_params["acct"], node.config.domain)
        lines = await timelines.by_author(
            db, actor.id, reader_id=reader_id, page=_page(request), wanted=Wanted(replies=False)
        )
        shown = await cards(db, lines)
    return pages.page(
        request,
        "profile.html",
        me=me,
        actor=actor,
        fields=json.loads(actor.fields),
        cards=shown,
        older=_older(request, lines),
        posts_total=max(actor.posts_count, actor.their_posts or 0),
        followers_total=max(actor.followers_count, actor.their_followers or 0),
        following_total=max(actor.following_count, actor.their_following or 0),
    )


async def post(request: Request[State]) -> Response:
    """One post with what it answers and the replies to it."""
    node = request.state["node"]
    me = await sessions.me(request)
    reader_id = 0 if me is None else me.id
    post_id = identifier(request.path_params["id"])
    async with node.database.reading(stale=me is None) as db:
        wanted = await posts.by_id(db, post_id, reader_id=reader_id)
        author = await actors.by_id(db, wanted.author_id)
        if wanted.boost_of_id is not None:
            wanted = await posts.by_id(db, wanted.boost_of_id, reader_id=reader_id)
            author = await actors.by_id(db, wanted.author_id)
        if href(wanted, author) != request.url.path:
            return RedirectResponse(href(wanted, author), 301, headers={"cache-control": "no-store"})
        line = await timelines.one(db, wanted.id, reader_id=reader_id)
        if line is None:
            raise Missing(str(post_id))
        above, below = await timelines.thread(db, wanted.id, reader_id=reader_id)
        shown = await cards(db, [line, *above, *(one for _, one in below)])
        named = await tags.of(db, [wanted.id])
    by_id = {one.post.id: one for one in shown}
    return pages.page(
        request,
        "post.html",
        me=me,
        card=by_id[wanted.id],
        above=[by_id[one.post_id] for one in above if one.post_id in by_id],
        below=tree(wanted.id, below, [one for one in shown if one.post.id != wanted.id]),
        tags=named.get(wanted.id, []),
    )


async def tag(request: Request[State]) -> Response:
    """Public posts with a hashtag."""
    node = request.state["node"]
    me = await sessions.me(request)
    name = tags.name_of(request.path_params["name"])
    async with node.database.reading(stale=me is None) as db:
        reader_id = 0 if me is None else me.id
        lines = await timelines.tagged(db, name, reader_id=reader_id, page=_page(request))
        shown = await cards(db, lines)
    return pages.page(request, "tag.html", me=me, name=name, cards=shown, older=_older(request, lines))


async def search(request: Request[State]) -> Response:
    """Posts and people by words, among what is known here."""
    node = request.state["node"]
    me = await sessions.me(request)
    words = request.query_params.get("q", "").strip()[: find.QUERY]
    reader_id = 0 if me is None else me.id
    shown, people = [], []
    if words:
        async with node.database.reading(stale=me is None) as db:
            ids = await find.posts(db, words, reader_id=reader_id, limit=PAGE)
            lines = await timelines.some(db, listed(ids), reader_id=reader_id)
            shown = await cards(db, [lines[one] for one in ids if one in lines])
            people = await find.people(db, words, limit=5)
    return pages.page(request, "search.html", me=me, q=words, cards=shown, people=people)


async def about(request: Request[State]) -> Response:
    """What this node is for, who runs it, how to use it."""
    return pages.page(request, "about.html", me=await sessions.me(request), version=version("sharewell"))


routes = [
    Route("/", home),
    Route("/about", about),
    Route("/search", search),
    Route("/tags/{name}", tag),
]
