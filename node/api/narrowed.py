"""/api/v1/sharewell/search: posts by words and facets, with how many each further facet would leave."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from node.api import auth, paging, rendering
from node.context import State
from node.errors import Invalid
from node.learning import narrowing
from node.learning.narrowing import HITS, NAMES, Asked, Found
from node.requests import Params, identifier, number, params, text
from node.texts import _
from node.words import facet_words
from storage import timelines
from storage.database import listed
from storage.ids import LAST

MOST = 40


def _asked(values: Params) -> Asked:
    """Raises Invalid for what no facet can be."""
    chosen = {name: value for name in NAMES if (value := text(values, name))}
    for name, value in chosen.items():
        if not narrowing.may_be(name, value):
            raise Invalid(_("%(value)s is no value of %(name)s.") % {"value": value[:60], "name": name}, field=name)
    return Asked(text(values, "q").strip()[: narrowing.QUERY], chosen)


async def search(request: Request[State]) -> Response:
    """What is found, newest first; facets are counted on the first page only."""
    node = request.state["node"]
    values = await params(request)
    asked, limit = _asked(values), number(values, "limit", 20, least=1, most=MOST)
    before = identifier(text(values, "max_id")) or LAST
    async with node.database.reading() as db:
        reader_id = await auth.reader(request, db, "read:search")
        found = await narrowing.find(
            db, asked, reader_id=reader_id, now=node.clock(), before=before, limit=limit, counted=before == LAST
        )
        lines = await timelines.some(db, listed(found.ids), reader_id=reader_id) if found.ids else {}
        order = [lines[one] for one in found.ids if one in lines]
        shown = await rendering.statuses(db, node, order, reader_id=reader_id)
    return Response(
        b'{"statuses":[%b],%b' % (b",".join(shown), orjson.dumps(_said(found))[1:]),
        media_type=paging.JSON,
        headers=paging.below(request, found.end),
    )


def _said(found: Found) -> dict[str, object]:
    said: dict[str, object] = {"also_searched_for": found.wanted.others, "topic": found.wanted.topic or None}
    if found.counts is not None:
        said["facets"] = {
            name: [{"value": value, "label": facet_words.facet(name, value), "count": count} for value, count in some]
            for name, some in found.counts.items()
            if some
        }
        said |= {"counted": found.total, "counted_at_most": HITS, "there_may_be_more": found.more}
    return said


routes = [Route("/api/v1/sharewell/search", search)]
