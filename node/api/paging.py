"""Pages of lists and their Link header: https://docs.joinmastodon.org/api/guidelines/#pagination"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from node.context import State
from node.requests import Params, identifier, number
from storage.ids import LAST
from storage.paging import Page

MOST = 80
_BOUNDS = frozenset({"max_id", "min_id", "since_id", "access_token"})
_SKIPS = frozenset({"offset", "access_token"})


def page(values: Params, *, default: int = 20, most: int = 40) -> Page:
    """The page asked for by ``max_id``, ``since_id``, ``min_id`` and ``limit``."""
    before = identifier(str(values["max_id"])) if values.get("max_id") else LAST
    min_id, since_id = values.get("min_id"), values.get("since_id")
    after = identifier(str(min_id or since_id)) if min_id or since_id else 0
    limit = number(values, "limit", default, least=1, most=most)
    return Page(before=before or LAST, after=after, limit=limit, rising=bool(min_id))


def links(request: Request[State], page: Page, places: Sequence[int]) -> dict[str, str]:
    """The Link header for a page whose items are paged by ``places``, newest first; after the last there is no next."""
    if not places:
        return {}
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in _BOUNDS]
    start = _start(request.state["node"].site.base_url, request.scope["path"], tuple(kept))
    more = page.rising or len(places) >= page.limit
    following = f'<{start}max_id={places[-1]}>; rel="next", ' if more else ""
    return {"link": f'{following}<{start}min_id={places[0]}>; rel="prev"'}


def below(request: Request[State], end: int | None) -> dict[str, str]:
    """The Link header for a list that goes on below ``end``; None: it does not."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in _BOUNDS]
    start = _start(request.state["node"].site.base_url, request.scope["path"], tuple(kept))
    return {} if end is None else {"link": f'<{start}max_id={end}>; rel="next"'}


def further(request: Request[State], offset: int, limit: int, found: int) -> dict[str, str]:
    """The Link header for a page of a list that is paged by offset."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in _SKIPS]
    start = _start(request.state["node"].site.base_url, request.scope["path"], tuple(kept))
    parts = [f'<{start}offset={offset + limit}>; rel="next"'] if found >= limit else []
    parts += [f'<{start}offset={max(0, offset - limit)}>; rel="prev"'] if offset else []
    return {"link": ", ".join(parts)} if parts else {}


@lru_cache(256)
def _start(base_url: str, path: str, kept: tuple[tuple[str, str], ...]) -> str:
    query = urlencode(kept)
    return f"{base_url}{quote(path)}?{query}{'&' if query else ''}"


JSON = "application/json; charset=utf-8"


def array(items: Sequence[bytes], headers: dict[str, str] | None = None) -> Response:
    """A JSON array of parts that are JSON already."""
    return Response(b"[" + b",".join(items) + b"]", headers=headers, media_type=JSON)
