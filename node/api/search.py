"""/api/v2/search: https://docs.joinmastodon.org/methods/search/"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node.api import auth, entities, paging, rendering
from node.api.people import as_read
from node.context import Node, State
from node.errors import Invalid, Unauthenticated
from node.learning import search as finding
from node.requests import Params, bearer_of, flag, identifier, number, params, refuse, text
from node.texts import _
from storage import tag_follows, timelines
from storage.actors import Actor
from storage.database import Reading, listed
from storage.ids import LAST
from storage.posts import Post

MOST = 40
TYPES = ("accounts", "statuses", "hashtags")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked for."""

    query: str
    types: Sequence[str]
    limit: int
    offset: int
    before: int


def _asked(values: Params) -> _Asked:
    for name in ("following", "only_media"):
        if flag(values, name):
            refuse(values, name)
    refuse(values, "account_id", "min_id", "since_id")
    wanted = text(values, "type")
    if wanted and wanted not in TYPES:
        raise Invalid(_("type must be one of: %(types)s.") % {"types": ", ".join(TYPES)}, field="type")
    offset = number(values, "offset", 0)
    if offset > finding.DEEPEST:
        raise Invalid(_("At most %(most)s results can be skipped.") % {"most": finding.DEEPEST}, field="offset")
    return _Asked(
        query=text(values, "q").strip()[: finding.QUERY],
        types=[wanted] if wanted else TYPES,
        limit=number(values, "limit", 20, least=1, most=MOST),
        offset=offset,
        before=identifier(text(values, "max_id")) or LAST,
    )


async def search(request: Request[State]) -> Response:
    """Accounts, posts and hashtags; or the one thing of an address, fetched from its server for members only."""
    node = request.state["node"]
    values = await params(request)
    asked, fetch = _asked(values), flag(values, "resolve")
    if (fetch or asked.offset) and bearer_of(request) is None:
        raise Unauthenticated(_("Sign in to look things up on other servers, or to see more results."))
    found: Actor | Post | None = None
    if fetch and (finding.is_address(asked.query) or finding.is_handle(asked.query)):
        async with node.database.reading() as db:
            await auth.signed_in(request, db, "read:search")
        found = await finding.resolve(node, asked.query)
    async with node.database.reading(stale=bearer_of(request) is None) as db:
        reader_id = await auth.reader(request, db, "read:search")
        if finding.is_address(asked.query):
            found = found or await finding.known(db, node, asked.query)
            answer = await _one(db, node, asked, found, reader_id)
        else:
            answer = await _results(db, node, asked, found, reader_id)
    return Response(answer, media_type=paging.JSON)


async def _one(db: Reading, node: Node, asked: _Asked, found: Actor | Post | None, reader_id: int) -> bytes:
    shown: list[bytes] = []
    posts: list[bytes] = []
    if isinstance(found, Actor) and "accounts" in asked.types and finding.is_shown(found):
        shown = await as_read(db, node, [found], reader_id)
    elif isinstance(found, Post) and "statuses" in asked.types:
        posts = await _posts(db, node, [found.id], reader_id)
    return _said(shown, posts, [])


async def _results(db: Reading, node: Node, asked: _Asked, found: Actor | Post | None, reader_id: int) -> bytes:
    many, skip = asked.limit + asked.offset, slice(asked.offset, None)
    people: list[Actor] = []
    posts: list[bytes] = []
    tags: list[tuple[int, str]] = []
    if asked.query and "accounts" in asked.types:
        people = await finding.people(db, asked.query, limit=many, first=found)
    if asked.query and "statuses" in asked.types:
        ids = await finding.posts(
            db, asked.query, reader_id=reader_id, now=node.clock(), limit=many, before=asked.before
        )
        posts = await _posts(db, node, ids[skip], reader_id)
    if asked.query and "hashtags" in asked.types:
        tags = await finding.tags(db, asked.query, limit=many)
    tag_ids = [one for one, _ in tags[skip]]
    following = await tag_follows.of(db, member_id=reader_id, tag_ids=tag_ids) if tag_ids and reader_id else set[int]()
    shown = [entities.found_tag(one, node.site.base_url, following=one[0] in following) for one in tags[skip]]
    return _said(await as_read(db, node, people[skip], reader_id), posts, shown)


async def _posts(db: Reading, node: Node, ids: Sequence[int], reader_id: int) -> list[bytes]:
    lines = await timelines.some(db, listed(ids), reader_id=reader_id)
    return await rendering.statuses(db, node, [lines[one] for one in ids if one in lines], reader_id=reader_id)


def _said(people: Sequence[bytes], posts: Sequence[bytes], tags: Sequence[entities.Entity]) -> bytes:
    return b'{"accounts":[%b],"statuses":[%b],"hashtags":%b}' % (
        b",".join(people), b",".join(posts), orjson.dumps(list(tags)),
    )  # fmt: skip


routes = [Route("/api/v2/search", search)]
