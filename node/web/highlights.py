"""Highlights of the month: the node's pages of them, what stands of them on other pages, and the form to choose one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from node import pages, sessions
from node.context import Node, State
from node.errors import Invalid, Unauthenticated
from node.guarding import Stopped, Warned, asking
from node.requests import identifier, text
from node.review import highlighting as use
from node.review.highlighting import Listing
from node.slips import Passage
from node.surfacing.surface import Told, announce
from node.web.cards import Card, cards, href
from node.web.members import acting
from node.web.paths import saying
from storage import actors, highlights, marks, posts, timelines
from storage.actors import Actor
from storage.database import Missing, Reading, Writing, listed
from storage.highlights import LENGTH, MOST, Highlight
from storage.ids import LAST
from storage.members import Member
from storage.paging import Page
from storage.posts import Post

PAGE = 12
_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A highlight and its post."""

    one: Highlight
    card: Card


@dataclass(frozen=True, slots=True)
class Said:
    """What stands on the page of a post: in which month it is a highlight, why, and of whom (None: of the node)."""

    one: Highlight
    owner: Actor | None


async def shown(db: Reading, found: Sequence[Highlight], *, reader_id: int, now: int) -> list[Chosen]:
    """These highlights with their posts, in order; a fixed number of queries, none where there are none."""
    ids = [one.post_id for one in found if one.post_id is not None]
    if not ids:
        return []
    lines = await timelines.some(db, listed(ids), reader_id=reader_id)
    made = {one.post.id: one for one in await cards(db, list(lines.values()), reader_id=reader_id, now=now)}
    return [Chosen(one, made[one.post_id]) for one in found if one.post_id in made]


async def newest(db: Reading, node: Node, owner_id: int, *, reader_id: int, limit: int) -> list[Chosen]:
    """The newest of a list."""
    found = await highlights.newest(db, owner_id, reader_id=reader_id, page=Page(limit=limit))
    return await shown(db, found, reader_id=reader_id, now=node.clock())


async def of_node(db: Reading, node: Node, *, reader_id: int, limit: int) -> list[Chosen]:
    """The newest of the node's own."""
    owner = await actors.by_uri(db, node.site.node_actor)
    return await newest(db, node, owner.id, reader_id=reader_id, limit=limit)


async def on_post(db: Reading, node: Node, current: tuple[Member, Actor] | None, post: Post) -> dict[str, object]:
    """What the page of a post says of it; at most three queries."""
    reader_id = 0 if current is None else current[1].id
    found = await highlights.of_post(db, post.id, reader_id=reader_id)
    owners = await actors.by_ids(db, {one.owner_id for one in found}) if found else {}
    stands = post.visibility == "public" and post.boost_of_id is None and marks.of(post.fields).withdrawn is None
    may = current is not None and stands and await use.may_choose(db, current[1], current[0])
    said = [Said(one, _named(node, owners.get(one.owner_id))) for one in found]
    return {"highlighted": said, "may_highlight": may}


def _named(node: Node, owner: Actor | None) -> Actor | None:
    return None if owner is None or owner.uri == node.site.node_actor else owner


async def every(request: Request[State]) -> Response:
    """The node's highlights, the newest month first."""
    before = identifier(request.query_params.get("max_id", "")) or LAST
    return await _page(request, "", before)


async def of_month(request: Request[State]) -> Response:
    """Those of one month. Raises Missing for what is no month, or has none."""
    month = request.path_params["month"]
    if not _MONTH.fullmatch(month):
        raise Missing(month)
    return await _page(request, month, LAST)


async def _page(request: Request[State], month: str, before: int) -> Response:
    node = request.state["node"]
    current = await sessions.current(request)
    me = None if current is None else current[1]
    reader_id = 0 if me is None else me.id
    async with node.database.reading(stale=me is None) as db:
        listing = await use.of_node(db, node)
        owner_id = listing.owner.id
        if month:
            found = await highlights.of_month(db, owner_id, month, reader_id=reader_id)
        else:
            page = Page(before=before, limit=PAGE)
            found = await highlights.newest(db, owner_id, reader_id=reader_id, page=page)
        made = await shown(db, found, reader_id=reader_id, now=node.clock())
        months = await highlights.months(db, owner_id)
        may = current is not None and await use.may_choose(db, current[1], current[0])
    if month and not found:
        raise Missing(month)
    older = f"/highlights?max_id={found[-1].id}" if not month and len(found) == PAGE else None
    return pages.page(
        request, "highlights.html", me=me, month=month, chosen=made, months=months, older=older, may=may,
        first=before == LAST, alliance=listing.voice,
    )  # fmt: skip


async def _editor(request: Request[State]) -> tuple[Member, Actor]:
    """Who is signed in. Raises Unauthenticated."""
    found = await sessions.current(request)
    if found is None:
        raise Unauthenticated
    return found


async def form(request: Request[State]) -> Response:
    """To choose a post, to change why, to withdraw it. Raises Unauthenticated, NotAllowed, Missing."""
    member, me = await _editor(request)
    return await _form(request, member, me, {}, {})


async def _form(
    request: Request[State],
    member: Member,
    me: Actor,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
    found: Sequence[Passage] = (),
    again: bool = False,
) -> Response:
    node = request.state["node"]
    async with node.database.reading() as db:
        post = await posts.by_id(db, identifier(request.path_params["id"]), reader_id=me.id)
        author = await actors.by_id(db, post.author_id)
        keeps = await use.kept_by(db, node, me, member)
        had = {one.owner_id: one for one in await highlights.of_post(db, post.id, reader_id=me.id)}
    mine = [(one, had[one.owner.id], f"reason-{one.owner.id}") for one in keeps if one.owner.id in had]
    free = [one for one in keeps if one.owner.id not in had]
    written = {**{name: one.reason for _listing, one, name in mine}, **written}
    return pages.page(
        request, "highlight_form.html", me=me, status=422 if wrong else 200, post=post, author=author,
        back=href(post, author), mine=mine, free=free, written=written, wrong=wrong, found=found, again=again,
        length=LENGTH, most=MOST, month=use.month_of(node.clock()),
    )  # fmt: skip


async def act(request: Request[State]) -> Response:
    """Do what the form says. Raises Unauthenticated, NotAllowed, Missing."""
    node = request.state["node"]
    member, me = await _editor(request)
    _me, values = await acting(request)
    post_id = identifier(request.path_params["id"])
    wanted = text(values, "list")
    field = f"reason-{wanted}" if f"reason-{wanted}" in values else "reason"  # of a highlight there is, or of a new one
    written = {"list": wanted, field: text(values, field)}
    try:
        async with asking(node), node.database.writing() as db:
            listing = use.named(await use.kept_by(db, node, me, member), wanted)
            if text(values, "do") == "withdraw":
                told = await _withdraw(db, node, me, member, listing, post_id)
            else:
                _one, told = await use.choose(db, node, me, member, listing, post_id, written[field])
            post = await posts.by_id(db, post_id, reader_id=me.id)
            author = await actors.by_id(db, post.author_id)
    except Stopped as error:
        wrong = {field: str(error)}
        return await _form(request, member, me, written, wrong, error.passages(), isinstance(error, Warned))
    except Invalid as error:
        return await _form(request, member, me, written, {field: str(error)})
    announce(node, told)
    return RedirectResponse(saying(href(post, author), "saved"), 303)


async def _withdraw(db: Writing, node: Node, me: Actor, member: Member, listing: Listing, post_id: int) -> list[Told]:
    for one in await highlights.of_post(db, post_id, reader_id=me.id):
        if one.owner_id == listing.owner.id:
            return await use.withdraw(db, node, me, member, one)
    return []


routes = [
    Route("/highlights", every),
    Route("/highlights/{month}", of_month),
    Route("/posts/{id}/highlight", form),
    Route("/posts/{id}/highlight", act, methods=["POST"]),
]
